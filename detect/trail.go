package detect

import (
	"slices"
	"strings"

	"github.com/failuredetector/failuredetector/detect/internal/automaton"
	"github.com/failuredetector/failuredetector/detect/internal/scan"
	"github.com/failuredetector/failuredetector/rules"
)

// trail is how a verdict came about, as far as it takes to give it on other texts of the same
// shape. Most that is asked about a text has the same answer whatever its digits; the rest is
// noted, to be asked again.
type trail struct {
	// open says that it is noted.
	open bool
	// pointed are the candidates by literals with digits.
	pointed []candidate
	// asked are the questions to which digits matter, with their answers.
	asked []question
	// matched has where rules matched.
	matched []place
	// identity says that the fingerprints are the same whatever the digits.
	identity bool
}

// question was asked about a text.
type question struct {
	about subject
	// expression is what was looked for, from a position on where its place matters.
	expression *automaton.Expression
	from       int
	// vetoes are what was heard about the text between two positions.
	vetoes *vetoList
	to     int

	// match is the answer to where, yes to whether.
	match []int
	yes   bool
}

type subject uint8

const (
	wherePattern subject = iota
	whetherPattern
	whetherVetoed
)

// place is where an expression of a rule matched, with the positions of its groups.
type place struct {
	rule       *rules.Rule
	expression *automaton.Expression
	match      []int
}

// maxAsked is how many questions a trail has at most. Lines have a handful; whoever has hundreds
// of them would take memory, and time to ask them again.
const maxAsked = 32

func (t *trail) begin() {
	t.open = false
	clear(t.asked)
	clear(t.matched)
	t.asked, t.matched = t.asked[:0], t.matched[:0]
}

// ask notes a question, and gives the trail up where these are too many.
func (t *trail) ask(q question) {
	t.asked = append(t.asked, q)
	t.open = len(t.asked) <= maxAsked
}

// found notes where an expression matches from a position on.
func (t *trail) found(e *automaton.Expression, from int, match []int) {
	if t.open && e.TellsDigitsApart() {
		t.ask(question{about: wherePattern, expression: e, from: from, match: match})
	}
}

// tried notes whether an expression matches at all.
func (t *trail) tried(e *automaton.Expression, matches bool) {
	if t.open && e.TellsDigitsApart() {
		t.ask(question{about: whetherPattern, expression: e, yes: matches})
	}
}

// heard notes whether one of a list of vetoes matches between two positions.
func (t *trail) heard(l *vetoList, from, to int, vetoed bool) {
	if t.open && l.tellsDigitsApart() {
		t.ask(question{about: whetherVetoed, vetoes: l, from: from, to: to, yes: vetoed})
	}
}

// quote fills in what a detection has of the text, and notes where that stands.
func (t *trail) quote(found *Detection, at place, in *input) {
	if t.open {
		t.matched = append(t.matched, at)
	}
	at.quote(found, in)
}

func (p *place) quote(found *Detection, in *input) {
	found.Text = strings.Clone(excerpt(in.text[p.match[0]:p.match[1]]))
	found.Captures = captures(p.expression, in.text, p.match)
}

// keep copies the trail that led to the verdict on the record at hand.
func (d *Detector) keep(t *trail, s *scratch) trail {
	return trail{
		pointed: slices.Clone(d.pointed(s)), asked: slices.Clone(t.asked), matched: slices.Clone(t.matched),
		identity: s.input.anyDigits(),
	}
}

// pointed gives the candidates by literals with digits in the record at hand.
func (d *Detector) pointed(s *scratch) []candidate {
	if !s.literals.known {
		s.literals.known = true
		s.literals.candidates = d.sieve.digits().inWhole(s.literals.candidates[:0], s.input.text, &s.literals.found)
	}
	return s.literals.candidates
}

// literals are those with digits that were found in the record at hand.
type literals struct {
	known      bool
	found      scan.Found
	candidates []candidate
}

// sameAnswers says whether all that depends on digits is the same on the record at hand.
func (d *Detector) sameAnswers(t *trail, s *scratch) bool {
	if !slices.Equal(t.pointed, d.pointed(s)) {
		return false
	}
	text := s.input.text
	for i := range t.asked {
		q := &t.asked[i]
		same := false
		switch q.about {
		case wherePattern:
			match, _ := q.expression.Find(text, q.from, 0, len(text))
			same = slices.Equal(match, q.match)
		case whetherPattern:
			same = q.expression.Match(text) == q.yes
		case whetherVetoed:
			s.hearing.turnTo(q.from, q.to)
			same = d.vetoes.hear(q.vetoes, s) == q.yes
		}
		if !same {
			return false
		}
	}
	return true
}

// verdictOn gives the verdict on the record at hand, which has the shape that is remembered.
func (r *repeat) verdictOn(in *input) Verdict {
	v := r.verdict.clone()
	for i := range r.trail.matched {
		at := &r.trail.matched[i]
		for _, list := range [][]Detection{v.Detections, v.Shadow} {
			for j := range list {
				if list[j].Rule == at.rule {
					at.quote(&list[j], in)
				}
			}
		}
	}
	if !r.trail.identity {
		in.identify(&v)
	}
	return v
}
