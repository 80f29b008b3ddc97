package detect

import (
	"slices"
	"strings"

	"github.com/failuredetector/failuredetector/detect/internal/automaton"
	"github.com/failuredetector/failuredetector/rules"
)

// workLimit bounds the text that patterns are tried on for one record, summed
// over the patterns, in bytes. A sender can put the literals of hundreds of
// rules into one record, each of which then costs up to a few milliseconds on a
// text of TextLimit. This many are 64 of such texts, or all rules on a log line;
// real records stay far below it.
const workLimit = 64 * TextLimit

// decide confirms the candidates and orders what remains.
func (d *Detector) decide(s *scratch) Verdict {
	var verdict Verdict
	var matched []Detection
	var cleared []*rules.Rule
	triggers, evidence := s.candidates, s.evidence
	for len(triggers)+len(evidence) > 0 {
		index := d.nextRule(triggers, evidence)
		c := &d.rules[index]
		own := 0
		for own < len(triggers) && d.triggers[triggers[own].expression].rule == index {
			own++
		}
		pointed := len(evidence) > 0 && evidence[0] == index
		if s.spent > workLimit {
			s.cutShort = true
			break
		}
		s.ledger.open(s.spent)
		detection, ok := d.confirm(c, triggers[:own], pointed, s, &verdict)
		ends := !ok && c.rule.Mode != rules.Shadow && d.cleared(c, triggers[:own], s)
		s.ledger.done(index, triggers[:own], ok || ends, s.spent)
		switch {
		case ok && c.rule.Mode == rules.Shadow:
			verdict.Shadow = append(verdict.Shadow, detection)
		case ok:
			matched = append(matched, detection)
		case ends:
			cleared = append(cleared, c.rule)
		}
		triggers = triggers[own:]
		if pointed {
			evidence = evidence[1:]
		}
	}
	verdict.CutShort = s.cutShort
	verdict.Detections = d.order.arrange(matched)
	if len(matched) == 0 {
		verdict.Clears = d.order.clears(cleared)
	}
	return verdict
}

// nextRule is the lowest rule that the heads of both lists belong to.
func (d *Detector) nextRule(triggers []candidate, evidence []int32) int32 {
	switch {
	case len(triggers) == 0:
		return evidence[0]
	case len(evidence) == 0:
		return d.triggers[triggers[0].expression].rule
	default:
		return min(d.triggers[triggers[0].expression].rule, evidence[0])
	}
}

// confirm says whether a rule matches and what it found. Pointed tells that the
// exception's type or a code is evidence for it; triggers are its patterns that
// may match.
func (d *Detector) confirm(c *compiledRule, triggers []candidate, pointed bool, s *scratch, verdict *Verdict) (Detection, bool) {
	in := &s.input
	found := Detection{Rule: c.rule}
	matched := false
	for _, t := range d.matching(c, slices.Clone(triggers), s) {
		trigger := &d.triggers[t.expression]
		if trigger.clears {
			continue
		}
		e := c.patterns[trigger.index]
		match := d.find(c, e, t, s)
		if match == nil {
			continue
		}
		found.Source, found.Start, found.End = in.locate(match[0], match[1])
		found.Text = strings.Clone(excerpt(in.text[match[0]:match[1]]))
		found.Pattern = c.rule.Match.Patterns[trigger.index].Expr
		found.Captures = captures(e, in.text, match)
		matched = true
		break
	}
	if !matched && pointed && !d.vetoes.vetoed(c.vetoes, s, 0, len(in.text)) {
		found.Source, found.Text = d.pointer(c.rule, in)
		found.Text = strings.Clone(found.Text)
		found.End = len(found.Text)
		matched = true
	}
	if !matched || !c.supported(in.text) {
		return Detection{}, false
	}
	holds, err := c.condition.holds(in)
	if err != nil {
		verdict.ConditionErrors++
	}
	return found, holds
}

// pointer tells which attribute was evidence for a rule, and its value.
func (d *Detector) pointer(r *rules.Rule, in *input) (key, value string) {
	for name := in.typeName; name != ""; name = afterDot(name) {
		if slices.Contains(r.Match.ExceptionTypes, name) {
			return attrExceptionType, in.exceptionType
		}
	}
	for i := range in.codes {
		if code := &in.codes[i]; codeMatches(r.Match.Codes[code.key], code.value()) {
			return code.key, code.value()
		}
	}
	return "", ""
}

// find gives the first match of a rule's expression that no exclusion vetoes, with
// the positions of its groups, or nil.
func (d *Detector) find(c *compiledRule, e *automaton.Expression, near candidate, s *scratch) []int {
	text := s.input.text
	from, to := e.Around(text, int(near.first), int(near.last))
	for last := [2]int{-1, -1}; s.spent <= workLimit; {
		match, walked := e.Find(text, from, to)
		s.spent += walked
		if match == nil || len(c.vetoes) == 0 {
			return match
		}
		start, end := lines(text, match[0], match[1])
		// The same lines have the same veto, however many matches they hold.
		if last != [2]int{start, end} && !d.vetoes.vetoed(c.vetoes, s, start, end) {
			return match
		}
		from, last = match[1], [2]int{start, end}
	}
	s.cutShort = true
	return nil
}

func (d *Detector) cleared(c *compiledRule, triggers []candidate, s *scratch) bool {
	for _, t := range triggers {
		trigger := &d.triggers[t.expression]
		if !trigger.clears {
			continue
		}
		s.spent += len(s.input.text)
		if c.clears[trigger.index].Match(s.input.text) {
			return true
		}
	}
	return false
}

// afterDot gives what follows the first dot, or "".
func afterDot(name string) string {
	_, rest, _ := strings.Cut(name, ".")
	return rest
}

// maxExcerpt is how much of a match a detection quotes, in bytes: enough for a
// person to see what it was.
const maxExcerpt = 256

func excerpt(text string) string {
	return truncate(text, maxExcerpt)
}

// truncate shortens a text to at most limit bytes without cutting a character.
func truncate(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	for limit > 0 && text[limit]&0xC0 == 0x80 {
		limit--
	}
	return text[:limit]
}
