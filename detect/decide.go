package detect

import (
	"slices"
	"strings"

	"github.com/failuredetector/failuredetector/detect/internal/automaton"
	"github.com/failuredetector/failuredetector/rules"
)

// workLimit bounds the text that patterns are tried on for one record, summed over
// the patterns, in bytes: some hundred microseconds. Lines and traces stay far below
// it. A sender can put the literals of hundreds of rules into one record; then those that
// come first are tried.
const workLimit = 2 * TextLimit

// decide confirms the candidates and orders what remains. The rules of a type are tried
// one behind the other and the surest first, so once one of them has matched, no other one
// has a say.
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
		shadow := c.rule.Mode == rules.Shadow
		// A profile is about every rule.
		if last := len(matched) - 1; shadow || s.ledger != nil || last < 0 || matched[last].Rule.Type != c.rule.Type {
			s.ledger.open(s.spent)
			detection, ok := d.confirm(c, triggers[:own], pointed, s, &verdict)
			ends := !ok && !shadow && d.cleared(c, triggers[:own], s)
			s.ledger.done(index, triggers[:own], ok || ends, s.spent)
			switch {
			case ok && shadow:
				verdict.Shadow = append(verdict.Shadow, detection)
			case ok:
				matched = append(matched, detection)
			case ends:
				cleared = append(cleared, c.rule)
			}
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
	for rest := d.matching(c, triggers, s); len(rest) > 0; {
		own := sameExpression(rest)
		trigger := &d.triggers[own[0].expression]
		rest = rest[len(own):]
		if trigger.clears {
			continue
		}
		e := c.patterns[trigger.index]
		match := d.find(c, e, own, s)
		if match == nil {
			continue
		}
		found.Source, found.Start, found.End = in.locate(match[0], match[1])
		found.Pattern = c.rule.Match.Patterns[trigger.index].Expr
		s.trail.quote(&found, place{c.rule, e, match}, in)
		matched = true
		break
	}
	if !matched && pointed && !d.vetoes.vetoed(c.vetoes, s, 0, len(in.text)) {
		found.Source, found.Text = d.pointer(c.rule, in)
		found.Text = strings.Clone(found.Text)
		found.End = len(found.Text)
		matched = true
	}
	if !matched || !c.supported(s) {
		return Detection{}, false
	}
	s.conditional = s.conditional || c.condition != conditions{}
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

// sameExpression gives the candidates at the head of a list that are of one expression.
func sameExpression(list []candidate) []candidate {
	own := 1
	for own < len(list) && list[own].expression == list[0].expression {
		own++
	}
	return list[:own]
}

// find gives the first match of a rule's expression that no exclusion vetoes, with
// the positions of its groups, or nil.
func (d *Detector) find(c *compiledRule, e *automaton.Expression, parts []candidate, s *scratch) []int {
	text := s.input.text
	position, last := 0, [2]int{-1, -1}
	for len(parts) > 0 {
		if s.spent > workLimit {
			s.cutShort = true
			return nil
		}
		match, walked := e.Find(text, position, int(parts[0].from), int(parts[0].to))
		s.spent += walked
		s.trail.found(e, position, match)
		if match == nil {
			parts = parts[1:]
			continue
		}
		start, end := lines(text, match[0], match[1])
		// The same lines have the same veto, however many matches they hold.
		if last != [2]int{start, end} && !d.vetoes.vetoed(c.vetoes, s, start, end) {
			return match
		}
		position, last = match[1], [2]int{start, end}
	}
	return nil
}

func (d *Detector) cleared(c *compiledRule, triggers []candidate, s *scratch) bool {
	for _, t := range triggers {
		trigger := &d.triggers[t.expression]
		if !trigger.clears {
			continue
		}
		s.spent += int(t.to - t.from)
		e := c.clears[trigger.index]
		matches := e.MatchIn(s.input.text, int(t.from), int(t.to))
		s.trail.tried(e, matches)
		if matches {
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
