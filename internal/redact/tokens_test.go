package redact_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/failuredetector/failuredetector/internal/redact"
)

// tokens are secrets by their form, of the length that vendors give them.
var tokens = []struct{ vendor, token string }{
	{"OpenAI, legacy", planted("s", "k-", tail[:20], "T3Blbk", "FJ", tail[:20])},
	{"OpenAI, project", planted("s", "k-proj-", tail, "_", tail)},
	{"OpenAI, service account", planted("s", "k-svcacct-", tail, "-", tail)},
	{"Anthropic", planted("s", "k-ant-api03-", tail, "-", tail, "AA")},
	{"OpenRouter", planted("s", "k-or-v1-", strings.Repeat("0a", 32))},
	{"Groq", planted("gs", "k_", tail, tail[:21])},
	{"xAI", planted("xa", "i-", tail, tail)},
	{"Hugging Face", planted("h", "f_", tail, "abc")},
	{"Replicate", planted("r", "8_", tail, "abc")},
	{"Google API", planted("AI", "za", "Sy", tail, "-_")},
	{"Google OAuth", planted("ya", "29.", tail, "-_", tail)},
	{"Google client secret", planted("GOC", "SPX-", tail[:28])},
	{"AWS key id", planted("AK", "IA", "IOSFODNN7EXAMPLE")},
	{"AWS temporary key id", planted("AS", "IA", "IOSFODNN7EXAMPLE")},
	{"AWS session", planted("Fwo", "GZXIvYXdzEBYaD", tail, "/+", tail)},
	{"Microsoft Entra", planted("a1B", "8", "Q~", tail, "a.~")},
	{"Azure DevOps", planted(tail, tail, tail[:14], "AZ", "DO", tail[:4])},
	{"Azure OpenAI", planted(tail, tail[:21], "JQQ", "J99", "BFAC77b", tail[:19])},
	{"Azure Storage", planted(tail, tail, tail[:14], "+A", "St", tail[:5], "A==")},
	{"Azure Service Bus", planted(tail, "a8", "+A", "Sb", "A", tail[:5], "=")},
	{"DigitalOcean", planted("do", "p_v1_", strings.Repeat("0a", 32))},
	{"Supabase", planted("sb", "p_", strings.Repeat("0a", 20))},
	{"Databricks", planted("da", "pi", strings.Repeat("0a", 16))},
	{"Vault", planted("hv", "s.", tail, tail, tail)},
	{"Terraform", planted(tail[:14], ".atlas", "v1.", tail, tail)},
	{"Doppler", planted("dp", ".pt.", tail, tail[:12])},
	{"GitHub", planted("gh", "p_", tail, "abcd")},
	{"GitHub app", planted("gh", "s_", tail, "abcd")},
	{"GitHub, fine-grained", planted("github", "_pat_", tail[:22], "_", tail)},
	{"GitLab", planted("gl", "pat-", tail[:20])},
	{"Bitbucket", planted("AT", "BB", tail, "a")},
	{"Atlassian", planted("AT", "ATT3xFfGF0", tail, "-", tail, "=A1")},
	{"npm", planted("np", "m_", tail, "abcde")},
	{"PyPI", planted("py", "pi-AgEIcHlwaS5vcmc", tail)},
	{"Docker Hub", planted("dckr", "_pat_", tail[:27])},
	{"Slack bot", planted("xo", "xb-", "123456789012-1234567890123-", tail[:24])},
	{"Slack app", planted("xa", "pp-1-A0-1-", tail)},
	{"Stripe", planted("s", "k_live_", tail[:24])},
	{"Stripe webhook", planted("wh", "sec_", tail)},
	{"Square", planted("sq0", "atp-", tail[:22])},
	{"Shopify", planted("shp", "at_", strings.Repeat("0a", 16))},
	{"SendGrid", planted("S", "G.", tail[:22], ".", tail, "abc")},
	{"Twilio", planted("S", "K", strings.Repeat("0a", 16))},
	{"Mailgun", planted("ke", "y-", strings.Repeat("0a", 16))},
	{"Mailchimp", planted(strings.Repeat("0a", 16), "-u", "s12")},
	{"Grafana", planted("gl", "sa_", tail, "_0a1b2c3d")},
	{"New Relic", planted("NR", "AK-", strings.ToUpper(tail[:27]))},
	{"New Relic licence", planted(strings.Repeat("0a", 16), "FFFFNR", "AL")},
	{"Dynatrace", planted("dt0", "c01.", tail[:24], ".", tail, tail)},
	{"Sentry", planted("sntry", "u_", strings.Repeat("0a", 32))},
	{"Telegram", planted("123456789", ":A", "A", tail, "-_")},
	{"Discord", planted("MT", "k4NjIyNDgzNDcxOTI1MjQ4", ".Cl2FMQ.", "ZnCjm1XVW7vRze4b7Cq4se7kKWs")},
	{"JSON web token", planted("ey", "JhbGciOiJIUzI1NiJ9.", "ey", "JzdWIiOiIxMjM0NTY3ODkwIn0.", tail)},
	{"Linear", planted("lin", "_api_", tail, "abcdefghi")},
	{"Postman", planted("PM", "AK-", strings.Repeat("0a", 12), "-", strings.Repeat("0b", 17))},
	{"Tailscale", planted("ts", "key-auth-", tail)},
	{"private key", planted("-----BEGIN RSA PRIV", "ATE KEY-----\nMIIE\n-----END RSA PRIV", "ATE KEY-----")},
}

func TestTokensOfVendors(t *testing.T) {
	for _, tc := range tokens {
		t.Run(tc.vendor, func(t *testing.T) {
			require.Equal(t, "[redacted]", redact.String(tc.token))
			require.Equal(t, "refused [redacted] today", redact.String("refused "+tc.token+" today"))
			require.Equal(t, "('[redacted]').", redact.String("('"+tc.token+"')."))
			require.Equal(t, `\n[redacted]\n`, redact.String(`\n`+tc.token+`\n`), "escaped line feeds")
		})
	}
}

func TestTokensInPlaces(t *testing.T) {
	requireRewritten(t, []rewritten{
		{"masked by OpenAI", planted("provided: s", "k-XG6GW****************wlmi. You can find"), "provided: [redacted]. You can find"},
		{"masked by OpenAI, project", planted("provided: s", "k-proj-********************sQoA."), "provided: [redacted]."},
		{"cut by OpenAI", planted("OpenAIException - s", "k-svcac...JtAA"), "OpenAIException - [redacted]"},
		{"AWS id and secret", planted(`("AK`, `IAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")`), `("[redacted]")`},
		{"Slack webhook", "POST https://hooks.slack.com/services/T000/B000/XXXX failed", "POST https://hooks.slack.com/services/[redacted] failed"},
		{"Discord webhook", "https://discord.com/api/webhooks/123456/" + tail, "https://discord.com/api/webhooks/[redacted]"},
		{"private key that breaks off", planted("-----BEGIN PRIV", "ATE KEY-----\nMIIE"), "[redacted]"},
		{"private key in JSON", planted(`{"key":"-----BEGIN PRIV`, `ATE KEY-----\nMIIE\n-----END PRIV`, `ATE KEY-----\n"}`), `{"key":"[redacted]\n"}`},
		{"escaped in a URL", planted("x%20gh", "p_", tail), "x%20[redacted]"},
	})
}
