// Package procfs reads what the files of /proc say about a host.
package procfs

import (
	"bytes"

	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host/fields"
	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host/figure"
)

// ticks are how many units of the kernel make a second. It is the same on every architecture that Go has.
const ticks = 100

// Stat reads /proc/stat.
func Stat(text []byte, cpu *figure.CPU) error {
	var online uint64
	for len(text) > 0 {
		var line []byte
		line, text = fields.Line(text)
		name, rest := fields.Next(line)
		if !bytes.HasPrefix(name, []byte("cpu")) {
			// The lines of CPUs come first, and that of interrupts can be very long.
			break
		}
		if len(name) > len("cpu") {
			online++
			continue
		}
		times, err := cpuTimes(rest)
		if err != nil {
			return err
		}
		cpu.Times = figure.Of(times)
	}
	if !cpu.Times.Known() {
		return fields.ErrFormat
	}
	if online > 0 {
		cpu.Online = figure.Of(online)
	}
	return nil
}

// cpuTimes reads the columns of a line. Kernels before 2.6 had fewer of them; the time of guests, which
// follows, is inside that of user and nice.
func cpuTimes(columns []byte) (figure.CPUTimes, error) {
	var times figure.CPUTimes
	modes := [...]*float64{
		&times.User, &times.Nice, &times.System, &times.Idle,
		&times.IOWait, &times.IRQ, &times.SoftIRQ, &times.Steal,
	}
	for i, mode := range modes {
		var field []byte
		field, columns = fields.Next(columns)
		if len(field) == 0 && i > 3 {
			break
		}
		n, ok := fields.Uint(field)
		if !ok {
			return figure.CPUTimes{}, fields.ErrFormat
		}
		*mode = float64(n) / ticks
	}
	return times, nil
}

// LoadAvg reads /proc/loadavg.
func LoadAvg(text []byte, load *figure.Load, tasks *figure.Tasks) error {
	var averages [3]float64
	for i := range averages {
		var field []byte
		field, text = fields.Next(text)
		n, ok := fields.Decimal(field)
		if !ok {
			return fields.ErrFormat
		}
		averages[i] = n
	}
	field, _ := fields.Next(text)
	first, second, _ := bytes.Cut(field, []byte{'/'})
	running, ok := fields.Uint(first)
	threads, known := fields.Uint(second)
	if !ok || !known {
		return fields.ErrFormat
	}
	load.One, load.Five, load.Fifteen = figure.Of(averages[0]), figure.Of(averages[1]), figure.Of(averages[2])
	load.Running, tasks.Threads = figure.Of(running), figure.Of(threads)
	return nil
}
