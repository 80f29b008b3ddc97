package stacktrace

import "strings"

// atWords begin a frame in Java, JavaScript and .NET. The runtime of .NET
// translates the word: German, French and Italian, Spanish, Russian, Japanese, Chinese.
var atWords = []string{"at ", "bei ", "à ", "in ", "en ", "в ", "場所 ", "在 "}

// afterAt gives where the word that begins a frame stands in a line and what
// follows it. The word begins the line or has a blank before it.
func afterAt(line string, words []string) (at int, rest string) {
	for _, word := range words {
		from := 0
		for {
			i := strings.Index(line[from:], word)
			if i < 0 {
				break
			}
			i += from
			if i == 0 || line[i-1] == ' ' || line[i-1] == '\t' {
				return i, line[i+len(word):]
			}
			from = i + len(word)
		}
	}
	return -1, ""
}
