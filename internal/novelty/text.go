package novelty

import (
	"strings"
	"unicode/utf8"

	"github.com/failuredetector/failuredetector/internal/fingerprint"
)

const (
	// maxTokens is how many words of a text count: more are seldom one message.
	maxTokens = 40
	// maxToken and maxTemplate bound a word, and a template that a logger names, in bytes.
	maxToken    = 64
	maxTemplate = 512
)

// wildcard stands in a template where its texts differ.
const wildcard = "<*>"

// Text is what an error says, ready to be compared.
type Text struct {
	tokens []string
	// exact says that it is a template that a logger names: only the same one is alike.
	exact bool
}

// FromTemplate takes the template that a logger says a text was made from.
func FromTemplate(template string) Text {
	template = strings.ToValidUTF8(clip(strings.TrimSpace(template), maxTemplate), "�")
	if template == "" {
		return Text{}
	}
	return Text{tokens: []string{template}, exact: true}
}

// FromText takes a message: its words, with a mask for each number, id, address, path, time and quotation.
func FromText(message string) Text {
	// What is no UTF-8 would not be the same once it was saved.
	masked := strings.ToValidUTF8(fingerprint.Mask(message), "�")
	tokens := make([]string, 0, min(1+strings.Count(masked, " ")+strings.Count(masked, "="), maxTokens))
	for len(tokens) < maxTokens {
		masked = strings.TrimLeft(masked, " \t\r\n")
		if masked == "" {
			break
		}
		// What stands behind an equals sign is a value.
		end := strings.IndexAny(masked, " \t\r\n=")
		switch {
		case end < 0:
			end = len(masked)
		case masked[end] == '=':
			end++
		}
		token := clip(masked[:end], maxToken)
		masked = masked[end:]
		if strings.IndexByte(token, maskSign) >= 0 {
			token = strings.ReplaceAll(token, "-<n>", "<n>")
			// A list is of any length.
			if len(tokens) > 0 && strings.TrimRight(tokens[len(tokens)-1], ",;") == strings.TrimRight(token, ",;") {
				continue
			}
		}
		tokens = append(tokens, token)
	}
	return Text{tokens: tokens}
}

// Empty says that there is nothing to compare.
func (t Text) Empty() bool { return len(t.tokens) == 0 }

// exactBucket has the templates that loggers name.
const exactBucket = -1

// bucket tells texts that cannot be alike: those of different lengths.
func (t Text) bucket() int {
	if t.exact {
		return exactBucket
	}
	return len(t.tokens)
}

// join puts words together again.
func join(tokens []string) string {
	var b strings.Builder
	for i, token := range tokens {
		if i > 0 && !strings.HasSuffix(tokens[i-1], "=") {
			b.WriteByte(' ')
		}
		b.WriteString(token)
	}
	return b.String()
}

func clip(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	end := limit
	for end > limit-utf8.UTFMax && !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end]
}
