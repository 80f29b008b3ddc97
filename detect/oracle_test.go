package detect

import (
	"slices"
)

// classifyPlainly is the oracle of classify: it tries every pattern of every
// rule on the text, without looking for literals first.
func (d *Detector) classifyPlainly(s *scratch) Verdict {
	s.begin()
	for t := range d.triggers {
		s.candidates = append(s.candidates, int32(t))
	}
	d.findEvidence(s)
	slices.Sort(s.evidence)
	s.evidence = slices.Compact(s.evidence)
	v := d.decide(s)
	s.input.identify(&v)
	return v
}
