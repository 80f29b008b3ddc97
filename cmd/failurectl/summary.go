package main

import (
	"fmt"
	"time"

	"github.com/failuredetector/failuredetector/failure"
	"github.com/failuredetector/failuredetector/internal/survey"
)

const (
	// maxGroupsShown is how many groups are shown: some pages of a terminal.
	maxGroupsShown = 50
	// maxServicesShown is how many services are listed.
	maxServicesShown = 20
	// maxExampleShown is how much of an example is shown, in bytes.
	maxExampleShown = 160
)

// summary says what the records of a scan report.
func (p *page) summary(s *survey.Summary, files int, took time.Duration) {
	rate := byteCount(int64(float64(s.Bytes) / max(took.Seconds(), 0.001)))
	p.line("%s in %s of %s, read in %.1f s (%s/s)",
		counted(s.Records, "record"), byteCount(s.Bytes), counted(files, "file"), took.Seconds(), rate)
	if s.Unrecognised > 0 {
		p.line("%s that no rule knows", counted(s.Unrecognised, "exception"))
	}
	if s.Failures == 0 {
		p.line("No failure recognised.")
		return
	}
	p.line("%s", p.styled(bold, counted(s.Failures, "failure")))

	p.line("\n%s", p.styled(bold, "By severity"))
	for _, severity := range []failure.Severity{failure.Critical, failure.High, failure.Medium, failure.Low} {
		if n := s.Severity(severity); n > 0 {
			p.line("%8d  %s", n, p.styled(severityStyle(severity), severity.String()))
		}
	}
	p.line("\n%s", p.styled(bold, "By type"))
	types, width := s.Types(), 0
	for _, c := range types {
		width = max(width, len(c.Name))
	}
	for _, c := range types {
		worst := s.Worst(c.Name)
		p.line("%8d  %-*s  %s", c.Count, width, visible(c.Name), p.styled(severityStyle(worst), worst.String()))
	}
	p.line("\n%s", p.styled(bold, "By service"))
	services := s.Services()
	for _, c := range services[:min(len(services), maxServicesShown)] {
		p.line("%8d  %s", c.Count, visible(head(c.Name, maxBeside)))
	}
	if n := len(services) - maxServicesShown; n > 0 {
		p.line("%8s  and %s", "", counted(n, "further service"))
	}
	p.groups(s)
}

func (p *page) groups(s *survey.Summary) {
	p.line("\n%s", p.styled(bold, "Failures that are alike, the worst first"))
	groups := s.Groups()
	for _, g := range groups[:min(len(groups), maxGroupsShown)] {
		p.line("\n  %s  %s  %s", p.styled(bold, visible(g.Type)), p.styled(severityStyle(g.Severity), g.Severity.String()), visible(head(g.Service, maxBeside)))
		p.line("    count        %d%s", g.Count, span(g))
		p.line("    rule         %s", visible(g.Rule))
		if g.Fingerprint != "" {
			p.line("    fingerprint  %s", visible(g.Fingerprint))
		}
		p.line("    first        %s", place(g))
		p.line("    %s %s", p.styled(faint, "|"), visible(head(g.Example, maxExampleShown)))
	}
	rest := s.Other
	for _, g := range groups[min(len(groups), maxGroupsShown):] {
		rest += g.Count
	}
	if rest > 0 {
		p.line("\n  and %s of other groups: scan fewer files, or use --output json", counted(rest, "failure"))
	}
}

// place tells where the first example of a group begins.
func place(g *survey.Group) string {
	if g.File == "-" {
		return fmt.Sprintf("standard input, line %d", g.Line)
	}
	return fmt.Sprintf("%s:%d", visible(g.File), g.Line)
}

// span tells when the failures of a group were.
func span(g *survey.Group) string {
	const layout = "2006-01-02 15:04:05"
	switch first, last := g.First.UTC().Format(layout), g.Last.UTC().Format(layout); {
	case g.First.IsZero():
		return ""
	case first == last:
		return ", at " + first
	default:
		return fmt.Sprintf(", from %s to %s", first, last)
	}
}
