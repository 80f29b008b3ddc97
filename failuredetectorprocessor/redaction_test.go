package failuredetectorprocessor

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// leaks are texts with a secret in them. The parts are put together here, so
// that no scanner takes this file for a leak.
func leaks() []struct{ kind, text, secret string } {
	const tail = "a8Kq2Zx9Lm4Vt7Rb3Nc6Pd1Wf5Hy0Js"
	return []struct{ kind, text, secret string }{
		{"password in a URL", "postgres://app:hunter2@db:5432/shop", "hunter2"},
		{"password in a URL without a user", "redis://:hunter2@cache:6379/0", "hunter2"},
		{"password with an at sign in a URL", "amqp://app:hun@ter2@mq", "hun@ter2"},
		{"password of a driver's data source", "app:hunter2@tcp(db:3306)/shop", "hunter2"},
		{"password of libpq", "host=db user=app password=hunter2 dbname=shop", "hunter2"},
		{"password of ADO.NET", "Server=db;User ID=app;Password=hunter2;Encrypt=True", "hunter2"},
		{"storage account", "AccountName=x;AccountKey=aGVsbG8gd29ybGQ=;EndpointSuffix=y", "aGVsbG8gd29ybGQ"},
		{"password in a command line", "mysqldump -phunter2 shop", "hunter2"},
		{"token in a query", "/x?access_token=abc123def&y=1", "abc123def"},
		{"signature of a query", "/x?X-Amz-Signature=0a1b2c3d&y=1", "0a1b2c3d"},
		{"bearer token", "Bearer " + tail, tail},
		{"basic credentials", "Authorization: Basic dXNlcjpwYXNz", "dXNlcjpwYXNz"},
		{"cookie", "Cookie: sid=abc123; theme=dark", "abc123"},
		{"OpenAI key", "s" + "k-proj-" + tail, tail},
		{"OpenAI key as printed", "Incorrect API key provided: s" + "k-abcd****wxyz.", "wxyz"},
		{"Anthropic key", "s" + "k-ant-api03-" + tail, tail},
		{"AWS key id", "AK" + "IAIOSFODNN7EXAMPLE", "IOSFODNN7EXAMPLE"},
		{"Google key", "AI" + "za" + tail, tail},
		{"GitHub token", "gh" + "p_" + tail, tail},
		{"Slack token", "xo" + "xb-123456789012-" + tail, tail},
		{"Stripe key", "s" + "k_live_" + tail, tail},
		{"JSON web token", "ey" + "JhbGciOiJIUzI1NiJ9.ey" + "JzdWIiOiIxIn0." + tail, tail},
		{"e-mail address", "ann.lee@example.com", "ann.lee"},
		{"card number", "4111 1111 1111 1111", "1111 1111"},
		{"bank account", "DE89370400440532013000", "370400440532013000"},
	}
}

// captured are messages of shipped rules that capture what stands at %s.
var captured = []string{
	"failed to connect to `%s`: dial tcp 10.0.0.5:5432: connect: connection refused",
	`connection to server at "%s", port 5432 failed: Connection refused`,
	"Error: Cannot find module '%s'",
	"RequestValidationError: [{'type': 'greater_than', 'loc': ('body', 'x'), 'msg': '%s', 'input': 0}]",
	`FATAL: could not load library "%s": file too short`,
}

// planted has every leak in every message.
func planted() (messages, secrets []string) {
	for _, leak := range leaks() {
		for _, message := range captured {
			messages = append(messages, fmt.Sprintf(message, leak.text))
			secrets = append(secrets, leak.secret)
		}
	}
	return messages, secrets
}

func redactionConfig() *Config {
	config := createDefaultConfig().(*Config)
	config.Annotate.Explanation = true
	return config
}

// requireWithout holds that a record was recognised, and that nothing written on it has a secret.
func requireWithout(t *testing.T, attributes pcommon.Map, message, secret string) {
	t.Helper()
	require.Contains(t, attributes.AsRaw(), "failure_rule", message)
	for key, value := range attributes.All() {
		if strings.HasPrefix(key, "failure_") {
			require.NotContains(t, value.AsString(), secret, "%s of %s", key, message)
		}
	}
}

func TestCapturedTextIsWhereSecretsArePlanted(t *testing.T) {
	p, sink := newHarness(t, redactionConfig()).logs(t)
	logs := plog.NewLogs()
	records := logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords()
	for _, message := range captured {
		records.AppendEmpty().Body().SetStr(fmt.Sprintf(message, "qwidget"))
	}
	require.NoError(t, p.ConsumeLogs(context.Background(), logs))
	records = sink.AllLogs()[0].ResourceLogs().At(0).ScopeLogs().At(0).LogRecords()
	for i, message := range captured {
		var captures []string
		for key, value := range records.At(i).Attributes().All() {
			if strings.HasPrefix(key, "failure_capture.") {
				captures = append(captures, value.AsString())
			}
		}
		require.Contains(t, strings.Join(captures, "\n"), "qwidget", message)
	}
}

func TestSecretsInLogsDoNotReachAnnotations(t *testing.T) {
	p, sink := newHarness(t, redactionConfig()).logs(t)
	messages, secrets := planted()
	logs := plog.NewLogs()
	records := logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords()
	for _, message := range messages {
		lr := records.AppendEmpty()
		lr.SetSeverityNumber(plog.SeverityNumberError)
		lr.Body().SetStr(message)
		lr.Attributes().PutStr("copy", message)
	}
	require.NoError(t, p.ConsumeLogs(context.Background(), logs))
	records = sink.AllLogs()[0].ResourceLogs().At(0).ScopeLogs().At(0).LogRecords()
	for i, message := range messages {
		lr := records.At(i)
		requireWithout(t, lr.Attributes(), message, secrets[i])
		require.Equal(t, message, lr.Body().Str(), "a body passes unchanged")
		unchanged, _ := lr.Attributes().Get("copy")
		require.Equal(t, message, unchanged.Str(), "an attribute passes unchanged")
	}
}

func TestSecretsInTracesDoNotReachAnnotations(t *testing.T) {
	p, sink := newHarness(t, redactionConfig()).traces(t)
	messages, secrets := planted()
	traces := ptrace.NewTraces()
	spans := traces.ResourceSpans().AppendEmpty().ScopeSpans().AppendEmpty().Spans()
	for _, message := range messages {
		span := spans.AppendEmpty()
		span.Status().SetCode(ptrace.StatusCodeError)
		span.Status().SetMessage(message)
		addException(spans.AppendEmpty(), "Error", message)
	}
	require.NoError(t, p.ConsumeTraces(context.Background(), traces))
	spans = sink.AllTraces()[0].ResourceSpans().At(0).ScopeSpans().At(0).Spans()
	for i, message := range messages {
		failed, thrown := spans.At(2*i), spans.At(2*i+1)
		requireWithout(t, failed.Attributes(), message, secrets[i])
		require.Equal(t, message, failed.Status().Message(), "a status passes unchanged")
		requireWithout(t, thrown.Attributes(), message, secrets[i])
		requireWithout(t, thrown.Events().At(0).Attributes(), message, secrets[i])
		unchanged, _ := thrown.Events().At(0).Attributes().Get("exception.message")
		require.Equal(t, message, unchanged.Str(), "an exception passes unchanged")
	}
}
