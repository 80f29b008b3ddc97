package incident

import (
	"fmt"

	"github.com/failuredetector/failuredetector/failure"
)

// overflowFingerprint stands where an incident is one for many fingerprints.
const overflowFingerprint = "overflow"

// recordOverflow takes a failure that is not followed by itself into the incident that stands for all
// such of its group, so that a storm of failures stays bounded and visible.
func (s *State) recordOverflow(g *Group, obs *Observation, eventTime int64) *Incident {
	s.Stats.Overflow.Incidents++
	if in := g.overflow; in != nil {
		in.count(s.now, eventTime, obs)
		if obs.Severity > in.Severity {
			in.cause(obs)
			s.escalate(in, obs.Severity, "a record calls it "+obs.Severity.String())
		}
		return in
	}
	all := *obs
	all.Entity, all.Fingerprint, all.Captures, all.EntityAttributes, all.Text, all.Sample, all.Probe, all.News = "", overflowFingerprint, nil, nil, "", nil, nil, nil
	in := s.begin(g, s.keyOf(g, "", overflowFingerprint), &all, eventTime, FromOverflow)
	in.Transient, in.resolveAfter = false, int64(s.settings.ResolveAfter)
	g.overflow = in
	in.count(s.now, eventTime, obs)
	s.countActive(in)
	name := failure.EventOpened
	if in.returned() {
		name = failure.EventRegressed
	}
	s.announce(in, name, "", fmt.Sprintf("%s%d failures are followed one by one, %d of this group; this incident counts all others of it",
		failure.EvidenceObserved, len(s.incidents), len(g.incidents)))
	return in
}
