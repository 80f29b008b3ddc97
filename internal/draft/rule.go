package draft

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/failuredetector/failuredetector/rules"
)

// Pack is the name of the pack that drafts are in.
const Pack = "drafts"

// Rule is the draft of a rule.
type Rule struct {
	ID, Pattern string
	// Match are texts that it matches, and Ignore near misses.
	Match, Ignore []string
	// Count is how many errors there were, and File and Line where the first is.
	Count int
	File  string
	Line  int
}

const (
	// maxConsidered is of how many errors the near misses of another are taken.
	maxConsidered = 1000
	// minShared is how many words they share at least: that for the level alone is not near.
	minShared = 2
)

// Rules drafts rules for the most frequent errors, at most a number of them, sorted by id. Skipped is how
// many more frequent ones say too little for a pattern.
func (e *Errors) Rules(most int) (drafts []*Rule, skipped int) {
	all := e.byCount()
	others := all[:min(len(all), maxConsidered)]
	taken := map[string]bool{}
	for _, f := range all {
		if len(drafts) == most {
			break
		}
		r := f.rule(others, taken)
		if r == nil {
			skipped++
			continue
		}
		taken[r.ID] = true
		drafts = append(drafts, r)
	}
	slices.SortFunc(drafts, func(a, b *Rule) int { return strings.Compare(a.ID, b.ID) })
	return drafts, skipped
}

// rule drafts a rule, or gives nil where there is too little to recognise.
func (f *found) rule(others []*found, taken map[string]bool) *Rule {
	expr := pattern(f.template.String())
	if expr == "" {
		return nil
	}
	re, err := compile(expr)
	if err != nil {
		return nil // A part of a text that is no UTF-8 is no expression.
	}
	r := &Rule{ID: nameOf(expr, taken), Pattern: expr, Count: f.count, File: f.file, Line: f.line}
	r.Match = matching(re, f.samples)
	r.Ignore = nearMisses(re, f, others)
	if len(r.Match) < rules.MinimumExamples || len(r.Ignore) < rules.MinimumExamples {
		return nil
	}
	return r
}

// matching gives texts that match. Where all errors are the same, one of them is what is the same alone, as
// another logger would write it.
func matching(re *regexp.Regexp, samples []string) []string {
	var list []string
	for _, sample := range samples {
		if len(list) < rules.MinimumExamples && re.MatchString(sample) {
			list = append(list, sample)
		}
	}
	if len(list) != 1 {
		return list
	}
	alone := re.FindString(list[0])
	if alone == list[0] {
		alone = "ERROR: " + alone
	}
	return append(list, alone)
}

// nearMisses gives texts that do not match: other errors that share the most words, and where there are too
// few of them, what is left of a sample without its end, and without its beginning.
func nearMisses(re *regexp.Regexp, f *found, others []*found) []string {
	type miss struct {
		text   string
		shared int
	}
	own := wordsOf(f.samples[0])
	var misses []miss
	for _, other := range others {
		if other == f || re.MatchString(other.samples[0]) {
			continue
		}
		shared := 0
		for word := range wordsOf(other.samples[0]) {
			if own[word] {
				shared++
			}
		}
		if shared >= minShared {
			misses = append(misses, miss{other.samples[0], shared})
		}
	}
	slices.SortStableFunc(misses, func(a, b miss) int { return b.shared - a.shared })
	var list []string
	for _, m := range misses[:min(len(misses), rules.MinimumExamples)] {
		list = append(list, m.text)
	}
	words := strings.Fields(re.FindString(f.samples[0]))
	for _, part := range [][]string{words[:len(words)/2], words[len(words)/2:]} {
		if text := strings.Join(part, " "); len(list) < rules.MinimumExamples && text != "" && !re.MatchString(text) {
			list = append(list, text)
		}
	}
	return list
}

// wordsOf gives the words of letters in a text.
func wordsOf(text string) map[string]bool {
	set := map[string]bool{}
	for word := range strings.FieldsFuncSeq(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) }) {
		set[word] = true
	}
	return set
}

const (
	// maxNameWords and minNameWord are how many words of a pattern name a rule, and how long one is at least.
	maxNameWords, minNameWord = 4, 3
)

// nameOf names a rule by words of its pattern. The second of a name has a letter more.
func nameOf(expr string, taken map[string]bool) string {
	parts := []string{Pack}
	plain := strings.NewReplacer(gap, " ", `\b`, " ").Replace(expr)
	for word := range strings.FieldsFuncSeq(strings.ToLower(plain), func(r rune) bool { return r < 'a' || r > 'z' }) {
		if len(word) >= minNameWord && len(parts) <= maxNameWords {
			parts = append(parts, word)
		}
	}
	if len(parts) == 1 {
		parts = append(parts, "error")
	}
	name := strings.Join(parts, "-")
	for i, id := 0, name; ; i++ {
		if !taken[id] {
			return id
		}
		id = name + "-" + strings.Repeat("x", i+1)
	}
}
