package notify

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/failuredetector/failuredetector/failure"
)

func TestDefaults(t *testing.T) {
	config, err := read(t, `{alertmanager: [{endpoint: "http://a:9093"}], webhooks: [{endpoint: "https://hook"}]}`)
	require.NoError(t, err)
	a, w := config.Alertmanager[0], config.Webhooks[0]
	require.Equal(t, time.Minute, a.ResendInterval)
	require.Equal(t, ResolveAtOnce, a.Resolve)
	require.Equal(t, []string{"service.namespace", "service.name", "deployment.environment.name"}, a.Labels)
	require.Equal(t, time.Minute, a.Retry.MaxElapsedTime)
	require.NotContains(t, w.Events, "failure_ongoing")
	require.Contains(t, w.Events, "failure_detected")
	for _, d := range []Delivery{a.Delivery, w.Delivery} {
		require.Equal(t, 10*time.Second, d.HTTP.Timeout)
		require.Equal(t, 1, d.Queue.Get().NumConsumers)
		require.True(t, d.Retry.Enabled)
	}
}

func TestAllKeys(t *testing.T) {
	config, err := read(t, `
external_url: https://feed.example
alertmanager:
  - endpoint: http://a:9093/prefix
    timeout: 3s
    keepalive: {idle_conn_timeout: 5s}
    auth: {authenticator: basicauth}
    tls: {insecure_skip_verify: true}
    min_severity: high
    types: [DATABASE_TIMEOUT]
    resend_interval: 30s
    resolve: by_expiry
    labels: [workspace_id]
    sending_queue: {enabled: false}
    retry_on_failure: {enabled: false}
webhooks:
  - endpoint: https://hook
    services: [checkout]
    categories: [database]
    events: [failure_resolved]
    secret: whsec_c2VjcmV0
    template: '{"text": {{json .Message}}}'
    headers: {X-Team: shop}
    sending_queue: {queue_size: 5, num_consumers: 2}
`)
	require.NoError(t, err)
	a, w := config.Alertmanager[0], config.Webhooks[0]
	require.Equal(t, failure.High, a.MinSeverity)
	require.Equal(t, []string{"DATABASE_TIMEOUT"}, a.Types)
	require.Equal(t, ResolveByExpiry, a.Resolve)
	require.Equal(t, []string{"workspace_id"}, a.Labels)
	require.Equal(t, 3*time.Second, a.HTTP.Timeout)
	require.Equal(t, 5*time.Second, a.HTTP.IdleConnTimeout) //nolint:staticcheck // The client itself puts keepalive there.
	require.True(t, a.HTTP.Auth.HasValue())
	require.True(t, a.HTTP.TLS.InsecureSkipVerify)
	require.False(t, a.Queue.HasValue())
	require.False(t, a.Retry.Enabled)
	require.Equal(t, []string{"failure_resolved"}, w.Events)
	require.EqualValues(t, 5, w.Queue.Get().QueueSize)
	require.Equal(t, "[REDACTED]", w.Secret.String())
}

func TestFaultsNameTheirKey(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"no endpoint":       {`{alertmanager: [{}]}`, "alertmanager::0: endpoint: has to be an http or https URL"},
		"endpoint unsaid":   {`{webhooks: [{endpoint: "hooks.example/T0/correct-horse"}]}`, "webhooks::0: endpoint: has to be an http or https URL"},
		"external_url":      {`{external_url: "javascript:alert(1)"}`, `external_url: "javascript:alert(1)" has to be an http or https URL`},
		"resend_interval":   {`{alertmanager: [{endpoint: "http://a", resend_interval: 0s}]}`, "alertmanager::0: resend_interval: has to be more than 0"},
		"resolve":           {`{alertmanager: [{endpoint: "http://a", resolve: never}]}`, `alertmanager::0: resolve: "never" is none: use at_once or by_expiry`},
		"min_severity":      {`{alertmanager: [{endpoint: "http://a", min_severity: page}]}`, `"page" is no severity`},
		"unknown key":       {`{webhooks: [{endpoint: "http://a", min_severty: high}]}`, `"min_severty" is no key here: use auth,`},
		"unknown kind":      {`{webhoks: []}`, `"webhoks" is no key here: use alertmanager, external_url, webhooks`},
		"unknown queue key": {`{webhooks: [{endpoint: "http://a", sending_queue: {queue_sze: 1}}]}`, "queue_sze"},
		"events":            {`{webhooks: [{endpoint: "http://a", events: [opened]}]}`, `webhooks::0: events: "opened" is none: use failure_detected`},
		"empty secret":      {`{webhooks: [{endpoint: "http://a", secret: ""}]}`, "webhooks::0: secret: is empty"},
		"secret unsaid":     {`{webhooks: [{endpoint: "http://a", secret: "whsec_correct horse"}]}`, "webhooks::0: secret: what follows whsec_ is no base64"},
		"batch":             {`{webhooks: [{endpoint: "http://a", sending_queue: {batch: {min_size: 5}}}]}`, "webhooks::0: sending_queue::batch: what is sent is put together already"},
		"template syntax":   {`{webhooks: [{endpoint: "http://a"}, {endpoint: "http://a", template: "{{if}}"}]}`, "webhooks::1: template: body:1: missing value for if"},
		"template field":    {`{webhooks: [{endpoint: "http://a", template: "{{.Sevrity}}"}]}`, `webhooks::0: template: body:1:2: executing "body" at <.Sevrity>: can't evaluate field Sevrity`},
		"template function": {`{webhooks: [{endpoint: "http://a", template: "{{env .ID}}"}]}`, `function "env" not defined`},
		"template quotes":   {`{webhooks: [{endpoint: "http://a", template: '{"text": "{{.Message}}"}'}]}`, "it makes no JSON of a message with quotes and line breaks: write {{json .Message}}"},
		"template too long": {`{webhooks: [{endpoint: "http://a", template: '{{printf "%2000000d" .Count}}'}]}`, "it makes more than 1048576 bytes"},
		"template endless":  {`{webhooks: [{endpoint: "http://a", template: '{{define "a"}}{{template "a"}}{{end}}{{template "a"}}'}]}`, "exceeded maximum template depth"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := read(t, c.text)
			require.ErrorContains(t, err, c.want)
			require.NotContains(t, err.Error(), "correct")
		})
	}
}

func TestFilters(t *testing.T) {
	for name, c := range map[string]struct {
		filter Filter
		want   bool
	}{
		"nothing said":    {Filter{}, true},
		"severe enough":   {Filter{MinSeverity: failure.High}, true},
		"too harmless":    {Filter{MinSeverity: failure.Critical}, false},
		"type":            {Filter{Types: []string{"NETWORK_ERROR", "DATABASE_TIMEOUT"}}, true},
		"another type":    {Filter{Types: []string{"NETWORK_ERROR"}}, false},
		"category":        {Filter{Categories: []string{"database"}}, true},
		"service":         {Filter{Services: []string{"checkout"}}, true},
		"another service": {Filter{Services: []string{"stock"}, Types: []string{"DATABASE_TIMEOUT"}}, false},
	} {
		t.Run(name, func(t *testing.T) { require.Equal(t, c.want, c.filter.wants(timeout("a"))) })
	}
}
