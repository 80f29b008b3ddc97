// Package mutate makes rule sets of any size that look like the catalogue.
package mutate

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"

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
	words := vocabulary(drawn)
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
				expr = mutated(expr, replace)
			}
			rule.Patterns = append(rule.Patterns, expr)
		}
		list = append(list, rule)
	}
	return plain.Set(list)
}

// vocabulary lists the words of all patterns, each once, in order.
func vocabulary(list []*rules.Rule) []string {
	known := map[string]bool{}
	for _, r := range list {
		for _, p := range r.Match.Patterns {
			mutated(p.Expr, func(word string) string {
				known[word] = true
				return word
			})
		}
	}
	return slices.Sorted(maps.Keys(known))
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

// token is what has letters that stand for something else than themselves: an
// escape, a class, the head of a group, a count; or else a word.
var token = regexp.MustCompile(`\\[pP]\{\w+\}|\\x\{?[0-9A-Fa-f]+\}?|\\.|\[\^?\]?(?:\\.|\[:\^?\w+:\]|[^\]\\])*\]|\(\?P?<\w+>|\(\?[\w-]*[:)]|\{[\d,]*\}|[A-Za-z]+`)

// mutated replaces the words in the literals of an expression. They are replaced
// as written, since the syntax tree takes long to be written as an expression.
func mutated(expr string, replace func(word string) string) string {
	return token.ReplaceAllStringFunc(expr, func(found string) string {
		if len(found) < shortest || strings.ContainsAny(found[:1], `\[({`) {
			return found
		}
		return replace(strings.ToLower(found))
	})
}
