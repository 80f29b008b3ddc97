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
	"github.com/failuredetector/failuredetector/internal/novelty"
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
	b := &Batch{Signal: Signal(random.IntN(2)), Services: []*Resource{resource(service)}, Counts: []int{1}}
	b.Services[0].Version = []string{"", "1", "2"}[random.IntN(3)]
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
		b.Failures, b.Places = append(b.Failures, obs), append(b.Places, Place{1, len(b.Spans), 0})
	} else if random.IntN(2) == 0 {
		said := fmt.Sprint("the lamp of tray ", random.IntN(10), " is out")
		if now.Sub(start) > 2*time.Hour && random.IntN(5) == 0 {
			said = fmt.Sprint("conveyor belt snapped near gear box ", random.IntN(10)) // It is new.
		}
		b.Unknown = append(b.Unknown, Unknown{Records: 1, Place: Place{1, len(b.Spans), 0}, Text: novelty.FromText(said), Sample: said})
	}
	return b
}

// join puts batches of one signal that follow one another into one, and so records of one service.
func join(records []*Batch) []*Batch {
	var list []*Batch
	for _, r := range records {
		if len(list) == 0 || list[len(list)-1].Signal != r.Signal {
			list = append(list, &Batch{Signal: r.Signal})
		}
		list[len(list)-1].append(r)
	}
	return list
}

// append takes a batch of one service.
func (b *Batch) append(r *Batch) {
	own, last := r.Services[0], len(b.Services)-1
	if last < 0 || b.Services[last].Service != own.Service || b.Services[last].Version != own.Version {
		b.Services, b.Counts = append(b.Services, own), append(b.Counts, 0)
		last++
	}
	spans, failures, records := len(b.Spans), len(b.Failures), b.Counts[last]
	for i := range r.Spans {
		span := r.Spans[i]
		span.Service = cascade.Node(last)
		b.Spans = append(b.Spans, span)
	}
	for i := range r.Failures {
		b.Failures = append(b.Failures, r.Failures[i])
		b.Places = append(b.Places, Place{last + 1, r.Places[i].Spans + spans, failures + i})
	}
	for i := range r.Unknown {
		u := r.Unknown[i]
		u.Service, u.Records, u.Place = last, u.Records+records, Place{last + 1, u.Place.Spans + spans, failures}
		b.Unknown = append(b.Unknown, u)
	}
	b.Counts[last] += r.Counts[0]
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
		settings.Novelty.Enabled, settings.Novelty.WarmUp = true, 10*time.Minute
		settings.Hangs.After, settings.Limits.GroupIncidents = time.Minute, 8
		settings.Cascades.Limits.Spans, settings.Cascades.Limits.Traces, settings.Breakers.MinCalls = 60, 20, 3
	})
	var told []string
	tell := func(events []Event) {
		for i := range events {
			e, in := &events[i], &events[i].Incident
			told = append(told, fmt.Sprint(e.Name, e.Time, e.Sequence, e.Status, e.Reason, e.Evidence, in.ID, in.Type, in.Severity, in.Confidence,
				in.Group.Name, in.Count, in.First, in.Last, in.Opened, in.TraceID, in.SpanID, in.SuppressedBy, in.Cascade, in.Breaker, in.Missing, in.Text, in.News))
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
	var all []string
	for seed := range uint64(4) {
		list, random := moments(seed), rand.New(rand.NewPCG(seed, 8))
		first := tellAll(t, list, separate, onSeconds)
		all = append(all, first...)
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
	told := strings.Join(all, "\n")
	for _, name := range []string{"failure.resolved", "CASCADING_FAILURES", "CIRCUIT_BREAKER_TRIPPED", "TELEMETRY_SILENCE", "TASK_HANG", "NOVEL_ERROR"} {
		require.Positive(t, strings.Count(told, name), name)
	}
}
