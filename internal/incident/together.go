package incident

import (
	"cmp"
	"slices"
	"time"

	"github.com/failuredetector/failuredetector/failure"
	"github.com/failuredetector/failuredetector/internal/fingerprint"
)

const (
	// togetherWithin is the time within which failures of one group begin together.
	togetherWithin = int64(time.Minute)
	// togetherTypes is how many types of them are more than chance.
	togetherTypes = 3
	// togetherConfidence is how sure it is that the first of them is the origin, with time alone to go by.
	togetherConfidence = 0.3
)

// joinByTime looks whether an incident that no trace tells about begins together with others of its
// group. Time alone proves little, so nothing is held back for it, and it alarms nobody: all that it
// names was announced.
func (s *State) joinByTime(in *Incident) {
	if !s.settings.Cascades.Enabled || !in.alone() {
		return
	}
	var members []*Incident
	types := map[string]bool{}
	for _, other := range in.Group.incidents {
		if other.alone() && max(other.First-in.First, in.First-other.First) <= togetherWithin {
			members = append(members, other)
			types[other.Type] = true
		}
	}
	if len(types) < togetherTypes {
		return
	}
	slices.SortStableFunc(members, func(a, b *Incident) int { return cmp.Compare(a.First, b.First) })
	s.tellTogether(in, members)
}

// alone says whether an incident is told and no cascade has it.
func (in *Incident) alone() bool {
	return in.Origin == FromRecords && in.announced && in.suspense.by == nil && in.TraceID == [16]byte{}
}

// tellTogether opens the cascade of a group by time, or takes a further incident into it.
func (s *State) tellTogether(last *Incident, members []*Incident) {
	g := last.Group
	mark := fingerprint.Composite(failure.TypeCascade, "together")
	key := s.keyOf(g, "", mark)
	in := s.incidents[key]
	if in == nil {
		if s.full(g) {
			s.Stats.Overflow.Incidents++
			return
		}
		obs := &Observation{
			Resource: &Resource{Version: last.Version, Service: g.Service}, Type: failure.TypeCascade, Category: failure.CategoryComposite,
			Severity: failure.Low, Confidence: togetherConfidence, Fingerprint: mark,
		}
		in = s.begin(g, key, obs, members[0].First, FromCascade)
	}
	was := in.Cascade
	in.Cascade = &Cascade{Origin: members[0].Service, ByTime: true, First: members[0].Type}
	for _, member := range members[:min(len(members), maxVictims)] {
		in.Cascade.Victims = append(in.Cascade.Victims, member.ID)
		if service := member.Service; !slices.Contains(in.Cascade.Path, service) {
			in.Cascade.Path = append(in.Cascade.Path, service)
		}
	}
	in.lastArrival, in.Last, in.Count = s.now, last.Last, int64(len(members))
	if was == nil {
		s.announceOpening(in)
		return
	}
	in.widened = true
}
