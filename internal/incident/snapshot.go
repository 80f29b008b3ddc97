package incident

import (
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/failuredetector/failuredetector/failure"
	"github.com/failuredetector/failuredetector/internal/novelty"
)

// Snapshot is what survives a restart: incidents, the windows of thresholds, and what is remembered
// of incidents that ended. Counters are not in it, since they begin again.
type Snapshot struct {
	// Taken is when it was taken, in nanoseconds since 1970.
	Taken int64 `json:"taken"`
	// GroupBy are the keys of the grouping attributes; with others the state means nothing.
	GroupBy []string        `json:"group_by"`
	Groups  []groupSnapshot `json:"groups,omitempty"`
	Closed  []*former       `json:"closed,omitempty"`
	// Novelty is what services say when they report errors.
	Novelty *novelty.Snapshot `json:"novelty,omitempty"`
}

type groupSnapshot struct {
	Values    []string                     `json:"values"`
	Carried   []Attribute                  `json:"carried,omitempty"`
	Overflow  bool                         `json:"overflow,omitempty"`
	Service   string                       `json:"service,omitempty"`
	LastSeen  int64                        `json:"seen"`
	Incidents []incidentSnapshot           `json:"incidents,omitempty"`
	Windows   map[string]thresholdSnapshot `json:"windows,omitempty"`
}

type thresholdSnapshot struct {
	Window window `json:"w"`
	Above  bool   `json:"above,omitempty"`
}

type incidentSnapshot struct {
	Origin           Origin           `json:"origin,omitempty"`
	ID               string           `json:"id"`
	Service          string           `json:"service,omitempty"`
	Type             string           `json:"type"`
	Category         string           `json:"category,omitempty"`
	Rule             string           `json:"rule,omitempty"`
	Entity           string           `json:"entity,omitempty"`
	Fingerprint      string           `json:"fp"`
	Severity         failure.Severity `json:"sev"`
	Confidence       float64          `json:"conf,omitempty"`
	Captures         []Attribute      `json:"captures,omitempty"`
	EntityAttributes []Attribute      `json:"entity_attrs,omitempty"`
	Text             string           `json:"text,omitempty"`
	Sample           string           `json:"sample,omitempty"`
	Probe            *Probe           `json:"probe,omitempty"`
	Version          string           `json:"ver,omitempty"`
	FormerVersion    string           `json:"former_ver,omitempty"`
	RegressionOf     string           `json:"regression_of,omitempty"`
	Opened           int64            `json:"opened"`
	First            int64            `json:"first"`
	Last             int64            `json:"last"`
	Count            int64            `json:"n"`
	TraceID          [16]byte         `json:"trace"`
	SpanID           [8]byte          `json:"span"`
	Transient        bool             `json:"transient,omitempty"`
	Sequence         int64            `json:"seq"`
	Status           string           `json:"status"`
	Pending          bool             `json:"pending,omitempty"`
	Announced        bool             `json:"announced,omitempty"`
	Missed           bool             `json:"missed,omitempty"`
	LastArrival      int64            `json:"arrival"`
	ClearedAt        int64            `json:"cleared,omitempty"`
	Rate             rate             `json:"rate"`
	Recent           []int64          `json:"recent,omitempty"`
	Returns          []int64          `json:"returns,omitempty"`
	// Threshold names the threshold that an incident predicts.
	Threshold string `json:"threshold,omitempty"`
	// SuppressedBy is the id of the cascade that explains it, and Spared says that none does again.
	SuppressedBy string `json:"suppressed_by,omitempty"`
	Spared       bool   `json:"spared,omitempty"`
	// Cascade is what an incident stands for that explains others, and OriginKey the origin's service.
	Cascade   *Cascade `json:"cascade,omitempty"`
	OriginKey string   `json:"origin_key,omitempty"`
	// Breaker is what an incident of broken calls is about; OriginKey is that of the caller then.
	Breaker *Breaker `json:"breaker,omitempty"`
	Missing *Missing `json:"missing,omitempty"`
	// News is why an error was news.
	News *News `json:"news,omitempty"`
	// Former is what the incident was before it came back.
	Former *former `json:"former,omitempty"`
}

// Snapshot copies what is to survive. The copy shares nothing that the state changes later, so that
// it can be encoded while the state goes on.
func (s *State) Snapshot() *Snapshot {
	snap := &Snapshot{Taken: s.now, GroupBy: s.settings.GroupBy}
	for _, g := range s.groupList {
		gs := groupSnapshot{
			Values: g.Values, Carried: g.Carried, Overflow: g.Overflow, Service: g.Service, LastSeen: g.lastSeen,
		}
		predicted := map[*Incident]string{}
		for _, t := range g.thresholds {
			if gs.Windows == nil {
				gs.Windows = map[string]thresholdSnapshot{}
			}
			w := t.window
			w.Minutes = slices.Clone(w.Minutes)
			gs.Windows[t.name] = thresholdSnapshot{Window: w, Above: t.above}
			predicted[t.predicted] = t.name
		}
		gs.Incidents = slices.Grow(gs.Incidents, len(g.incidents))
		for _, in := range g.incidents {
			saved := in.snapshot(predicted[in])
			s.saveSuspense(in, &saved)
			gs.Incidents = append(gs.Incidents, saved)
		}
		snap.Groups = append(snap.Groups, gs)
	}
	for _, f := range s.closed.queue {
		if s.closed.known[f.Key] == f {
			snap.Closed = append(snap.Closed, f)
		}
	}
	if s.news != nil {
		snap.Novelty = s.news.miner.Snapshot()
	}
	return snap
}

func (in *Incident) snapshot(threshold string) incidentSnapshot {
	return incidentSnapshot{
		Origin: in.Origin, ID: in.ID, Service: in.Service, Type: in.Type, Category: in.Category, Rule: in.Rule, Entity: in.Entity,
		Fingerprint: in.Fingerprint, Severity: in.Severity, Confidence: in.Confidence, Captures: in.Captures,
		EntityAttributes: in.EntityAttributes, Text: in.Text, Sample: in.Sample, Probe: in.Probe, Version: in.Version,
		FormerVersion: in.FormerVersion, RegressionOf: in.RegressionOf, Opened: in.Opened, First: in.First,
		Last: in.Last, Count: in.Count, TraceID: in.TraceID, SpanID: in.SpanID, Transient: in.Transient,
		Sequence: in.sequence, Status: in.status, Pending: in.pending, Announced: in.announced, Missed: in.missed,
		LastArrival: in.lastArrival, ClearedAt: in.clearedAt, Rate: in.rate,
		Recent: slices.Clone(in.recent), Returns: slices.Clone(in.returns), Threshold: threshold, Former: in.former,
	}
}

// ErrOtherGrouping says that a snapshot was taken with other grouping attributes.
var ErrOtherGrouping = errors.New("state: it was saved with another group_by")

// Restore fills an empty state from a snapshot, and gives one failure.ongoing for each incident that
// consumers know of. Quiet time counts only while the state runs: nobody listened in between.
func (s *State) Restore(now time.Time, snap *Snapshot) ([]Event, error) {
	if !slices.Equal(snap.GroupBy, s.settings.GroupBy) {
		return nil, ErrOtherGrouping
	}
	s.advance(now)
	away := s.now - snap.Taken // Negative where the clock was set back: what was saved lies in the future then.
	for i := range snap.Groups {
		s.restoreGroup(&snap.Groups[i], away)
	}
	for _, f := range snap.Closed {
		f.Ended = min(f.Ended, s.now)
		s.closed.add(f)
	}
	if s.news != nil && snap.Novelty != nil {
		s.news.miner.Restore(s.now, snap.Novelty, away)
	}
	s.rejoin()
	events := s.take()
	for i := range events {
		events[i].Restored = true
	}
	return events, nil
}

func (s *State) restoreGroup(gs *groupSnapshot, away int64) {
	if len(gs.Values) != len(s.settings.GroupBy) {
		return
	}
	var g *Group
	if gs.Overflow {
		g = s.overflowGroup()
	} else {
		g = s.groupOf(&Resource{Values: gs.Values, Carried: gs.Carried, Service: gs.Service})
	}
	g.lastSeen = gs.LastSeen + away
	for _, name := range slices.Sorted(maps.Keys(gs.Windows)) {
		// One that the configuration no longer has is dropped.
		// One of a time to come would refuse what happens until then.
		if t := g.thresholdOf(name); t != nil && gs.Windows[name].Window.Mark <= s.now {
			t.window, t.above = gs.Windows[name].Window, gs.Windows[name].Above
		}
	}
	for i := range gs.Incidents {
		s.restoreIncident(g, &gs.Incidents[i], away)
	}
}

func (s *State) restoreIncident(g *Group, is *incidentSnapshot, away int64) {
	var predicts *threshold
	if is.Origin == FromTrend {
		if predicts = g.thresholdOf(is.Threshold); predicts == nil || is.Probe == nil {
			return
		}
	}
	in := &Incident{
		Origin: is.Origin, Group: g, ID: is.ID, Service: is.Service, Type: is.Type, Category: is.Category, Rule: is.Rule, Entity: is.Entity,
		Fingerprint: is.Fingerprint, Severity: is.Severity, Confidence: is.Confidence, Captures: is.Captures,
		EntityAttributes: is.EntityAttributes, Text: is.Text, Sample: is.Sample, Probe: is.Probe, Version: is.Version,
		FormerVersion: is.FormerVersion, RegressionOf: is.RegressionOf, Opened: min(is.Opened, s.now), First: is.First,
		Last: is.Last, Count: is.Count, TraceID: is.TraceID, SpanID: is.SpanID, Transient: is.Transient,
		key: s.keyOf(g, is.Entity, is.Fingerprint), sequence: is.Sequence, status: is.Status, pending: is.Pending,
		announced: is.Announced, missed: is.Missed, lastArrival: is.LastArrival + away, clearedAt: is.ClearedAt, rate: is.Rate,
		recent: is.Recent, returns: is.Returns, former: is.Former, resolveAfter: s.quietTime(s.policies(is.Rule, is.Type)),
	}
	if s.incidents[in.key] != nil || in.Severity.String() == "" {
		return
	}
	if in.clearedAt > 0 {
		in.clearedAt += away
	}
	s.insert(in)
	s.restoreSuspense(in, is)
	switch in.Origin {
	case FromOverflow:
		in.resolveAfter, g.overflow = int64(s.settings.ResolveAfter), in
	case FromTrend:
		predicts.predicted = in
	}
	s.countActive(in)
	if in.announced {
		s.announce(in, failure.EventOngoing, "the collector was restarted")
	}
}
