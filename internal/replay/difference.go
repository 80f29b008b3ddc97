package replay

import (
	"slices"
	"time"

	"github.com/failuredetector/failuredetector/failure"
)

// Difference is an incident that is not the same in two replays. Where it is in one of them only, the other
// side is nil.
type Difference struct {
	Before, After *Incident
}

// Aspects are what of an incident may differ.
type Aspects struct {
	Type, Severity, Told, Ended, Count bool
}

// Aspects gives what differs between the sides, of which there are two.
func (d *Difference) Aspects() Aspects {
	b, a := d.Before, d.After
	return Aspects{
		Type: b.Type != a.Type, Severity: b.Severity != a.Severity, Told: !b.Told.Equal(a.Told), Ended: !b.Ended.Equal(a.Ended), Count: b.Count != a.Count,
	}
}

// Counts is how many incidents there are, and how many failures.
type Counts struct {
	Incidents int   `json:"incidents"`
	Failures  int64 `json:"failures"`
}

// Counts counts.
func (l *Incidents) Counts() Counts {
	c := Counts{Incidents: len(l.All)}
	for _, in := range l.All {
		c.Failures += in.Count
	}
	return c
}

// Compare gives what differs between the incidents of two replays over the same telemetry, in the order of
// time. Incidents are the same that have one id; else those of a service with one fingerprint, which
// opened at another time; else those of a service that begin with the same failure, which is of another type.
func Compare(before, after *Incidents) []Difference {
	pairs := pairing{before: slices.Clone(before.All), after: slices.Clone(after.All)}
	pairs.join(func(in *Incident) [3]string { return [3]string{in.ID} })
	pairs.join(func(in *Incident) [3]string { return [3]string{in.Service, in.Fingerprint, in.Type} })
	pairs.join(func(in *Incident) [3]string { return [3]string{in.Service, in.First} })
	var list []Difference
	for _, d := range pairs.joined {
		if d.Aspects() != (Aspects{}) {
			list = append(list, d)
		}
	}
	for _, in := range pairs.before {
		list = append(list, Difference{Before: in})
	}
	for _, in := range pairs.after {
		list = append(list, Difference{After: in})
	}
	slices.SortStableFunc(list, func(a, b Difference) int { return a.told().Compare(b.told()) })
	return list
}

func (d *Difference) told() time.Time {
	if d.After != nil {
		return d.After.Told
	}
	return d.Before.Told
}

// pairing has the incidents that are not joined yet.
type pairing struct {
	before, after []*Incident
	joined        []Difference
}

// join joins those that have a key in common, in their order.
func (p *pairing) join(key func(*Incident) [3]string) {
	waiting := map[[3]string][]*Incident{}
	for _, in := range p.before {
		waiting[key(in)] = append(waiting[key(in)], in)
	}
	found := map[*Incident]bool{}
	p.after = slices.DeleteFunc(p.after, func(in *Incident) bool {
		list := waiting[key(in)]
		if len(list) == 0 {
			return false
		}
		p.joined = append(p.joined, Difference{Before: list[0], After: in})
		found[list[0]] = true
		waiting[key(in)] = list[1:]
		return true
	})
	p.before = slices.DeleteFunc(p.before, func(in *Incident) bool { return found[in] })
}

// Worst is the worst severity of both sides.
func (d *Difference) Worst() failure.Severity {
	var worst failure.Severity
	for _, in := range []*Incident{d.Before, d.After} {
		if in != nil {
			worst = max(worst, in.Severity)
		}
	}
	return worst
}
