package literal

import (
	"slices"

	"github.com/failuredetector/failuredetector/detect/internal/scan"
)

// sequence joins neighbours whose strings are all known into longer strings, and
// requires each such run and whatever the other neighbours require. To a run
// belongs what is known of the end of the neighbour before it and of the begin
// of the one behind it.
type sequence struct {
	run []string
	// first is the run that the whole begins with, once a neighbour has ended it.
	first  []string
	broken bool
	// must are strings that all matches have, and choices what one has beside.
	must    Conjunction
	choices []Conjunction
}

func newSequence() sequence { return sequence{run: empty.exact} }

func (s *sequence) add(next part) {
	s.require(next.required)
	if next.exact != nil {
		if joined := product(s.run, next.exact); joined != nil {
			s.run = joined
			return
		}
	}
	if joined := product(s.run, next.edge(next.begin())); joined != nil {
		s.run = joined
	}
	s.endRun()
	if !s.broken {
		s.first, s.broken = s.run, true
	}
	s.run = next.edge(next.end())
	if s.run == nil {
		s.run = empty.exact
	}
}

// endRun requires one of the strings of a run that goes on no more.
func (s *sequence) endRun() {
	if len(s.run) != 1 {
		s.choices = and(s.choices, oneOf(s.run))
	} else if len(s.run[0]) >= scan.MinLength {
		s.must = append(s.must, s.run[0])
	}
}

func (s *sequence) require(more []Conjunction) {
	if len(more) == 1 {
		s.must = append(s.must, more[0]...)
	} else {
		s.choices = and(s.choices, more)
	}
}

// whole is what is known of the neighbours together.
func (s *sequence) whole() part {
	if !s.broken {
		return part{exact: s.run, required: s.required()}
	}
	s.endRun()
	return part{first: s.first, last: s.run, required: s.required(), chained: true}
}

func (s *sequence) required() []Conjunction {
	switch {
	case s.must == nil:
		return s.choices
	case s.choices == nil:
		return []Conjunction{tidyOne(s.must)}
	}
	joined := make([]Conjunction, 0, len(s.choices))
	for _, c := range s.choices {
		joined = append(joined, tidyOne(slices.Concat(s.must, c)))
	}
	return tidy(joined)
}
