package detect

import (
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"

	"github.com/failuredetector/failuredetector/detect/internal/fold"
	"github.com/failuredetector/failuredetector/detect/internal/literal"
	"github.com/failuredetector/failuredetector/detect/internal/scan"
)

// branchWithout gives the branch of an expression that no text is needed for, as
// it is written: the expression itself where it has one branch.
func branchWithout(expr string) string {
	for _, branch := range branches(expr) {
		if required, err := literal.Required(branch); err == nil && required == nil {
			return shortened(branch)
		}
	}
	return shortened(expr)
}

// branches splits an expression where it leaves a choice that no group holds.
func branches(expr string) []string {
	var all []string
	depth, from, inClass := 0, 0, false
	for at := 0; at < len(expr); at++ {
		switch c := expr[at]; {
		case c == '\\':
			at++
		case inClass:
			inClass = c != ']'
		case c == '[':
			inClass = true
		case c == '(':
			depth++
		case c == ')':
			depth--
		case c == '|' && depth == 0:
			all = append(all, expr[from:at])
			from = at + 1
		}
	}
	return append(all, expr[from:])
}

// spacedWords are words that white space of any kind joins. What is escaped before
// them is no part of the first.
var spacedWords = regexp.MustCompile(`(?:\\.)?([A-Za-z]\w*(?:\\s[+*][A-Za-z]\w*)+)`)

// joinedWords advises to write words of an expression with plain spaces, where
// they are among those that are looked for one by one. What follows \s+ can begin
// with any white space, and so is no part of a longer text.
func joinedWords(expr string, texts []string) string {
	for _, found := range spacedWords.FindAllStringSubmatch(expr, -1) {
		words := found[1]
		plain := strings.NewReplacer(`\s+`, " ", `\s*`, " ").Replace(words)
		list := strings.Fields(fold.String(plain))
		list = slices.DeleteFunc(list, func(word string) bool { return len(word) < scan.MinLength })
		if len(list) > 0 && !slices.ContainsFunc(list, func(word string) bool { return !slices.Contains(texts, word) }) {
			return `; write ` + shortened(words) + ` as "` + shortened(plain) + `", which is one text`
		}
	}
	return ""
}

// wordsBefore and wordsBehind are the words at an end of a piece of an expression.
var (
	wordsBefore = regexp.MustCompile(`\\?[\w ]*$`)
	wordsBehind = regexp.MustCompile(`^[\w ]*`)
)

// around gives the words of an expression on both sides of a part of it, which
// are empty where the part stands in it several times.
func around(expr, part string) (before, behind string) {
	at := strings.Index(expr, part)
	if at < 0 || strings.Count(expr, part) > 1 {
		return "", ""
	}
	before = wordsBefore.FindString(expr[:at])
	if strings.HasPrefix(before, `\`) {
		before = before[min(2, len(before)):] // What is escaped is no word.
	}
	return last(before), first(wordsBehind.FindString(expr[at+len(part):]))
}

// first and last give a word of several, together with a space at its other side.
func first(words string) string {
	if at := strings.IndexByte(strings.TrimLeft(words, " "), ' '); at > 0 {
		return words[:at+len(words)-len(strings.TrimLeft(words, " "))]
	}
	return words
}

func last(words string) string {
	if at := strings.LastIndexByte(strings.TrimRight(words, " "), ' '); at >= 0 {
		return words[at+1:]
	}
	return words
}

// largestRepeat gives the part of an expression that is written out most often.
func largestRepeat(expr string) string {
	tree, err := syntax.Parse(expr, syntax.Perl)
	if err != nil {
		return shortened(expr)
	}
	largest, most := expr, 0
	var look func(re *syntax.Regexp, times int)
	look = func(re *syntax.Regexp, times int) {
		if re.Op == syntax.OpRepeat {
			times *= max(re.Max, re.Min)
			if size := times * len(re.Sub[0].String()); size > most {
				largest, most = re.String(), size
			}
		}
		for _, sub := range re.Sub {
			look(sub, times)
		}
	}
	look(tree, 1)
	return shortened(largest)
}

// maxShown is how much of an expression is quoted in advice, in bytes.
const maxShown = 80

func shortened(text string) string {
	if cut := truncate(text, maxShown); len(cut) < len(text) {
		return cut + "…"
	}
	return text
}
