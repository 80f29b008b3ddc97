package rules

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
)

var (
	packName     = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)
	ruleID       = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)
	typeName     = regexp.MustCompile(`^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$`)
	categoryName = regexp.MustCompile(`^[a-z][a-z0-9]*(_[a-z0-9]+)*$`)
	placeholder  = regexp.MustCompile(`\{\{(.*?)\}\}`)
)

// MinimumExamples is how many matching and how many near-miss examples a
// stable rule has at least.
const MinimumExamples = 2

// validator joins every fault of a set. It does not parse the expressions of the
// shipped packs: the project's tests do, and it would only delay every start.
type validator struct {
	set    *Set
	faults []error
}

func (v *validator) fail(source Source, key, format string, args ...any) {
	v.faults = append(v.faults, faultAt(source, key, fmt.Sprintf(format, args...)))
}

func validate(set *Set) error {
	v := &validator{set: set}
	for _, veto := range set.Vetoes {
		v.checkVeto(veto)
	}
	for _, t := range set.Types {
		v.checkType(t)
	}
	v.checkRefinement()
	v.checkPrecedence()
	for _, r := range set.Rules {
		v.checkRule(r)
	}
	return errors.Join(v.faults...)
}

func (v *validator) checkVeto(veto *Veto) {
	if !packName.MatchString(veto.Name) {
		v.fail(veto.Source, "veto", "%q is no name: use lower case letters, digits and dashes", veto.Name)
	}
	if len(veto.Patterns) == 0 {
		v.fail(veto.Source, fmt.Sprintf("veto %q: patterns", veto.Name), "empty")
	}
	if !veto.shipped {
		v.checkPatterns(veto.Source, veto.Patterns, fmt.Sprintf("veto %q: patterns", veto.Name))
	}
}

func (v *validator) checkType(t *Type) {
	if !typeName.MatchString(t.Name) {
		v.fail(t.Source, "type", "%q is no type name: use upper snake case, like DISK_SPACE_LOW", t.Name)
	}
	if !categoryName.MatchString(t.Category) {
		v.fail(t.Source, t.Name+".category", "%q is no category: use lower snake case, like database", t.Category)
	}
	if t.Severity == 0 {
		v.fail(t.Source, t.Name+".severity", "missing: use low, medium, high or critical")
	}
	if t.Resolve.After < 0 {
		v.fail(t.Source, t.Name+".resolve.after", "%v is negative", t.Resolve.After)
	}
	if t.Explain.Cause == "" {
		v.fail(t.Source, t.Name+".explain.cause", "missing: say in one sentence why it fails")
	}
	v.checkExplain(t.Source, t.Name, t.Explain)
	for _, other := range append([]string{t.Refines}, t.Precedence...) {
		if other != "" && v.set.types[other] == nil {
			v.fail(t.Source, t.Name, "refers to type %s, which is not defined%s", other, suggest(other, mapKeys(v.set.types)))
		}
	}
}

// checkRefinement follows every chain of refinement and refuses one that returns to itself.
func (v *validator) checkRefinement() {
	for _, t := range v.set.Types {
		chain := []string{t.Name}
		for next := t.Refines; next != "" && v.set.types[next] != nil; next = v.set.types[next].Refines {
			chain = append(chain, next)
			if next == t.Name {
				v.fail(t.Source, t.Name+".refines", "the refinement is a circle: %s", strings.Join(chain, " → "))
				break
			}
			if len(chain) > len(v.set.Types) {
				break // A circle that does not go through t is reported at its own types.
			}
		}
	}
}

// checkPrecedence refuses a type that goes before itself by way of others.
func (v *validator) checkPrecedence() {
	for _, t := range v.set.Types {
		if path := v.pathBack(t, t.Name, map[string]bool{}); path != nil {
			v.fail(t.Source, t.Name+".precedence", "the precedence is a circle: %s", strings.Join(append([]string{t.Name}, path...), " → "))
		}
	}
}

func (v *validator) pathBack(from *Type, target string, seen map[string]bool) []string {
	for _, name := range from.Precedence {
		if name == target {
			return []string{name}
		}
		next := v.set.types[name]
		if next == nil || seen[name] {
			continue
		}
		seen[name] = true
		if path := v.pathBack(next, target, seen); path != nil {
			return append([]string{name}, path...)
		}
	}
	return nil
}

func (v *validator) checkRule(r *Rule) {
	key := func(name string) string { return fmt.Sprintf("rule %q: %s", r.ID, name) }
	if !ruleID.MatchString(r.ID) {
		v.fail(r.Source, "id", "%q is no rule id: use lower case letters, digits and dashes, like disk-full-enospc", r.ID)
	}
	switch {
	case r.Type == "":
		v.fail(r.Source, key("type"), "missing")
	case v.set.types[r.Type] == nil:
		v.fail(r.Source, key("type"), "%s is not defined%s; define it under `types:` or use one of the catalogue",
			r.Type, suggest(r.Type, mapKeys(v.set.types)))
	}
	if !(r.Confidence > 0 && r.Confidence <= 1) {
		v.fail(r.Source, key("confidence"), "%v is outside 0 (not included) to 1", r.Confidence)
	}
	if !slices.Contains(maturities, r.Maturity) {
		v.fail(r.Source, key("maturity"), "%q is no maturity: use experimental, incubating or stable", r.Maturity)
	}
	if r.Mode != Annotate && r.Mode != Shadow {
		v.fail(r.Source, key("mode"), "%q is no mode: use annotate or shadow", r.Mode)
	}
	if r.Resolve.After < 0 {
		v.fail(r.Source, key("resolve.after"), "%v is negative", r.Resolve.After)
	}
	v.checkMatch(r, key)
	v.checkExplain(r.Source, fmt.Sprintf("rule %q", r.ID), r.Explain)
	if !r.shipped {
		v.checkPlaceholders(r, key)
	}
	if r.Maturity == Stable {
		if len(r.Examples.Match) < MinimumExamples || len(r.Examples.Ignore) < MinimumExamples {
			v.fail(r.Source, key("examples"), "has %d matching and %d near-miss examples, a stable rule has at least %d of each: add them, or set `maturity: incubating`",
				len(r.Examples.Match), len(r.Examples.Ignore), MinimumExamples)
		}
	}
}

func (v *validator) checkMatch(r *Rule, key func(string) string) {
	if len(r.Match.Patterns)+len(r.Match.ExceptionTypes)+len(r.Match.Codes) == 0 {
		v.fail(r.Source, key("match"), "empty: give at least one of patterns, exception_types and codes")
	}
	if !r.shipped {
		v.checkExpressions(r, key)
	}
	for i, name := range r.Vetoes {
		if v.set.veto(name) == nil {
			v.fail(r.Source, key(fmt.Sprintf("vetoes[%d]", i)), "there is no veto %q%s", name, suggest(name, vetoNames(v.set.Vetoes)))
		}
	}
	for i, name := range r.Match.ExceptionTypes {
		if name == "" {
			v.fail(r.Source, key(fmt.Sprintf("match.exception_types[%d]", i)), "empty")
		}
	}
	for _, attribute := range mapKeys(r.Match.Codes) {
		values := r.Match.Codes[attribute]
		if attribute == "" || len(values) == 0 {
			v.fail(r.Source, key("match.codes"), "%q needs at least one value", attribute)
		}
		for _, value := range values {
			if strings.Trim(value, "*") == "" || strings.Contains(strings.TrimSuffix(value, "*"), "*") {
				v.fail(r.Source, key("match.codes."+attribute), "%q: a value is text, with at most one * and that at its end", value)
			}
		}
	}
}

func (v *validator) checkExpressions(r *Rule, key func(string) string) {
	v.checkPatterns(r.Source, r.Match.Patterns, key("match.patterns"))
	v.checkPatterns(r.Source, r.AllOf, key("all_of"))
	v.checkPatterns(r.Source, r.NoneOf, key("none_of"))
	v.checkPatterns(r.Source, r.ClearPatterns, key("clear_patterns"))
}

func (v *validator) checkPatterns(in Source, patterns []Pattern, key string) {
	for i, p := range patterns {
		v.checkPattern(Source{File: in.File, Line: p.Line}, p, fmt.Sprintf("%s[%d]", key, i))
	}
}

func (v *validator) checkPattern(at Source, p Pattern, key string) {
	if p.Expr == "" {
		v.fail(at, key, "the pattern is empty")
		return
	}
	tree, err := p.parse()
	if err != nil {
		v.fail(at, key, "the expression is not RE2: %v", err)
		return
	}
	if matchesEmpty(tree) {
		v.fail(at, key, "the pattern %q matches the empty text, and so every text", p.Expr)
	}
}

// parse gives the expression's syntax tree, with the flags of Flagged.
func (p Pattern) parse() (*syntax.Regexp, error) {
	return syntax.Parse(p.Expr, syntax.Perl|syntax.FoldCase|syntax.DotNL)
}

// matchesEmpty says whether an expression can match a text of no characters.
func matchesEmpty(re *syntax.Regexp) bool {
	switch re.Op {
	case syntax.OpEmptyMatch, syntax.OpStar, syntax.OpQuest, syntax.OpNoWordBoundary,
		syntax.OpBeginLine, syntax.OpEndLine, syntax.OpBeginText, syntax.OpEndText:
		return true
	case syntax.OpCapture, syntax.OpPlus:
		return matchesEmpty(re.Sub[0])
	case syntax.OpRepeat:
		return re.Min == 0 || matchesEmpty(re.Sub[0])
	case syntax.OpConcat:
		return !slices.ContainsFunc(re.Sub, func(sub *syntax.Regexp) bool { return !matchesEmpty(sub) })
	case syntax.OpAlternate:
		return slices.ContainsFunc(re.Sub, matchesEmpty)
	default:
		return false
	}
}

// PatternFlags hold for every pattern: it is case-insensitive, and a dot matches a
// newline.
const PatternFlags = "(?is)"

// Flagged is the expression as it is compiled.
func (p Pattern) Flagged() string { return PatternFlags + p.Expr }

func (v *validator) checkExplain(source Source, owner string, e Explain) {
	for i, action := range e.Actions {
		key := fmt.Sprintf("%s.explain.actions[%d]", owner, i)
		if action.Do == "" {
			v.fail(source, key+".do", "missing")
		}
		if action.Risk != Safe && action.Risk != Risky {
			v.fail(source, key+".risk", "%q is no risk: use safe or risky", action.Risk)
		}
	}
	if e.RunbookURL != "" {
		parsed, err := url.Parse(e.RunbookURL)
		if err != nil || parsed.Host == "" || parsed.Scheme != "https" && parsed.Scheme != "http" {
			v.fail(source, owner+".explain.runbook_url", "%q is no http or https address", e.RunbookURL)
		}
	}
}

// checkPlaceholders refuses a name in a rule's own explanation that none of its
// patterns captures. A type's explanation may name what only some rules capture.
func (v *validator) checkPlaceholders(r *Rule, key func(string) string) {
	texts := []string{r.Explain.Cause}
	for _, action := range r.Explain.Actions {
		texts = append(texts, action.Do)
	}
	if !slices.ContainsFunc(texts, placeholder.MatchString) {
		return
	}
	captured := map[string]bool{}
	for _, p := range r.Match.Patterns {
		tree, err := p.parse()
		if err != nil {
			return // The pattern itself is reported.
		}
		for _, name := range tree.CapNames() {
			captured[name] = true
		}
	}
	for _, text := range texts {
		for _, found := range placeholder.FindAllStringSubmatch(text, -1) {
			if !captured[found[1]] {
				v.fail(r.Source, key("explain"), "{{%s}} is captured by no pattern of the rule", found[1])
			}
		}
	}
}

// inherit completes every rule with what it takes from its type.
func inherit(set *Set) {
	for i, given := range set.Rules {
		r, t := *given, set.types[given.Type]
		r.Category = t.Category
		if r.Severity == 0 {
			r.Severity = t.Severity
		}
		if r.Resolve.After == 0 {
			r.Resolve = t.Resolve
		}
		if r.Explain.Cause == "" {
			r.Explain.Cause = t.Explain.Cause
		}
		if r.Explain.Actions == nil {
			r.Explain.Actions = t.Explain.Actions
		}
		if r.Explain.UserActionRequired == nil {
			r.Explain.UserActionRequired = t.Explain.UserActionRequired
		}
		if r.Explain.Transient == nil {
			r.Explain.Transient = t.Explain.Transient
		}
		if r.Explain.RunbookURL == "" {
			r.Explain.RunbookURL = t.Explain.RunbookURL
		}
		set.Rules[i] = &r
	}
}
