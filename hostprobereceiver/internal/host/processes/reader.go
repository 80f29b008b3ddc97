//go:build linux

// Package processes finds the processes that use most of a host.
package processes

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"golang.org/x/sys/unix"

	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host/fields"
	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host/figure"
)

const (
	// listed is how many processes are named.
	listed = 5
	// most bounds how many are looked at: 20,000 take about 0.2 s.
	most = 20_000
	// room holds a stat file: 52 numbers and a name of 15 bytes, or 64 of a kernel thread.
	room = 2048
)

var errMany = errors.New("there are more than " + strconv.Itoa(most) + " processes: the rest are not looked at")

// Reader remembers how much CPU each process had used when they were last read.
type Reader struct {
	proc   string
	before map[int]usage
	now    map[int]usage
	at     time.Time
	buffer [room]byte
}

// usage tells a process by its start from a later one that got the same number.
type usage struct {
	started, ticks uint64
}

// New returns a reader of the processes in a proc filesystem.
func New(proc string) *Reader {
	return &Reader{proc: proc, before: map[int]usage{}, now: map[int]usage{}}
}

// Read finds those that use most. A process that ends meanwhile or that may not be seen is left out.
func (r *Reader) Read(ctx context.Context, found *figure.Processes, report func(source string, err error)) {
	at := time.Now()
	elapsed := at.Sub(r.at)
	first := r.at.IsZero()
	dir, err := os.Open(r.proc)
	if err != nil {
		report(r.proc, errors.Unwrap(err))
		return
	}
	defer func() { _ = dir.Close() }()
	clear(r.now)
	for len(r.now) <= most && ctx.Err() == nil {
		names, err := dir.Readdirnames(1024)
		for _, name := range names {
			pid, ok := number(name)
			if !ok {
				continue
			}
			if len(r.now) == most {
				report(r.proc, errMany)
				break
			}
			r.look(dir, name, pid, first, elapsed, found)
		}
		if err != nil || len(r.now) == most {
			break
		}
	}
	r.at = at
	r.before, r.now = r.now, r.before
}

// look reads one process.
func (r *Reader) look(dir *os.File, name string, pid int, first bool, elapsed time.Duration, found *figure.Processes) {
	text, err := r.read(int(dir.Fd()), name)
	if err != nil {
		return
	}
	p, ok := parse(text)
	if !ok {
		return
	}
	r.now[pid] = usage{started: p.started, ticks: p.ticks}
	process := figure.Process{PID: pid, Memory: p.pages * uint64(os.Getpagesize())}
	if !first && elapsed > 0 {
		// One that began since then has used all of its time since then.
		used := p.ticks
		if earlier, known := r.before[pid]; known && earlier.started == p.started {
			used -= min(used, earlier.ticks)
		}
		process.CPU = float64(used) / ticks / elapsed.Seconds()
	}
	found.ByCPU = insert(found.ByCPU, process, p.name, process.CPU > 0, moreCPU)
	found.ByMemory = insert(found.ByMemory, process, p.name, process.Memory > 0, moreMemory)
}

func (r *Reader) read(dir int, name string) ([]byte, error) {
	fd, err := unix.Openat(dir, filepath.Join(name, "stat"), unix.O_RDONLY|unix.O_CLOEXEC|unix.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	n, err := unix.Read(fd, r.buffer[:])
	_ = unix.Close(fd)
	if err != nil {
		return nil, err
	}
	return r.buffer[:n], nil
}

// number reads the name of a folder that is a process.
func number(name string) (int, bool) {
	if name == "" || name[0] < '1' || name[0] > '9' {
		return 0, false
	}
	pid, err := strconv.Atoi(name)
	return pid, err == nil
}

func moreCPU(a, b figure.Process) bool    { return a.CPU > b.CPU }
func moreMemory(a, b figure.Process) bool { return a.Memory > b.Memory }

// insert keeps the list sorted and short.
func insert(list []figure.Process, p figure.Process, name []byte, worth bool, more func(a, b figure.Process) bool) []figure.Process {
	if !worth || len(list) == listed && !more(p, list[listed-1]) {
		return list
	}
	// Only now, since making the text of a name costs an allocation.
	p.Name = fields.Printable(string(name))
	if len(list) < listed {
		list = append(list, p)
	} else {
		list[listed-1] = p
	}
	for i := len(list) - 1; i > 0 && more(list[i], list[i-1]); i-- {
		list[i], list[i-1] = list[i-1], list[i]
	}
	return list
}
