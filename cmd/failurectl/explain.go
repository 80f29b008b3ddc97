package main

import (
	"strings"
	"unicode/utf8"

	"github.com/failuredetector/failuredetector/detect"
	"github.com/failuredetector/failuredetector/failure"
	"github.com/failuredetector/failuredetector/rules"
)

const (
	// maxShown is how much of the evidence is shown, in bytes: some lines of a trace.
	maxShown = 400
	// maxBeside is how much of the lines that it stands in is shown on either side, in bytes.
	maxBeside = 100
)

// attributesOf gives the annotations that a verdict puts on a record, with its explanation.
func attributesOf(verdict detect.Verdict) object {
	if len(verdict.Detections) == 0 {
		none := object{{failure.AttrType, nil}}
		if len(verdict.Clears) > 0 {
			none = append(none, member{failure.AttrClears, verdict.Clears})
		}
		if verdict.Fingerprint != "" {
			none = append(none, member{failure.AttrFingerprint, verdict.Fingerprint})
		}
		return none
	}
	found := &verdict.Detections[0]
	all := object{
		{failure.AttrType, found.Rule.Type},
		{failure.AttrSeverity, found.Rule.Severity},
		{failure.AttrCategory, found.Rule.Category},
		{failure.AttrConfidence, found.Rule.Confidence},
		{failure.AttrRule, found.Rule.ID},
		{failure.AttrFingerprint, verdict.Fingerprint},
	}
	if len(verdict.Detections) > 1 {
		types := make([]string, 0, len(verdict.Detections))
		for _, d := range verdict.Detections {
			types = append(types, d.Rule.Type)
		}
		all = append(all, member{failure.AttrTypes, types})
	}
	for _, c := range found.Captures {
		all = append(all, member{failure.AttrCapturePrefix + c.Name, c.Value})
	}
	all = append(all, member{failure.AttrCause, found.Cause()}, member{failure.AttrActions, found.Actions()})
	if required := found.Rule.Explain.UserActionRequired; required != nil {
		all = append(all, member{failure.AttrUserActionRequired, *required})
	}
	if transient := found.Rule.Explain.Transient; transient != nil {
		all = append(all, member{failure.AttrTransient, *transient})
	}
	return all
}

// verdict explains what was found in a record.
func (p *page) verdict(verdict detect.Verdict, reading detect.Reading) {
	if len(verdict.Detections) == 0 {
		p.nothing(verdict, reading)
	} else {
		p.failure(verdict.Detections, reading)
	}
	for _, d := range verdict.Shadow {
		p.line("\nIn shadow mode, so counted and not annotated: %s by rule %s", visible(d.Rule.Type), visible(d.Rule.ID))
	}
	if verdict.ConditionErrors > 0 {
		p.line("\nConditions of rules that could not be evaluated, so these rules did not match: %d", verdict.ConditionErrors)
	}
}

func (p *page) nothing(verdict detect.Verdict, reading detect.Reading) {
	switch sources := reading.Sources(); {
	case len(verdict.Clears) > 0:
		p.line("No failure. The message says that it is over: %s", visible(strings.Join(verdict.Clears, ", ")))
	case len(sources) == 0:
		p.line("No failure recognised: the message is empty.")
	default:
		p.line("No failure recognised in %s.", visible(strings.Join(sources, ", ")))
		if verdict.Fingerprint != "" {
			p.line("It is an exception, with the fingerprint %s.", verdict.Fingerprint)
		}
	}
}

func (p *page) failure(detections []detect.Detection, reading detect.Reading) {
	found := &detections[0]
	r := found.Rule
	p.line("%s", p.styled(bold, visible(r.Type)))
	p.line("  severity    %s", p.styled(severityStyle(r.Severity), r.Severity.String()))
	p.line("  category    %s", visible(r.Category))
	p.line("  confidence  %g", r.Confidence)
	p.line("  fingerprint %s", found.Fingerprint)

	p.line("\n%s", p.styled(bold, "Why"))
	p.line("  rule        %s (pack %s, %s)", visible(r.ID), visible(r.Pack), visible(string(r.Maturity)))
	p.evidence(found, reading)
	if found.Pattern != "" {
		p.line("  pattern     %s", visible(found.Pattern))
	}
	for _, c := range found.Captures {
		p.line("  captured    %s = %s", visible(c.Name), visible(c.Value))
	}
	for _, d := range detections[1:] {
		p.line("  also        %s (rule %s, confidence %g)", visible(d.Rule.Type), visible(d.Rule.ID), d.Rule.Confidence)
	}

	p.line("\n%s", p.styled(bold, "Cause"))
	p.line("  %s", visible(found.Cause()))
	if actions := found.Actions(); len(actions) > 0 {
		p.line("\n%s", p.styled(bold, "What to do"))
		for _, action := range actions {
			p.action(action)
		}
	}
	p.prospects(r.Explain)
}

func severityStyle(severity failure.Severity) style {
	switch severity {
	case failure.Critical:
		return alarm
	case failure.High:
		return red
	case failure.Medium:
		return yellow
	default:
		return cyan
	}
}

// action writes one entry of failure_actions.
func (p *page) action(text string) {
	risk, do, _ := strings.Cut(text, ": ")
	look := green
	if risk == string(rules.Risky) {
		look = yellow
	}
	p.line("  %s%s  %s", p.styled(look, visible(risk)), strings.Repeat(" ", len(rules.Risky)-min(len(risk), len(rules.Risky))), visible(do))
}

// prospects says whether somebody has to act, where the rule says so.
func (p *page) prospects(e rules.Explain) {
	answer := map[bool]string{true: "yes", false: "no"}
	if e.UserActionRequired != nil || e.Transient != nil || e.RunbookURL != "" {
		p.line("")
	}
	if e.UserActionRequired != nil {
		p.line("User action required: %s", answer[*e.UserActionRequired])
	}
	if e.Transient != nil {
		p.line("Transient: %s", answer[*e.Transient])
	}
	if e.RunbookURL != "" {
		p.line("Runbook: %s", visible(e.RunbookURL))
	}
}

// evidence shows where a rule matched: the lines that the match touches, with the match marked.
func (p *page) evidence(found *detect.Detection, reading detect.Reading) {
	start, end, ok := reading.Locate(found)
	if !ok {
		p.line("  found in    %s", visible(found.Source))
		p.marked("", found.Text, "")
		return
	}
	p.line("  found in    %s, offset %d to %d", visible(found.Source), found.Start, found.Start+end-start)
	before, after := reading.Text[:start], reading.Text[end:]
	before = before[strings.LastIndexByte(before, '\n')+1:]
	after, _, _ = strings.Cut(after, "\n")
	p.marked(tail(before, maxBeside), middle(reading.Text[start:end], maxShown), head(after, maxBeside))
}

// marked writes lines of a message of which a part is marked, by colour where
// there is one and else by signs.
func (p *page) marked(before, match, after string) {
	open, closed := "»", "«"
	if p.colours {
		open, closed = "", ""
	}
	lines := strings.Split(match, "\n")
	for i, line := range lines {
		line = p.styled(alarm, visible(strings.TrimSuffix(line, "\r")))
		if i == 0 {
			line = visible(before) + open + line
		}
		if i == len(lines)-1 {
			line += closed + visible(strings.TrimSuffix(after, "\r"))
		}
		p.line("    %s %s", p.styled(faint, "|"), line)
	}
}

// head shortens a text at its end, without cutting a character.
func head(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	for limit > 0 && !utf8.RuneStart(text[limit]) {
		limit--
	}
	return text[:limit] + "…"
}

// tail shortens a text at its start.
func tail(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	from := len(text) - limit
	for from < len(text) && !utf8.RuneStart(text[from]) {
		from++
	}
	return "…" + text[from:]
}

// middle shortens a text in its middle.
func middle(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	return head(text, limit/2) + "\n" + tail(text, limit/2)
}
