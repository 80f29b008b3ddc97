package failurefeedexporter

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/failuredetector/failuredetector/failure"
)

var (
	loadClients = flag.Int("clients", 50, "how many clients listen in TestLoad")
	loadSeconds = flag.Int("seconds", 0, "for how many seconds TestLoad sends 50 events a second before the burst")
)

const burst = 2000

// loading is what a test of load measures.
type loading struct {
	h         *harness
	sent      int
	consuming []time.Duration
}

func (l *loading) send() {
	l.sent++
	logs := incident(fmt.Sprint("load", l.sent), 1, failure.EventOpened)
	began := time.Now()
	l.h.send(logs)
	l.consuming = append(l.consuming, time.Since(began))
}

// TestLoad holds that clients that read get every event in its order while one in ten reads nothing, and
// that the pipeline waits for none of them.
func TestLoad(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Duration(*loadSeconds)*time.Second+30*patience)
	defer cancel()
	h := newHarness(t, func(c *Config) { c.Stream.WriteTimeout = time.Hour })
	stalled := *loadClients / 10
	for range stalled {
		h.stuck(upgrade)
	}
	events := *loadSeconds*50 + burst
	var reading sync.WaitGroup
	faults := make(chan string, *loadClients)
	for range *loadClients - stalled {
		connection := h.dial(ctx, "")
		connection.SetReadLimit(1 << 20)
		reading.Go(func() {
			for number := 0; number <= events; number++ {
				_, text, err := connection.Read(ctx)
				var got struct{ ID string }
				if err == nil {
					err = json.Unmarshal(text, &got)
				}
				if err != nil || number > 0 && got.ID != fmt.Sprint("load", number) {
					faults <- fmt.Sprintf("message %d is %q %v", number, text, err)
					return
				}
			}
		})
	}
	l := &loading{h: h}
	var tick <-chan time.Time
	if *loadSeconds > 0 {
		ticker := time.NewTicker(time.Second / 50)
		defer ticker.Stop()
		tick = ticker.C
	}
	for range *loadSeconds * 50 {
		<-tick
		l.send()
	}
	began := time.Now()
	for range burst {
		l.send()
	}
	sentIn := time.Since(began)
	reading.Wait()
	close(faults)
	for fault := range faults {
		require.Fail(t, fault)
	}
	l.report(t, sentIn, time.Since(began))
}

func (l *loading) report(t *testing.T, sentIn, toldIn time.Duration) {
	t.Helper()
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	slices.Sort(l.consuming)
	at := func(share float64) time.Duration { return l.consuming[int(share*float64(len(l.consuming)-1))] }
	t.Logf("%d clients, a tenth stalled; %d events, none lost; an event took the pipeline %s at the median, %s at p99, %s at most; a burst of %d was sent in %s and told to all in %s; %d MB in use, clients included",
		*loadClients, l.sent, at(0.5), at(0.99), at(1), burst, sentIn, toldIn, memory.HeapInuse>>20)
}
