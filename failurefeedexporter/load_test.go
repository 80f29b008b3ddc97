package failurefeedexporter

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/failuredetector/failuredetector/failure"
)

var (
	loadClients = flag.Int("clients", 50, "how many clients listen in TestLoad")
	loadSeconds = flag.Int("seconds", 0, "for how many seconds TestLoad sends 50 events a second before the burst")
)

const (
	perSecond = 50
	burst     = 2000
)

// loading is what a test of load measures.
type loading struct {
	h         *harness
	sent      int
	consuming []time.Duration
}

// send tells of a failure, with the time in the place of its cause.
func (l *loading) send() {
	l.sent++
	began := time.Now()
	logs := incident(fmt.Sprint("load", l.sent), 1, failure.EventOpened, with(map[string]any{
		failure.AttrCause:   strconv.FormatInt(began.UnixNano(), 10),
		failure.AttrActions: []any{"safe: Look for slow statements, and for transactions that span calls to other services.", "risky: Restart the service."},
	}))
	began = time.Now()
	l.h.send(logs)
	l.consuming = append(l.consuming, time.Since(began))
}

// TestLoad holds that clients that read get every event in its order while one in ten reads nothing. Those hold on
// for an hour, so the test could not end if a call of the pipeline waited for one of them. The others are in a
// process of their own, as in life.
func TestLoad(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Duration(*loadSeconds)*time.Second+10*patience)
	defer cancel()
	h := newHarness(t, func(c *Config) { c.Stream.WriteTimeout = time.Hour })
	stalled := *loadClients / 10
	for range stalled {
		h.stuck(upgrade)
	}
	events := *loadSeconds*perSecond + burst
	tellsReady, report := h.listen(ctx, *loadClients-stalled, events)
	<-tellsReady
	require.Equal(t, *loadClients, h.feed.hub.size())
	l := &loading{h: h}
	ticker := time.NewTicker(time.Second / perSecond)
	defer ticker.Stop()
	for range *loadSeconds * perSecond {
		<-ticker.C
		l.send()
	}
	steady := slices.Sorted(slices.Values(l.consuming))
	began := time.Now()
	for range burst {
		l.send()
	}
	sentIn := time.Since(began)
	told, toldIn := report(), time.Since(began)
	require.Eventually(t, func() bool { return h.feed.hub.size() <= stalled }, patience, time.Millisecond)
	require.Equal(t, stalled, h.feed.hub.size(), "those that read nothing are still there")
	l.report(t, steady, sentIn, toldIn, told)
}

// listen starts clients, tells when all listen, and gives what they report in the end.
func (h *harness) listen(ctx context.Context, clients, events int) (<-chan struct{}, func() string) {
	h.t.Helper()
	program, err := os.Executable()
	require.NoError(h.t, err)
	command := exec.CommandContext(ctx, program, "-test.run", "^TestListeners$", "-feed", h.feed.config.HTTP.NetAddr.Endpoint,
		"-clients", strconv.Itoa(clients), "-events", strconv.Itoa(events))
	command.Stderr = os.Stderr
	output, err := command.StdoutPipe()
	require.NoError(h.t, err)
	require.NoError(h.t, command.Start())
	lines := bufio.NewReader(output)
	ready := make(chan struct{})
	go func() {
		line, _ := lines.ReadString('\n')
		if strings.TrimSpace(line) == allListen {
			close(ready)
			return
		}
		fmt.Fprint(os.Stderr, line)
	}()
	return ready, func() string {
		text, err := io.ReadAll(lines)
		require.NoError(h.t, err)
		require.NoError(h.t, command.Wait(), "a client lost something: %s", text)
		line, _, _ := strings.Cut(string(text), "\n")
		return line
	}
}

// memoryOf is what so many clients may take: the ring with its texts, the failures that are kept, and for each
// client two goroutines with their stacks and two buffers of 4 KB.
func memoryOf(clients int) uint64 { return 48<<20 + uint64(clients)*48<<10 }

func (l *loading) report(t *testing.T, steady []time.Duration, sentIn, toldIn time.Duration, told string) {
	t.Helper()
	runtime.GC()
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	used := memory.HeapAlloc + memory.StackInuse
	require.Less(t, used, memoryOf(*loadClients))
	t.Logf("%d clients, a tenth of which reads nothing; %d events, none lost", *loadClients, l.sent)
	if len(steady) > 0 {
		t.Logf("at %d events a second an event took the pipeline %s; clients %s after it was sent", perSecond, percentiles(steady), told)
	}
	slices.Sort(l.consuming)
	t.Logf("the burst included, %s; a burst of %d was sent in %s and told to all in %s", percentiles(l.consuming), burst, sentIn, toldIn)
	t.Logf("%.1f MB in use with all clients, %.1f MB taken from the system at most", float64(used)/(1<<20), float64(memory.Sys)/(1<<20))
}

func percentiles(sorted []time.Duration) string {
	at := func(share float64) time.Duration { return sorted[int(share*float64(len(sorted)-1))].Round(100) }
	return fmt.Sprintf("%s at the median, %s at p99, %s at p99.9, %s at most", at(0.5), at(0.99), at(0.999), at(1))
}
