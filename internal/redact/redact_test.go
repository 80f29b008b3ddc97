package redact_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/failuredetector/failuredetector/internal/redact"
)

// planted puts a secret together, so that no scanner takes this file for a leak.
func planted(parts ...string) string { return strings.Join(parts, "") }

func TestSecretsAreTakenOut(t *testing.T) {
	const tail = "a8Kq2Zx9Lm4Vt7Rb3Nc6Pd1Wf5Hy0Js"
	for _, tc := range []struct {
		name string
		text string
		want string
	}{
		{"password in a URL", "cannot reach postgres://app:s3cr3t@db:5432/shop", "cannot reach postgres://app:[redacted]@db:5432/shop"},
		{"the host of a URL stays", "amqp://app:s3cr3t@mq.example.com:5672", "amqp://app:[redacted]@mq.example.com:5672"},
		{"password with an at sign", "redis://:p@ss@cache:6379/0", "redis://:[redacted]@cache:6379/0"},
		{"token in a URL", "https://" + tail + "@git.example/x", "https://[redacted]@git.example/x"},
		{"bearer token", "sent Bearer " + tail + " to it", "sent Bearer [redacted] to it"},
		{"authorization header", `headers: {"Authorization": "Basic dXNlcjpwYXNz"}`, `headers: {"Authorization": "Basic [redacted]"}`},
		{"password as a key", "connection failed: host=db user=app password=hunter2 dbname=shop", "connection failed: host=db user=app password=[redacted] dbname=shop"},
		{"key in JSON", `{"api_key": "abc123", "n": 1}`, `{"api_key": "[redacted]", "n": 1}`},
		{"token in a query", "GET /x?access_token=abc&y=1", "GET /x?access_token=[redacted]&y=1"},
		{"SQL password", "CREATE USER a IDENTIFIED BY 'pw'", "CREATE USER a IDENTIFIED BY '[redacted]'"},
		{"JSON web token", planted("token was ey", "JhbGciOi.eyJzdWIiOiIx.c2lnbmF0dXJl", " today"), "token was [redacted] today"},
		{"OpenAI key", planted("key s", "k-proj-", tail), "key [redacted]"},
		{"Anthropic key", planted("key s", "k-ant-api03-", tail), "key [redacted]"},
		{"Stripe key", planted("key s", "k_live_", tail), "key [redacted]"},
		{"AWS key id", planted("id AK", "IA", "IOSFODNN7EXAMPLE"), "id [redacted]"},
		{"Google key", planted("key AI", "za", tail), "key [redacted]"},
		{"GitHub token", planted("as gh", "p_", tail), "as [redacted]"},
		{"Slack token", planted("as xo", "xb-", "123456789012-", tail), "as [redacted]"},
		{"private key", planted("-----BEGIN RSA PRIV", "ATE KEY-----\nMIIE\n-----END RSA PRIV", "ATE KEY----- end"), "[redacted] end"},
		{"private key that breaks off", planted("-----BEGIN PRIV", "ATE KEY-----\nMIIE"), "[redacted]"},
		{"e-mail address", "user ann.lee+x@example.co.uk not found", "user [redacted] not found"},
		{"card number", "card 4111 1111 1111 1111 refused", "card [redacted] refused"},
		{"digits that are no card", "order 4111111111111112 refused", "order 4111111111111112 refused"},
		{"several", "a@b.io and postgres://u:p@h", "[redacted] and postgres://u:[redacted]@h"},
		{"nothing", "connection to db.shop:5432 refused at 10:15:32", "connection to db.shop:5432 refused at 10:15:32"},
		{"empty", "", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			require.Equal(t, tc.want, redact.String(tc.text))
		})
	}
}

func TestAPartOfATextKnowsTheWhole(t *testing.T) {
	text := "password=hunter2 for app"
	secrets := redact.Find(text)
	require.Equal(t, "[redacted]", redact.Slice(text, secrets, 9, 16))
	require.Equal(t, "[redacted]", redact.Slice(text, secrets, 12, 14), "the middle of a secret is one")
	require.Equal(t, "[redacted] for", redact.Slice(text, secrets, 12, 20))
	require.Equal(t, "for app", redact.Slice(text, secrets, 17, 24))
}

func FuzzRedact(f *testing.F) {
	f.Add("postgres://app:", "@db", 3, 9)
	f.Add("password=", " ", 0, 0)
	f.Add("\xff\x00", "é", 1, 2)
	f.Fuzz(func(t *testing.T, before, after string, from, length int) {
		secret := planted("gh", "p_", "a8Kq2Zx9Lm4Vt7Rb3Nc6")
		text := before + " " + secret + " " + after
		require.NotContains(t, redact.String(text), secret)
		secrets := redact.Find(text)
		for i := 1; i < len(secrets); i++ {
			require.Less(t, secrets[i-1].End, secrets[i].Start)
		}
		from = min(max(from, 0), len(text))
		until := min(max(from+length%64, from), len(text))
		require.NotContains(t, redact.Slice(text, secrets, from, until), secret)
	})
}
