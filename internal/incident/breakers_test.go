package incident

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/failuredetector/failuredetector/failure"
	"github.com/failuredetector/failuredetector/internal/cascade"
	"github.com/failuredetector/failuredetector/internal/circuit"
)

// calls sends as many calls of checkout to another, each in a trace of its own. The failed ones
// are reported as failures, where a fingerprint is given.
func (s *shop) calls(n int, peer string, failed bool, fingerprint string) []Event {
	var events []Event
	for range n {
		s.traces++
		batch := &Batch{Services: []*Resource{resource("checkout")}}
		span := cascade.Span{
			Trace: [16]byte{2, byte(s.traces), byte(s.traces >> 8)}, ID: [8]byte{1}, Kind: cascade.Client, Peer: peer, Port: 80, Failed: failed,
		}
		batch.Spans = append(batch.Spans, span)
		if failed && fingerprint != "" {
			batch.Failures = append(batch.Failures, broken("checkout", fingerprint, ofType("NETWORK_ERROR", "network", failure.High), func(o *Observation) {
				o.Signal, o.TraceID, o.SpanID, o.Call = Traces, span.Trace, span.ID, Call{peer, 80}
			}))
		}
		events = append(events, s.state.Receive(s.now, batch)...)
	}
	return events
}

func (s *shop) circuits() []string {
	list := []string{}
	now, ended := s.state.Circuits()
	for _, c := range now {
		list = append(list, fmt.Sprint(c.Group.Name, " ", c.Peer, " ", c.State))
	}
	for _, c := range ended {
		list = append(list, fmt.Sprint("ended: ", c.Group.Name, " ", c.Peer))
	}
	return list
}

func TestBrokenCalls(t *testing.T) {
	s := newShop(t)
	s.calls(30, "stock", false, "")
	require.Empty(t, s.circuits(), "what was never broken is not told")
	s.wait(2 * time.Minute)
	require.Empty(t, s.calls(25, "stock", true, "refused"))
	events := s.wait(35 * time.Second)
	require.Equal(t, []string{"opened checkout CIRCUIT_BREAKER_TRIPPED"}, opened(events), "failures of the calls belong to it")
	in := events[0].Incident
	require.Equal(t, &Breaker{Caller: "checkout", Peer: "stock:80", Calls: 20, Failed: 20, State: "open", Call: Call{"stock", 80}}, in.Breaker)
	require.EqualValues(t, 25, in.Count)
	require.Equal(t, in.ID, s.open("checkout").SuppressedBy)
	require.Equal(t, []string{"checkout stock:80 open"}, s.circuits())

	t.Run("are tried, and good again", func(t *testing.T) {
		require.Empty(t, s.calls(1, "stock", false, ""))
		require.Equal(t, []string{"checkout stock:80 half_open"}, s.circuits())
		over := s.only(s.calls(4, "stock", false, ""))
		require.Equal(t, failure.EventResolved, over.Name)
		require.Equal(t, "calls are good again", over.Reason)
		require.Equal(t, "closed", over.Incident.Breaker.State)
		require.Equal(t, []string{"checkout stock:80 closed"}, s.circuits())
		require.Empty(t, s.wait(9*time.Minute))
	})
	t.Run("come back as the same", func(t *testing.T) {
		s.calls(25, "stock", true, "refused")
		back := s.only(s.wait(35 * time.Second))
		require.Equal(t, failure.EventRegressed, back.Name)
		require.Equal(t, in.ID, back.Incident.ID)
	})
	t.Run("end where nobody calls any more", func(t *testing.T) {
		ends := s.wait(20 * time.Minute)
		require.Equal(t, []string{"resolved checkout CIRCUIT_BREAKER_TRIPPED"}, opened(ends))
		require.Equal(t, "no calls for 10m25s", ends[0].Reason)
		require.Equal(t, []string{"ended: checkout stock:80"}, s.circuits())
		require.Empty(t, s.circuits())
		require.Empty(t, s.state.breakers.edges)
	})
}

func TestCallsThatAreRefusedForWhatTheyAskAreGood(t *testing.T) {
	s := newShop(t)
	for range 50 {
		s.traces++
		s.state.Receive(s.now, &Batch{Services: []*Resource{resource("checkout")}, Spans: []cascade.Span{{
			Trace: [16]byte{3, byte(s.traces)}, ID: [8]byte{1}, Kind: cascade.Client, Peer: "stock", Failed: true, Fault: cascade.FaultCaller,
		}}})
	}
	require.Empty(t, s.circuits())
}

func TestAFailureThatIsOlderThanItsBreaker(t *testing.T) {
	s := newShop(t)
	s.calls(1, "stock", true, "refused")
	require.Equal(t, []string{"opened checkout NETWORK_ERROR"}, opened(s.wait(40*time.Second)))
	s.calls(25, "stock", true, "")
	s.calls(1, "stock", true, "refused")
	require.NotEmpty(t, s.open("checkout").SuppressedBy)
	require.Equal(t, []string{"opened checkout CIRCUIT_BREAKER_TRIPPED"}, opened(s.wait(40*time.Second)))
}

func TestAFailureThatIsNewerThanItsBreaker(t *testing.T) {
	s := newShop(t)
	s.calls(25, "stock", true, "")
	require.Len(t, s.wait(40*time.Second), 1)
	s.calls(1, "stock", true, "refused")
	require.NotEmpty(t, s.open("checkout").SuppressedBy)
	require.Empty(t, s.wait(40*time.Second))
}

func TestAFailureThatIsNotOnlyOfTheseCallsIsAnnounced(t *testing.T) {
	s := newShop(t)
	s.calls(25, "stock", true, "refused")
	s.wait(40 * time.Second)
	require.NotEmpty(t, s.open("checkout").SuppressedBy)
	events := s.calls(1, "bank", true, "refused")
	require.Equal(t, []string{"opened checkout NETWORK_ERROR"}, opened(events))
	require.Equal(t, "it fails elsewhere as well", events[0].Reason)
}

func TestBrokenCallsToTheOriginOfACascadeBelongToIt(t *testing.T) {
	s := newShop(t)
	s.sendTrace("stock")
	s.wait(20 * time.Second)
	s.calls(25, "stock", true, "")
	s.sendTrace("stock")
	require.Empty(t, opened(s.wait(40*time.Second)), "it is known where it comes from")
	_, _, suppressed := s.state.Open()
	require.EqualValues(t, 3, suppressed)
}

func TestRestartOfABreaker(t *testing.T) {
	s := newShop(t)
	s.calls(25, "stock", true, "refused")
	s.wait(40 * time.Second)
	next, events := s.restart(s.state.settings, time.Minute)
	require.Equal(t, []string{"ongoing checkout CIRCUIT_BREAKER_TRIPPED"}, opened(events))
	again := &shop{script: next, traces: 200}
	require.Equal(t, []string{"checkout stock:80 open"}, again.circuits())
	require.Empty(t, again.calls(1, "stock", true, "refused"))
	again.wait(40 * time.Second)
	require.Equal(t, []string{"resolved checkout CIRCUIT_BREAKER_TRIPPED"}, opened(again.calls(5, "stock", false, "")))

	t.Run("without the duty it ends when it is quiet", func(t *testing.T) {
		settings := s.state.settings
		settings.Breakers.MinCalls = 0
		off, _ := s.restart(settings, time.Minute)
		require.Equal(t, []string{"resolved checkout CIRCUIT_BREAKER_TRIPPED"}, opened(off.wait(17*time.Minute)))
		require.Empty(t, off.state.incidents)
	})
}

func TestBreakersThatRecordsTellOf(t *testing.T) {
	s := newShop(t)
	named := func(o *Observation) { o.Captures = []Attribute{{"name", "quotes"}} }
	trip := func() {
		s.send(broken("bank", "a", ofType(failure.TypeBreaker, "composite", failure.High), named, byRule("quick")))
		s.send(broken("bank", "b", ofType(failure.TypeBreaker, "composite", failure.High), named, byRule("quick")))
		s.send(broken("bank", "c", ofType(failure.TypeBreaker, "composite", failure.High), byRule("quick")))
	}
	trip()
	require.Equal(t, []string{"bank quotes open", "bank quick open"}, s.circuits())
	s.wait(3 * time.Minute)
	trip()
	require.Equal(t, []string{"bank quotes open", "bank quick open"}, s.circuits())
	s.wait(3 * time.Minute)
	require.Equal(t, []string{"ended: bank quotes", "ended: bank quick"}, s.circuits())
	require.Empty(t, s.circuits())
}

func TestBoundsOfBreakers(t *testing.T) {
	s := newShop(t, func(settings *Settings) { settings.Breakers.Limit = 10 })
	for i := range 100 {
		s.calls(1, fmt.Sprint("stock-", i), false, "")
	}
	require.Len(t, s.state.breakers.edges, 10)
	require.EqualValues(t, 90, s.state.Stats.Overflow.Edges)
	s.wait(12 * time.Minute)
	require.Empty(t, s.state.breakers.edges)
	off := newShop(t, func(settings *Settings) { settings.Breakers.MinCalls = 0 })
	off.calls(50, "stock", true, "")
	now, ended := off.state.Circuits()
	require.Empty(t, append(now, ended...))
	require.Equal(t, "half_open", circuit.HalfOpen.String())
}
