package redact_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/failuredetector/failuredetector/internal/redact"
)

// plants are texts with a secret in them. In any text they are found if a
// character that belongs to no word sets them apart.
func plants() []struct{ text, secret string } {
	list := []struct{ text, secret string }{
		{"postgres://app:" + tail + "@db:5432/shop", tail},
		{"redis://:p@" + tail + "%@cache:6379/0", tail},
		{"https://" + tail + "@git.example/x", tail},
		{"app:" + tail + "@tcp(db:3306)/shop", tail},
		{"password=" + tail, tail},
		{"Pwd=" + tail + ";", tail},
		{`"password":"` + tail + `"`, tail},
		{"{'password': '" + tail + "'}", tail},
		{"&api_key=" + tail, tail},
		{"Bearer " + tail, tail},
		{"Authorization: Basic dXNlcjpwYXNz", "dXNlcjpwYXNz"},
		{"ann.lee@example.co.uk", "ann.lee"},
		{"4111111111111111", "4111111111111111"},
		{"5555-5555-5555-4444", "5555-5555-5555-4444"},
		{"DE89370400440532013000", "DE89370400440532013000"},
	}
	for _, t := range tokens {
		list = append(list, struct{ text, secret string }{t.token, t.token})
	}
	return list
}

func FuzzString(f *testing.F) {
	for i, seed := range hostile {
		f.Add(strings.Repeat(seed, 3), uint16(i), uint8(i))
	}
	f.Add("password=\"[redacted] and ", uint16(24), uint8(1))
	f.Add("Authorization:0000000A AAAAAAA0", uint16(0), uint8(0))
	f.Add("Authorization:\"Foo AAAAAAA0\"", uint16(0), uint8(0))
	f.Add("://a:b c 4111 ", uint16(8), uint8(12))
	known := plants()
	f.Fuzz(func(t *testing.T, text string, place uint16, which uint8) {
		text = text[:min(len(text), maxText)]
		requireSound(t, text)
		plant := known[int(which)%len(known)]
		at := int(place) % (len(text) + 1)
		for at < len(text) && !utf8.RuneStart(text[at]) {
			at++
		}
		if strings.Contains(text, plant.secret) {
			return // Not as a secret, perhaps: a card number can be part of a longer one.
		}
		planted := text[:at] + "\n" + plant.text + "\n" + text[at:]
		requireSound(t, planted)
		require.NotContains(t, redact.String(planted), plant.secret)
	})
}

// requireSound holds that secrets are in order and apart from each other, that
// masking keeps UTF-8 valid, and that masking twice is masking once.
func requireSound(t *testing.T, text string) {
	t.Helper()
	end := -1
	for _, r := range redact.Find(text) {
		require.Less(t, end, r.Start)
		require.Less(t, r.Start, r.End)
		end = r.End
	}
	require.LessOrEqual(t, end, len(text))
	once := redact.String(text)
	require.Equal(t, once, redact.String(once))
	if utf8.ValidString(text) {
		require.True(t, utf8.ValidString(once))
	}
}
