package survey

import (
	"cmp"
	"slices"
	"time"

	"github.com/failuredetector/failuredetector/detect"
	"github.com/failuredetector/failuredetector/failure"
)

const (
	// maxGroups bounds the groups that are kept apart: more than a person reads,
	// and little memory. The failures of further ones are only counted.
	maxGroups = 1000
	// maxServices bounds the services that are counted apart, in the same way.
	maxServices = 1000
	// maxExample is how much of an example is kept, in bytes.
	maxExample = 4 << 10
)

// Summary is what the records of a survey report.
type Summary struct {
	Records, Failures int
	// Bytes counts what was read, decompressed.
	Bytes int64
	// Unrecognised counts exceptions that no rule knows.
	Unrecognised int
	// Other counts the failures of groups beyond those that are kept, which are
	// counted everywhere else.
	Other int

	types    map[string]int
	worst    map[string]failure.Severity
	levels   map[failure.Severity]int
	services map[string]int
	groups   map[groupKey]*Group
}

// groupKey tells failures that are alike.
type groupKey struct {
	kind, fingerprint, service string
}

// Group is the failures of one service that are alike.
type Group struct {
	Type, Rule, Service, Fingerprint string
	Severity                         failure.Severity
	Count                            int
	// First and Last are the earliest and the latest time; zero where no record has one.
	First, Last time.Time
	// File and Line are where the first example begins, and Example is its text.
	File, Example string
	Line          int
}

func newSummary() *Summary {
	return &Summary{
		types:    map[string]int{},
		worst:    map[string]failure.Severity{},
		levels:   map[failure.Severity]int{},
		services: map[string]int{},
		groups:   map[groupKey]*Group{},
	}
}

func (s *Summary) add(file string, r *Result) {
	s.Records++
	if len(r.Verdict.Detections) == 0 {
		if r.Verdict.Fingerprint != "" {
			s.Unrecognised++
		}
		return
	}
	s.Failures++
	found := &r.Verdict.Detections[0]
	s.types[found.Rule.Type]++
	s.worst[found.Rule.Type] = max(s.worst[found.Rule.Type], found.Rule.Severity)
	s.levels[found.Rule.Severity]++
	if _, known := s.services[r.service]; known || len(s.services) < maxServices {
		s.services[r.service]++
	}
	s.addToGroup(file, r, found)
}

func (s *Summary) addToGroup(file string, r *Result, found *detect.Detection) {
	fingerprint := r.Verdict.Fingerprint
	key := groupKey{found.Rule.Type, cmp.Or(fingerprint, found.Rule.ID), r.service}
	group := s.groups[key]
	if group == nil {
		if len(s.groups) == maxGroups {
			s.Other++
			return
		}
		group = &Group{
			Type: found.Rule.Type, Rule: found.Rule.ID, Service: r.service, Fingerprint: fingerprint, Severity: found.Rule.Severity,
			File: file, Line: r.Line, Example: example(r, found),
		}
		s.groups[key] = group
	}
	group.Count++
	group.Severity = max(group.Severity, found.Rule.Severity)
	if r.time.IsZero() {
		return
	}
	if group.First.IsZero() || r.time.Before(group.First) {
		group.First = r.time
	}
	if r.time.After(group.Last) {
		group.Last = r.time
	}
}

// Count is how many failures there are of something.
type Count struct {
	Name  string
	Count int
}

// counts sorts by number, then by name.
func counts(of map[string]int) []Count {
	list := make([]Count, 0, len(of))
	for name, n := range of {
		list = append(list, Count{name, n})
	}
	slices.SortFunc(list, func(a, b Count) int { return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Name, b.Name)) })
	return list
}

// Types counts failures by type, the most frequent first.
func (s *Summary) Types() []Count { return counts(s.types) }

// Worst is the highest severity of the failures of a type.
func (s *Summary) Worst(of string) failure.Severity { return s.worst[of] }

// Services counts failures by service, the most frequent first.
func (s *Summary) Services() []Count { return counts(s.services) }

// Severity counts the failures of a severity.
func (s *Summary) Severity(of failure.Severity) int { return s.levels[of] }

// Groups gives the failures that are alike, the worst first and among these the
// most frequent.
func (s *Summary) Groups() []*Group {
	list := make([]*Group, 0, len(s.groups))
	for _, g := range s.groups {
		list = append(list, g)
	}
	slices.SortFunc(list, func(a, b *Group) int {
		return cmp.Or(
			cmp.Compare(b.Severity, a.Severity),
			cmp.Compare(b.Count, a.Count),
			cmp.Compare(a.Type, b.Type),
			cmp.Compare(a.Service, b.Service),
			cmp.Compare(a.File, b.File),
			cmp.Compare(a.Line, b.Line),
		)
	})
	return list
}
