package incident

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/failuredetector/failuredetector/failure"
	"github.com/failuredetector/failuredetector/internal/cascade"
)

// shop is a state that looks at the traces of three services, of which each calls the next.
type shop struct {
	*script
	traces   int
	nextStep byte
}

func newShop(t *testing.T, change ...func(*Settings)) *shop {
	t.Helper()
	settings := testSettings()
	settings.Cascades.Enabled, settings.Cascades.Traces = true, true
	for _, c := range change {
		c(&settings)
	}
	return &shop{script: newScript(t, settings)}
}

var chain = []string{"gateway", "checkout", "stock"}

// request is a trace through the chain, in which the services from one on to the first fail, each with
// a failure of its own.
func (s *shop) request(from string) *Batch {
	s.traces++
	batch := &Batch{}
	failing := false
	for i, name := range slices.Backward(chain) {
		failing = failing || name == from
		res := resource(name)
		batch.Services = append(batch.Services, res)
		server := cascade.Span{
			Trace: [16]byte{1, byte(s.traces), byte(s.traces >> 8)}, ID: [8]byte{1, byte(i)}, Kind: cascade.Server, Failed: failing,
			Service: cascade.Node(len(batch.Services) - 1),
		}
		if i > 0 {
			server.Parent = [8]byte{2, byte(i - 1)}
		}
		call := server
		call.ID, call.Parent, call.Kind, call.Peer, call.Failed = [8]byte{2, byte(i)}, server.ID, cascade.Client, "next", failing && name != from
		batch.Spans = append(batch.Spans, server, call)
		if failing {
			batch.Failures = append(batch.Failures, broken(name, "in "+name, func(o *Observation) {
				o.Signal, o.TraceID, o.SpanID = Traces, server.Trace, server.ID
			}))
		}
	}
	return batch
}

func (s *shop) sendTrace(from string) []Event {
	return s.state.Receive(s.now, s.request(from))
}

func (s *shop) open(service string) *Incident {
	s.t.Helper()
	require.NotNil(s.t, s.state.groups[service], service)
	for _, in := range s.state.groups[service].incidents {
		if in.Origin == FromRecords {
			return in
		}
	}
	require.Fail(s.t, "no incident", service)
	return nil
}

// opened gives what events tell of, as "stock DISK_SPACE_LOW".
func opened(events []Event) []string {
	list := []string{}
	for i := range events {
		in := &events[i].Incident
		list = append(list, events[i].Name[len(failure.EventPrefix):]+" "+in.Group.Name+" "+in.Type)
	}
	return list
}

func TestVictimsAreNotAnnounced(t *testing.T) {
	s := newShop(t)
	require.Empty(t, s.sendTrace("stock"), "a failure of a trace waits for what its trace says")
	events := s.wait(20 * time.Second)
	require.Equal(t, []string{"opened stock DISK_SPACE_LOW", "opened stock CASCADING_FAILURES"}, opened(events))

	in := events[1].Incident
	require.Equal(t, "stock", in.Cascade.Origin)
	require.Equal(t, []string{"stock", "checkout", "gateway"}, in.Cascade.Path)
	require.ElementsMatch(t, []string{s.open("gateway").ID, s.open("checkout").ID}, in.Cascade.Victims)
	require.Equal(t, failure.High, in.Severity)
	require.Equal(t, "composite", in.Category)
	require.Equal(t, start.UnixNano(), events[0].Time, "it is told as of when it opened")
	require.Equal(t, in.ID, s.open("gateway").SuppressedBy)
	_, _, suppressed := s.state.Open()
	require.EqualValues(t, 2, suppressed)
	require.EqualValues(t, 2, value(s.state.Active), "who alarms by the metric is not woken by victims")
	require.EqualValues(t, 3, value(s.state.Occurrences), "which are counted")
	require.Less(t, s.state.Health(s.state.groups["gateway"]), 1.0)

	t.Run("more of the same says nothing more", func(t *testing.T) {
		for range 20 {
			require.Empty(t, s.sendTrace("stock"))
			require.Empty(t, s.wait(20*time.Second))
		}
		require.EqualValues(t, 21, s.state.cascades.origins[s.open("stock").ledgerNode(s)].incident.Count)
	})
	t.Run("all end, and victims without a word", func(t *testing.T) {
		events := s.wait(17 * time.Minute)
		require.Equal(t, []string{"resolved stock DISK_SPACE_LOW", "resolved stock CASCADING_FAILURES"}, opened(events))
		require.Empty(t, s.state.incidents)
		require.EqualValues(t, 2, s.state.Stats.Suppressed)
	})
	t.Run("and come back as the same", func(t *testing.T) {
		s.sendTrace("stock")
		back := s.wait(20 * time.Second)
		require.Equal(t, []string{"regressed stock DISK_SPACE_LOW", "regressed stock CASCADING_FAILURES"}, opened(back))
		require.Equal(t, in.ID, back[1].Incident.ID)
	})
}

// ledgerNode is the node of an incident's service.
func (in *Incident) ledgerNode(s *shop) cascade.Node { return s.state.nodeOf(resource(in.Group.Name)) }

func TestOneFailureAloneIsNoCascade(t *testing.T) {
	s := newShop(t)
	s.sendTrace("gateway")
	require.Equal(t, []string{"opened gateway DISK_SPACE_LOW"}, opened(s.wait(20*time.Second)))
}

func TestAVictimThatOutlivesItsOriginIsAnnounced(t *testing.T) {
	s := newShop(t)
	s.sendTrace("stock")
	s.wait(20 * time.Second)
	id := s.open("gateway").ID
	var events []Event
	for range 15 {
		// It fails on, without a trace that says why.
		events = append(events, s.send(broken("gateway", "in gateway"))...)
		events = append(events, s.wait(10*time.Second)...)
	}
	late := s.only(events)
	require.Equal(t, failure.EventOpened, late.Name)
	require.Equal(t, id, late.Incident.ID)
	require.NotEmpty(t, late.Incident.SuppressedBy)
	require.Equal(t, "it outlives its origin by 2m10s", late.Reason)
	require.EqualValues(t, 3, value(s.state.Active))
	require.Contains(t, late.Evidence[0], "inferred: it comes from stock, incident "+late.Incident.SuppressedBy)
	require.Empty(t, s.open("gateway").SuppressedBy)
}

func TestAVictimThatFailsByItselfIsAnnounced(t *testing.T) {
	s := newShop(t)
	s.sendTrace("stock")
	s.wait(20 * time.Second)
	require.NotEmpty(t, s.open("checkout").SuppressedBy)
	s.sendTrace("checkout")
	events := s.wait(20 * time.Second)
	require.Contains(t, opened(events), "opened checkout DISK_SPACE_LOW")
	require.Equal(t, "it fails without its origin as well", events[0].Reason)
	t.Run("and is not held back again", func(t *testing.T) {
		for range 10 {
			s.sendTrace("stock")
		}
		s.wait(20 * time.Second)
		require.Empty(t, s.open("checkout").SuppressedBy)
		require.NotEmpty(t, s.open("gateway").SuppressedBy)
		require.NotContains(t, s.state.cascades.origins[s.state.nodeOf(resource("stock"))].incident.Cascade.Victims, s.open("checkout").ID)
	})
}

func TestWhatWasAnnouncedBeforeIsExplained(t *testing.T) {
	s := newShop(t)
	require.Len(t, s.send(broken("gateway", "in gateway")), 1, "without a trace there is nothing to wait for")
	s.sendTrace("stock")
	events := s.wait(20 * time.Second)
	require.Equal(t, []string{"opened stock DISK_SPACE_LOW", "opened stock CASCADING_FAILURES", "ongoing gateway DISK_SPACE_LOW"}, opened(events))
	require.Equal(t, "it comes from stock", events[2].Reason)
	require.Equal(t, events[1].Incident.ID, events[2].Incident.SuppressedBy)
	require.Contains(t, opened(s.wait(17*time.Minute)), "resolved gateway DISK_SPACE_LOW", "consumers that know of it are told its end")
}

func TestAMutedCascadeHoldsNothingBack(t *testing.T) {
	mutes := parse(t, "silences: [{match: {failure_type: CASCADING_FAILURES}, until: 2099-01-01T00:00:00Z, reason: x}]")
	t.Run("muted before", func(t *testing.T) {
		s := newShop(t)
		s.state.SetMutes(mutes)
		s.sendTrace("stock")
		require.Len(t, s.wait(20*time.Second), 3)
	})
	t.Run("muted meanwhile", func(t *testing.T) {
		s := newShop(t)
		s.sendTrace("stock")
		s.wait(20 * time.Second)
		s.state.SetMutes(mutes)
		events := s.wait(10 * time.Second)
		require.Equal(t, []string{"opened checkout DISK_SPACE_LOW", "opened gateway DISK_SPACE_LOW"}, opened(events))
		require.Equal(t, "what explains it is muted", events[0].Reason)
	})
}

func TestFurtherVictims(t *testing.T) {
	s := newShop(t)
	s.sendTrace("stock")
	s.wait(70 * time.Second)
	worse := s.request("stock")
	for i := range worse.Failures {
		worse.Failures[i].Fingerprint += " 2"
		worse.Failures[i].Severity = failure.Critical
	}
	s.state.Receive(s.now, worse)
	events := s.wait(70 * time.Second)
	require.Equal(t, []string{"opened stock DISK_SPACE_LOW", "escalated stock CASCADING_FAILURES"}, opened(events))
	require.Len(t, events[1].Incident.Cascade.Victims, 4)

	other := s.request("stock")
	for i := range other.Failures {
		other.Failures[i].Fingerprint += " 3"
	}
	s.state.Receive(s.now, other)
	events = s.wait(70 * time.Second)
	require.Equal(t, []string{"opened stock DISK_SPACE_LOW", "ongoing stock CASCADING_FAILURES"}, opened(events))
	require.Equal(t, "it spreads", events[1].Reason)
	require.Len(t, events[1].Incident.Cascade.Victims, 6)
}

func TestAnEndWithinTheWaitIsToldWithItsBeginning(t *testing.T) {
	s := newShop(t)
	s.sendTrace("stock")
	cleared := broken("stock", "", func(o *Observation) { o.Kind, o.Clears = Clear, []string{"DISK_SPACE_LOW"} })
	require.Equal(t, []string{"opened#1 high", "resolved#2 high"}, names(s.send(cleared)))
}

func TestNothingIsHeldBackAtTheEnd(t *testing.T) {
	s := newShop(t)
	s.sendTrace("stock")
	require.Len(t, s.state.Release(s.now), 3)
	require.Empty(t, s.state.Release(s.now))
}

func TestTransientFailuresWaitForTheirCountAndTheirTrace(t *testing.T) {
	s := newShop(t)
	send := func() []Event {
		batch := s.request("gateway")
		ofType("NETWORK_ERROR", "network", failure.Low)(&batch.Failures[0])
		return s.state.Receive(s.now, batch)
	}
	require.Empty(t, send())
	require.Empty(t, send())
	require.Empty(t, s.wait(20*time.Second))
	require.Equal(t, []string{"opened#1 low"}, names(send()))
}

func TestThresholdsReachedWhileItWaitsAreTold(t *testing.T) {
	s := newShop(t, func(settings *Settings) { settings.Thresholds.Categories["resource"] = 3 })
	for range 3 {
		s.sendTrace("gateway")
	}
	told := s.only(s.wait(20 * time.Second))
	require.Equal(t, failure.EventOpened, told.Name)
	require.Equal(t, failure.Critical, told.Incident.Severity)
	require.Contains(t, told.Evidence, "observed: 3 failures of category/resource within the hour, the threshold is 3")
}

func TestCascadesAreOffWhereIncidentsAre(t *testing.T) {
	s := newShop(t, func(settings *Settings) { settings.Incidents = false })
	require.Empty(t, s.sendTrace("stock"))
	require.Empty(t, s.wait(time.Minute))
	require.EqualValues(t, 3, value(s.state.Occurrences))
	off := newShop(t, func(settings *Settings) { settings.Cascades.Enabled = false })
	require.Len(t, off.sendTrace("stock"), 3, "then nothing waits")
}

func TestRestartOfACascade(t *testing.T) {
	s := newShop(t)
	s.sendTrace("stock")
	s.wait(20 * time.Second)
	settings := s.state.settings
	next, events := s.restart(settings, time.Minute)
	require.Equal(t, []string{"ongoing stock DISK_SPACE_LOW", "ongoing stock CASCADING_FAILURES"}, opened(events))
	require.Equal(t, []string{"stock", "checkout", "gateway"}, events[1].Incident.Cascade.Path)

	again := &shop{script: next, traces: 100}
	require.Empty(t, again.sendTrace("stock"))
	require.Empty(t, again.wait(20*time.Second), "victims are still explained")
	require.NotEmpty(t, again.open("gateway").SuppressedBy)

	t.Run("without the duty victims are announced once they outlive it", func(t *testing.T) {
		settings.Cascades.Enabled = false
		off, _ := s.restart(settings, time.Minute)
		var events []Event
		for range 15 {
			events = append(events, off.send(broken("gateway", "in gateway"))...)
			events = append(events, off.wait(10*time.Second)...)
		}
		require.Equal(t, []string{"opened gateway DISK_SPACE_LOW"}, opened(events))
	})
}

func TestFailuresOfSeveralTypesAtOnce(t *testing.T) {
	s := newShop(t)
	kinds := []string{"DISK_SPACE_LOW", "DATABASE_TIMEOUT", "APPLICATION_CRASH", "IMPORT_ERROR"}
	for _, kind := range kinds[:2] {
		require.Len(t, s.send(broken("stock", kind, ofType(kind, "x", failure.High))), 1)
		s.wait(10 * time.Second)
	}
	require.Len(t, s.send(broken("stock", "twice", ofType(kinds[1], "x", failure.High))), 1, "two types are no cascade")
	require.Len(t, s.send(broken("bank", "other", ofType(kinds[2], "x", failure.High))), 1, "and neither are those of another service")
	events := s.send(broken("stock", kinds[2], ofType(kinds[2], "x", failure.High)))
	require.Equal(t, []string{"opened stock APPLICATION_CRASH", "opened stock CASCADING_FAILURES"}, opened(events))
	in := events[1].Incident
	require.True(t, in.Cascade.ByTime)
	require.Equal(t, "DISK_SPACE_LOW", in.Cascade.First)
	require.Equal(t, []string{"stock"}, in.Cascade.Path)
	require.Len(t, in.Cascade.Victims, 4)
	require.Equal(t, failure.Low, in.Severity)
	require.InDelta(t, 0.3, in.Confidence, 0)

	require.Equal(t, []string{"opened stock IMPORT_ERROR"}, opened(s.send(broken("stock", kinds[3], ofType(kinds[3], "x", failure.High)))), "nothing is held back")
	require.Equal(t, []string{"ongoing stock CASCADING_FAILURES"}, opened(s.wait(70*time.Second)))
	next, restored := s.restart(s.state.settings, time.Second)
	require.Len(t, restored, 7)
	require.Len(t, next.wait(17*time.Minute), 7, "and all end")
}

func TestOldLogsAreHeldTogetherByWhenTheyWereWritten(t *testing.T) {
	s := newShop(t)
	for i, kind := range []string{"DISK_SPACE_LOW", "DATABASE_TIMEOUT", "APPLICATION_CRASH"} {
		written := at(start.Add(-time.Duration(i) * time.Hour))
		require.Len(t, s.send(broken("stock", kind, ofType(kind, "x", failure.High), written)), 1)
	}
}

// TestStormOfTraces keeps what cascades need bounded.
func TestStormOfTraces(t *testing.T) {
	s := newShop(t, func(settings *Settings) {
		settings.Cascades.Limits.Traces, settings.Cascades.Limits.Spans = 50, 200
		settings.Limits.GroupIncidents = 20
	})
	for i := range 2_000 {
		batch := s.request("stock")
		for j := range batch.Failures {
			batch.Failures[j].Fingerprint += string(rune('a' + i%40))
		}
		s.state.Receive(s.now, batch)
	}
	s.wait(time.Minute)
	require.Positive(t, s.state.Stats.Traces.Early)
	for _, o := range s.state.cascades.origins {
		require.LessOrEqual(t, len(o.affected)+len(o.own), 2*maxAffected)
	}
	s.wait(40 * time.Minute)
	require.Empty(t, s.state.incidents)
	require.Empty(t, s.state.cascades.origins)
}
