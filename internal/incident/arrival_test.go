package incident

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/failuredetector/failuredetector/failure"
	"github.com/failuredetector/failuredetector/internal/cascade"
)

// moment is what arrives at one time: records, each in a batch of its own.
type moment struct {
	at      time.Time
	records []*Batch
}

// moments makes a random day of a shop: traces, broken calls, logs, stages of tasks and pauses.
func moments(seed uint64) []moment {
	random := rand.New(rand.NewPCG(seed, 7))
	now, list := start, []moment{}
	for n := range 1_500 {
		pause := []time.Duration{time.Duration(random.Int64N(int64(time.Second))), time.Second, time.Duration(random.Int64N(int64(40 * time.Second)))}[random.IntN(3)]
		if n > 1_000 && random.IntN(100) == 0 {
			pause = time.Duration(random.Int64N(int64(20 * time.Minute)))
		}
		now = now.Add(pause)
		m := moment{at: now}
		for k := range 4 + random.IntN(8) {
			r := randomRecord(random, now, byte(n), byte(n>>8), byte(k))
			if n > 700 && n < 950 && r.Services[0].Service == "stock" {
				continue // It is missed.
			}
			m.records = append(m.records, r)
		}
		list = append(list, m)
	}
	return list
}

func randomRecord(random *rand.Rand, now time.Time, id ...byte) *Batch {
	service := []string{"gateway", "checkout", "stock", "worker"}[random.IntN(4)]
	b := &Batch{Signal: Signal(random.IntN(2)), Services: []*Resource{resource(service)}}
	obs := broken(service, strconv.Itoa(random.IntN(9)), ofType([]string{"NETWORK_ERROR", "DISK_SPACE_LOW"}[random.IntN(2)], "resource", failure.Severity(1+random.IntN(4))))
	obs.Signal, obs.Kind, obs.Clears = b.Signal, []Kind{Failure, Failure, Failure, Clear, Observed}[random.IntN(5)], []string{"NETWORK_ERROR"}
	failed := random.IntN(2) == 0
	if b.Signal == Traces {
		at := now.UnixNano()
		span := cascade.Span{
			Trace: [16]byte{id[0] / 4, id[1]}, ID: [8]byte{id[0], id[2], 1}, Parent: [8]byte{id[0] - 1, byte(random.IntN(3)), 1}, Name: "step", Operation: cascade.Operation("step"),
			Start: at - random.Int64N(int64(3*time.Minute)), End: at, Failed: failed,
		}
		if random.IntN(2) == 0 {
			span.Kind, span.Peer = cascade.Client, []string{"stock", "bank"}[random.IntN(2)]
			obs.Call = Call{Peer: span.Peer}
		}
		span.Stage = []string{"", "load"}[random.IntN(2)]
		obs.Kind, obs.TraceID, obs.SpanID = Failure, span.Trace, span.ID
		b.Spans = append(b.Spans, span)
	}
	if failed {
		b.Failures, b.Places = append(b.Failures, obs), append(b.Places, Place{1, len(b.Spans)})
	}
	return b
}

// join puts batches of one signal that follow one another into one.
func join(records []*Batch) []*Batch {
	var list []*Batch
	for _, r := range records {
		if len(list) == 0 || list[len(list)-1].Signal != r.Signal {
			list = append(list, &Batch{Signal: r.Signal})
		}
		all := list[len(list)-1]
		services, spans := len(all.Services), len(all.Spans)
		for i := range r.Spans {
			span := r.Spans[i]
			span.Service += cascade.Node(services)
			all.Spans = append(all.Spans, span)
		}
		for i := range r.Failures {
			all.Failures = append(all.Failures, r.Failures[i])
			all.Places = append(all.Places, Place{r.Places[i].Services + services, r.Places[i].Spans + spans})
		}
		all.Services = append(all.Services, r.Services...)
	}
	return list
}

// separate gives copies, since a state writes on the spans of a batch.
func separate(records []*Batch) []*Batch {
	list := make([]*Batch, 0, len(records))
	for _, r := range records {
		list = append(list, join([]*Batch{r})...)
	}
	return list
}

// tellAll runs a state through moments. Between them ticks says how time is told.
func tellAll(t *testing.T, list []moment, deliver func([]*Batch) []*Batch, tick func(from, to time.Time) []time.Time) []string {
	t.Helper()
	s := newShop(t, func(settings *Settings) {
		settings.Silence = SilenceSettings{Enabled: true, After: 2 * time.Minute}
		settings.Hangs.After, settings.Limits.GroupIncidents = time.Minute, 8
		settings.Cascades.Limits.Spans, settings.Cascades.Limits.Traces, settings.Breakers.MinCalls = 60, 20, 3
	})
	var told []string
	tell := func(events []Event) {
		for i := range events {
			e, in := &events[i], &events[i].Incident
			told = append(told, fmt.Sprint(e.Name, e.Time, e.Sequence, e.Status, e.Reason, e.Evidence, in.ID, in.Type, in.Severity, in.Confidence,
				in.Group.Name, in.Count, in.First, in.Last, in.Opened, in.TraceID, in.SpanID, in.SuppressedBy, in.Cascade, in.Breaker, in.Missing, in.Text))
		}
	}
	before := list[0].at
	for _, m := range list {
		for _, now := range tick(before, m.at) {
			tell(s.state.Tick(now))
		}
		for _, batch := range deliver(m.records) {
			tell(s.state.Receive(m.at, batch))
		}
		before = m.at
	}
	return told
}

func onSeconds(from, to time.Time) []time.Time {
	var list []time.Time
	for at := from.Truncate(time.Second).Add(time.Second); !at.After(to); at = at.Add(time.Second) {
		list = append(list, at)
	}
	return list
}

// requireSame shows the first event that differs, of thousands.
func requireSame(t *testing.T, want, got []string, what string) {
	t.Helper()
	for i := range min(len(want), len(got)) {
		require.Equal(t, want[i], got[i], "%s: event %d", what, i)
	}
	require.Len(t, got, len(want), what)
}

// TestWhatHappensDependsOnArrivalAlone runs random sequences with their records in batches of any kind, and
// with time told at any phase.
func TestWhatHappensDependsOnArrivalAlone(t *testing.T) {
	for seed := range uint64(4) {
		list, random := moments(seed), rand.New(rand.NewPCG(seed, 8))
		first := tellAll(t, list, separate, onSeconds)
		all := strings.Join(first, "\n")
		for _, name := range []string{"failure.resolved", "CASCADING_FAILURES", "CIRCUIT_BREAKER_TRIPPED", "TELEMETRY_SILENCE", "TASK_HANG"} {
			require.Positive(t, strings.Count(all, name), "seed %d, %s", seed, name)
		}
		requireSame(t, first, tellAll(t, list, join, onSeconds), "records that arrive at once are one batch")
		phase := time.Duration(random.Int64N(int64(time.Second)))
		requireSame(t, first, tellAll(t, list, separate, func(from, to time.Time) []time.Time {
			var times []time.Time
			for at := from.Truncate(time.Second).Add(phase); !at.After(to); at = at.Add(time.Second) {
				times = append(times, at)
			}
			return times
		}), "time is told at another phase")
		requireSame(t, first, tellAll(t, list, join, func(from, to time.Time) []time.Time {
			var times []time.Time
			for at := from; !at.After(to); at = at.Add(time.Duration(random.Int64N(int64(20 * time.Second)))) {
				times = append(times, at)
			}
			return times
		}), "time is told seldom")
	}
}
