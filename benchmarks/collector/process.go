package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// process is a running collector.
type process struct {
	command *exec.Cmd
	address string
	ended   chan error
	// printed is the file with what it wrote.
	printed string
}

// startLimit is how long a collector may take until it listens. Compiling the
// catalogue for the transform processor takes seconds on a busy machine.
const startLimit = 2 * time.Minute

// start runs the collector in a folder and waits until it listens.
func start(ctx context.Context, binary, folder string, v variant) (*process, error) {
	address, err := freeAddress(ctx)
	if err != nil {
		return nil, err
	}
	config, err := v.configuration(address)
	if err != nil {
		return nil, err
	}
	file := filepath.Join(folder, "config.yaml")
	if err := os.WriteFile(file, config, 0o600); err != nil {
		return nil, err
	}
	p := &process{address: address, ended: make(chan error, 1), printed: filepath.Join(folder, "collector.log")}
	output, err := os.Create(p.printed)
	if err != nil {
		return nil, err
	}
	p.command = exec.CommandContext(ctx, binary, "--config", "file:"+file)
	p.command.Stdout, p.command.Stderr = output, output
	if err := p.command.Start(); err != nil {
		return nil, errors.Join(fmt.Errorf("collector: %w", err), output.Close())
	}
	go func() {
		err := p.command.Wait()
		p.ended <- errors.Join(err, output.Close())
	}()
	return p, p.waitUntilItListens(ctx)
}

func freeAddress(ctx context.Context) (string, error) {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return listener.Addr().String(), listener.Close()
}

func (p *process) waitUntilItListens(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	again := time.NewTicker(50 * time.Millisecond)
	defer again.Stop()
	var dialer net.Dialer
	for {
		connection, err := dialer.DialContext(ctx, "tcp", p.address)
		if err == nil {
			return connection.Close()
		}
		select {
		case <-again.C:
		case err := <-p.ended:
			printed, _ := os.ReadFile(p.printed)
			return fmt.Errorf("collector: it ended before it listened: %w\n%s", err, printed)
		case <-ctx.Done():
			return errors.Join(fmt.Errorf("collector: it does not listen at %s: %w", p.address, ctx.Err()), p.stop())
		}
	}
}

// stop ends the collector and waits for it.
func (p *process) stop() error {
	if err := p.command.Process.Signal(syscall.SIGTERM); err != nil {
		return fmt.Errorf("collector: %w", err)
	}
	if err := <-p.ended; err != nil {
		return fmt.Errorf("collector: %w", err)
	}
	return nil
}

// clockTick is the unit of processor time in /proc; on Linux it is the same
// wherever Go runs.
const clockTick = 10 * time.Millisecond

// processorTime is how long the collector has used processors so far.
func (p *process) processorTime() (time.Duration, error) {
	content, err := os.ReadFile(p.procFile("stat"))
	if err != nil {
		return 0, fmt.Errorf("collector: %w", err)
	}
	return parseProcessorTime(string(content))
}

// residentMemory is how much memory the collector holds, in bytes.
func (p *process) residentMemory() (float64, error) {
	content, err := os.ReadFile(p.procFile("status"))
	if err != nil {
		return 0, fmt.Errorf("collector: %w", err)
	}
	return parseResidentMemory(string(content))
}

func (p *process) procFile(name string) string {
	return "/proc/" + strconv.Itoa(p.command.Process.Pid) + "/" + name
}

// parseProcessorTime adds the fields utime and stime of /proc/PID/stat.
func parseProcessorTime(stat string) (time.Duration, error) {
	// The second field, a name in brackets, may hold anything.
	_, rest, found := strings.Cut(stat[strings.LastIndexByte(stat, ')')+1:], " ")
	fields := strings.Fields(rest)
	const utime, stime = 11, 12
	if !found || len(fields) <= stime {
		return 0, fmt.Errorf("/proc/PID/stat: %q has too few fields", stat)
	}
	var ticks int64
	for _, field := range []string{fields[utime], fields[stime]} {
		number, err := strconv.ParseInt(field, 10, 64)
		if err != nil {
			return 0, fmt.Errorf("/proc/PID/stat: %w", err)
		}
		ticks += number
	}
	return time.Duration(ticks) * clockTick, nil
}

// parseResidentMemory reads VmRSS of /proc/PID/status.
func parseResidentMemory(status string) (float64, error) {
	for line := range strings.Lines(status) {
		fields := strings.Fields(line)
		if len(fields) == 3 && fields[0] == "VmRSS:" {
			kibibytes, err := strconv.ParseFloat(fields[1], 64)
			return kibibytes * 1024, err
		}
	}
	return 0, errors.New("/proc/PID/status: there is no VmRSS")
}
