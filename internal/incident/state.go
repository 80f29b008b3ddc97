package incident

import (
	"fmt"

	"github.com/failuredetector/failuredetector/failure"
	"github.com/failuredetector/failuredetector/internal/cascade"
)

// State is all that is known of failures.
type State struct {
	// Occurrences, Active, Transitions and Unclassified are the counters of the derived metrics.
	Occurrences, Active, Transitions, Unclassified *Family
	// Stats count what the state did; they only rise.
	Stats Stats

	settings Settings
	policies Policies
	limits   limits
	mutes    *Mutes

	now int64
	// passed is the last whole second that has passed.
	passed int64
	// revision rises with everything that is worth saving.
	revision int64
	buffer   []byte
	events   []Event

	once      once
	groups    map[string]*Group
	groupList []*Group
	overflow  *Group
	ended     []*Group
	incidents map[Key]*Incident
	closed    closed
	// cascades is nil where spans are not looked at.
	cascades *cascades
	// breakers is nil where calls are not followed.
	breakers *breakers
	// sources is nil where nobody is missed.
	sources *sources
	// hangs is nil where tasks are not watched.
	hangs *hangs
	// news is nil where novelty is not looked for.
	news *news
	// reported are the incidents of breakers that records tell of.
	reported []*Incident
}

// Stats count what the state did.
type Stats struct {
	// Records counts failures that were counted, Duplicates those that were counted before, and Late
	// those too old for the window of a threshold.
	Records, Duplicates, Late int64
	// Muted counts events that were not sent because their incident is muted, and Suppressed those whose
	// incident is explained by another.
	Muted, Suppressed int64
	// Traces counts what was done with traces.
	Traces cascade.Stats
	// Events counts those that were, by name.
	Events map[string]int64
	// Overflow counts what was beyond a limit.
	Overflow Overflow
}

// Overflow counts what was beyond a limit.
type Overflow struct {
	// Groups and Incidents count records, Series additions, Remembered ended incidents that were
	// forgotten early, Window failures of traces that were, Edges and Sources batches of calls
	// and of sources that are not followed, Tasks those that are not watched, Templates those of
	// errors that were forgotten, and News those of a burst that are not told.
	Groups, Incidents, Series, Remembered, Window, Edges, Sources, Tasks, Templates, News int64
}

// New makes an empty state.
func New(settings Settings, policies Policies) *State {
	s := &State{
		Occurrences:  newFamily(settings.Limits, failure.AttrType, failure.AttrSeverity, failure.AttrCategory),
		Active:       newFamily(settings.Limits, failure.AttrType, failure.AttrSeverity),
		Transitions:  newFamily(settings.Limits, failure.AttrType, failure.AttrEvent),
		Unclassified: newFamily(settings.Limits),
		Stats:        Stats{Events: map[string]int64{}},
		settings:     settings,
		policies:     policies,
		limits:       settings.Thresholds.compile(),
		once:         newOnce(settings.Limits.Window),
		groups:       map[string]*Group{},
		incidents:    map[Key]*Incident{},
		closed:       newClosed(settings.Limits.Remembered),
		cascades:     newCascades(&settings),
		breakers:     newBreakers(&settings),
		sources:      newSources(&settings),
		hangs:        newHangs(&settings),
		news:         newNews(&settings),
	}
	return s
}

// take gives what is to be announced.
func (s *State) take() []Event {
	events := s.events
	s.events = nil
	s.revision += int64(len(events))
	return events
}

func (s *State) apply(obs *Observation) {
	g := s.groupOf(obs.Resource)
	eventTime := s.eventTime(obs.Time)
	if obs.Severity.String() == "" {
		obs.Severity = failure.Medium // What says nothing is neither ignored nor an alarm.
	}
	switch obs.Kind {
	case Failure, Unclassified:
		s.applyFailure(g, obs, eventTime)
	case Clear:
		s.clear(g, obs, eventTime)
	default:
		if s.settings.Incidents {
			s.observe(g, obs, eventTime)
		} else if obs.Kind == Observed {
			s.countOccurrence(g, obs, eventTime)
		}
	}
}

func (s *State) applyFailure(g *Group, obs *Observation, eventTime int64) {
	if !s.once.add(s.now, obs) {
		s.Stats.Duplicates++
		// Where it was reported as well says what it comes from.
		if s.cascades != nil {
			s.mark(s.incidents[s.keyOf(g, obs.Entity, obs.Fingerprint)], obs)
		}
		return
	}
	if obs.Kind == Unclassified {
		s.exemplar(s.count(s.Unclassified, g, "", "", ""), obs, eventTime)
		s.Stats.Records++
		if s.settings.Unclassified != UnclassifiedIncident {
			return
		}
	} else {
		s.countOccurrence(g, obs, eventTime)
	}
	if !s.settings.Incidents {
		return
	}
	crossed := s.countThresholds(g, obs, eventTime)
	in := s.record(g, obs, eventTime)
	s.mark(in, obs)
	s.bind(in, obs)
	for _, t := range crossed {
		s.cross(in, t, obs)
	}
}

// cross makes the incident worse whose record made a threshold reached.
func (s *State) cross(in *Incident, t *threshold, obs *Observation) {
	if in.pending {
		in.pending = false
		s.announceOpening(in)
	}
	in.cause(obs)
	reason := fmt.Sprintf("%d failures of %s within the hour", t.count(s.now), t.name)
	evidence := fmt.Sprintf("%s%s, the threshold is %d", failure.EvidenceObserved, reason, t.limit)
	if in.Severity == failure.Critical {
		s.announce(in, failure.EventOngoing, reason, evidence)
		return
	}
	s.escalate(in, in.Severity+1, reason, evidence)
}

// countOccurrence counts a failure in the derived metrics.
func (s *State) countOccurrence(g *Group, obs *Observation, eventTime int64) {
	s.Stats.Records++
	s.exemplar(s.count(s.Occurrences, g, obs.Type, obs.Severity.String(), obs.Category), obs, eventTime)
}

func (s *State) exemplar(series *Series, obs *Observation, eventTime int64) {
	if obs.TraceID != [16]byte{} {
		series.Exemplar = Exemplar{Time: eventTime, TraceID: obs.TraceID, SpanID: obs.SpanID, Fingerprint: obs.Fingerprint}
	}
}

// count adds one to a series of a metric.
func (s *State) count(f *Family, g *Group, a, b, c string) *Series {
	series, within := f.count(s.now, g, a, b, c)
	if !within {
		s.Stats.Overflow.Series++
	}
	return series
}

// Settled gives a number that stays the same while there is nothing new to save, and says whether
// that is so: the quiet time of an open incident is worth saving too.
func (s *State) Settled() (revision int64, settled bool) {
	return s.revision, len(s.incidents) == 0
}

// SetPolicies takes changed rules into use, for incidents that are open too.
func (s *State) SetPolicies(policies Policies) {
	s.policies = policies
	for _, in := range s.incidents {
		if in.Origin == FromRecords || in.Origin == FromCascade {
			in.resolveAfter = s.quietTime(policies(in.Rule, in.Type))
		}
	}
}

// SetMutes takes changed mutes into use. Nil mutes nothing.
func (s *State) SetMutes(mutes *Mutes) { s.mutes = mutes }

// Groups gives all groups, in the order in which they were first seen.
func (s *State) Groups() []*Group { return s.groupList }

// Open counts the incidents that go on, those of them that are muted, and those that are explained by
// another.
func (s *State) Open() (active, muted, suppressed int64) {
	for _, in := range s.incidents {
		if in.active() {
			active++
			if in.muted {
				muted++
			}
			if in.suspense.by != nil {
				suppressed++
			}
		}
	}
	return active, muted, suppressed
}

// Ended is what ended with groups that were idle for long.
type Ended struct {
	Groups                                         []*Group
	Occurrences, Active, Transitions, Unclassified []*Series
}

// TakeEnded gives what ended since it was called last, so that the caller can say that it has. Until
// it is called the series stay.
func (s *State) TakeEnded() Ended {
	if len(s.ended) == 0 {
		return Ended{}
	}
	ended := Ended{
		Groups:      s.ended,
		Occurrences: s.Occurrences.end(), Active: s.Active.end(), Transitions: s.Transitions.end(), Unclassified: s.Unclassified.end(),
	}
	s.ended = nil
	return ended
}

// Use is the share of a threshold that is used up.
type Use struct {
	Threshold string
	Share     float64
}

// Uses gives those of a group's thresholds for which there were failures.
func (s *State) Uses(g *Group) []Use {
	shares := make([]Use, 0, len(g.thresholds))
	for _, t := range g.thresholds {
		shares = append(shares, Use{Threshold: t.name, Share: float64(t.count(s.now)) / float64(t.limit)})
	}
	return shares
}
