// Package mutate makes rule sets of any size that look like the catalogue.
package mutate

import (
	"fmt"
	"math/rand/v2"
	"regexp/syntax"
	"slices"
	"strings"
	"unicode"

	"github.com/failuredetector/failuredetector/benchmarks/internal/plain"
	"github.com/failuredetector/failuredetector/rules"
)

// shortest is from how many letters on a word is replaced: shorter ones are
// mostly articles, units and parts of identifiers.
const shortest = 4

// Set gives so many rules, drawn evenly from those of a set that have patterns.
// A rule that is drawn again has other words: each begins like the word that it
// stands for and ends like another one of the set, so that what is searched for
// has the letters, the lengths and the shapes of real rules.
func Set(from *rules.Set, count int) (*rules.Set, error) {
	source := rand.New(rand.NewPCG(20261126, uint64(count)))
	var drawn []*rules.Rule
	for _, r := range from.Rules {
		if len(r.Match.Patterns) > 0 {
			drawn = append(drawn, r)
		}
	}
	words, err := vocabulary(drawn)
	if err != nil {
		return nil, err
	}
	list := make([]plain.Rule, 0, count)
	for i := range count {
		generation, r := i/len(drawn), drawn[i%len(drawn)]
		if count < len(drawn) {
			r = drawn[i*len(drawn)/count]
		}
		other := map[string]string{}
		replace := func(word string) string {
			if other[word] == "" {
				other[word] = splice(word, words, source)
			}
			return other[word]
		}
		rule := plain.Rule{ID: fmt.Sprintf("%s-%d", r.ID, generation), Type: r.Type}
		for _, pattern := range r.Match.Patterns {
			expr := pattern.Expr
			if generation > 0 {
				// It was parsed for the vocabulary, so this cannot fail.
				expr, _ = mutated(expr, replace)
			}
			rule.Patterns = append(rule.Patterns, expr)
		}
		list = append(list, rule)
	}
	return plain.Set(list)
}

// vocabulary lists the words of all patterns, each once, in order.
func vocabulary(list []*rules.Rule) ([]string, error) {
	known := map[string]bool{}
	for _, r := range list {
		for _, p := range r.Match.Patterns {
			if _, err := mutated(p.Expr, func(word string) string {
				known[word] = true
				return word
			}); err != nil {
				return nil, fmt.Errorf("rule %q: %w", r.ID, err)
			}
		}
	}
	words := make([]string, 0, len(known))
	for word := range known {
		words = append(words, word)
	}
	slices.Sort(words)
	return words, nil
}

// splice ends a word as another one of the same length or longer ends, the
// lengths being equal so that no bound of a pattern is off.
func splice(word string, words []string, source *rand.Rand) string {
	keep := len(word) / 2
	for {
		other := words[source.IntN(len(words))]
		if len(other) >= len(word)-keep {
			return word[:keep] + other[len(other)-(len(word)-keep):]
		}
	}
}

// mutated replaces the words in the literals of an expression.
func mutated(expr string, replace func(word string) string) (string, error) {
	tree, err := syntax.Parse(expr, syntax.Perl|syntax.FoldCase|syntax.DotNL)
	if err != nil {
		return "", err
	}
	mutateTree(tree, replace)
	return tree.String(), nil
}

func mutateTree(re *syntax.Regexp, replace func(word string) string) {
	if re.Op == syntax.OpLiteral {
		re.Rune = []rune(mutateText(string(re.Rune), replace))
	}
	for _, sub := range re.Sub {
		mutateTree(sub, replace)
	}
}

func mutateText(text string, replace func(word string) string) string {
	var b strings.Builder
	letter := func(r rune) bool { return r < unicode.MaxASCII && unicode.IsLetter(r) }
	for text != "" {
		end := strings.IndexFunc(text, func(r rune) bool { return !letter(r) })
		if end < 0 {
			end = len(text)
		}
		if end >= shortest {
			b.WriteString(replace(strings.ToLower(text[:end])))
		} else {
			b.WriteString(text[:end])
		}
		text = text[end:]
		next := strings.IndexFunc(text, letter)
		if next < 0 {
			next = len(text)
		}
		b.WriteString(text[:next])
		text = text[next:]
	}
	return b.String()
}
