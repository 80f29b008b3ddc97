package notify

import (
	"encoding/json"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

// FuzzTemplate lets a sender choose what a template writes: it stays the one JSON object that the template
// makes.
func FuzzTemplate(f *testing.F) {
	b, err := newBody(&WebhookConfig{Template: `{"text": {{json (printf "*%s* %s" (upper .Severity) .Message)}}, "short": {{json (truncate 5 .RootCause)}}, "captures": {{json .Captures}}}`})
	require.NoError(f, err)
	f.Add("it fails", "because", "pool")
	f.Add("\"}, {\"admin\": true", "{{.Secret}}\u2028", "\x00\xff")
	f.Fuzz(func(t *testing.T, message, cause, capture string) {
		text, err := b.make(&Event{Failure: timeout("a", func(f *Failure) {
			f.Message, f.RootCause, f.Captures = message, cause, map[string]string{capture: capture}
		})})
		require.NoError(t, err)
		var made map[string]any
		require.NoError(t, json.Unmarshal(text, &made), "%s", text)
		require.Len(t, made, 3)
		if utf8.ValidString(message) {
			require.Equal(t, "*HIGH* "+message, made["text"])
		}
	})
}

func TestTruncate(t *testing.T) {
	for text, want := range map[string]string{"": "", "abc": "abc", "abcd": "abc", "abé": "ab", "éé": "é"} {
		got, err := truncate(3, text)
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
	_, err := truncate(-1, "a")
	require.Error(t, err)
}
