package detect

import (
	"cmp"
	"fmt"
	"regexp/syntax"
	"slices"
	"strings"

	"github.com/failuredetector/failuredetector/detect/internal/automaton"
	"github.com/failuredetector/failuredetector/detect/internal/literal"
	"github.com/failuredetector/failuredetector/detect/internal/scan"
	"github.com/failuredetector/failuredetector/failure"
	"github.com/failuredetector/failuredetector/rules"
)

const (
	// rareLength is how long a string has to be to be rare in logs, in bytes:
	// shorter ones, like `err` or `con`, are parts of the words of healthy lines.
	rareLength = 4
	// commonText is at how many of a million places of healthy text a string is common:
	// on one of twenty lines of logs, whose length is about usualLine bytes.
	commonText = 400
	usualLine  = 125
)

// checkPattern judges one pattern. Triggers are those that are looked for in
// every record; the others are tried only where one of these has matched.
func (l *linter) checkPattern(r *rules.Rule, p rules.Pattern, key string, triggers bool) error {
	tree, err := syntax.Parse(p.Flagged(), syntax.Perl)
	if err != nil {
		return err
	}
	for _, g := range gaps(tree, p.Expr) {
		l.rule(r, p.Line, key+g.problem, g.advice)
	}
	if named := countNames(tree); named > failure.MaxCaptures {
		l.rule(r, p.Line, fmt.Sprintf("%shas %d captures, and a record takes %d", key, named, failure.MaxCaptures),
			"capture what the explanation needs, and write the other groups as (?:…)")
	}
	if !triggers {
		return nil
	}
	if !automaton.New(rules.PatternFlags, p.Expr, l.pool).Fits() {
		l.rule(r, p.Line, key+"it is too large for an automaton, so it is tried by package regexp, which takes far longer over a text",
			fmt.Sprintf("split it, or let %s repeat less often", largestRepeat(p.Expr)))
	}
	return l.checkLiterals(r, p, key)
}

// checkLiterals judges the texts by which a pattern is looked for.
func (l *linter) checkLiterals(r *rules.Rule, p rules.Pattern, key string) error {
	required, err := literal.Required(p.Expr)
	if err != nil {
		return err
	}
	if required == nil {
		l.rule(r, p.Line, key+"no word that every match must have, so it is tried on every record",
			fmt.Sprintf("put a text of at least %d bytes into %s, one that all such messages have", rareLength, branchWithout(p.Expr)))
		return nil
	}
	if weak := slices.IndexFunc(required, short); weak >= 0 {
		l.rule(r, p.Line, fmt.Sprintf("%sone way to match needs only %s, so it is tried on many healthy records", key, quotedTexts(required[weak])),
			fmt.Sprintf("lengthen it by what stands beside it in such messages, to at least %d bytes", rareLength)+joinedWords(p.Expr, required[weak]))
		return nil
	}
	for _, c := range required {
		rarest := slices.MinFunc(c, func(a, b string) int { return cmp.Compare(scan.Frequency(a), scan.Frequency(b)) })
		if frequency := scan.Frequency(rarest); frequency > commonText {
			which := "which"
			if len(c) > 1 {
				which = fmt.Sprintf("of which the rarest, %q,", rarest)
			}
			l.rule(r, p.Line, fmt.Sprintf("%sone way to match needs only %s, %s is on about one of %.0f healthy lines", key, quotedTexts(c), which, 1e6/usualLine/frequency),
				"ask for a rarer text as well, or for more of what stands beside it"+joinedWords(p.Expr, c))
			return nil
		}
	}
	return nil
}

// short says whether none of several strings is long enough to be rare.
func short(c literal.Conjunction) bool {
	return !slices.ContainsFunc(c, func(s string) bool { return len(s) >= rareLength })
}

// quotedTexts lists strings for a person.
func quotedTexts(texts []string) string {
	list := make([]string, 0, len(texts))
	for _, text := range texts {
		list = append(list, fmt.Sprintf("%q", text))
	}
	return strings.Join(list, " and ")
}

func countNames(tree *syntax.Regexp) int {
	named := 0
	for _, name := range tree.CapNames() {
		if name != "" {
			named++
		}
	}
	return named
}
