package notify

import (
	"encoding/json"
	"maps"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

func labelsOf(f *Failure, others ...*Failure) map[string]string {
	return newLabelNames([]string{"service.namespace", "service.name", "deployment.environment.name"}).of(f, originsOf(append(others, f)))
}

func TestLabels(t *testing.T) {
	base := map[string]string{
		"alertname": "DATABASE_TIMEOUT", "severity": "high", "failure_type": "DATABASE_TIMEOUT", "failure_category": "database",
		"failure_fingerprint": "v1:0123456789abcdef", "service_name": "checkout", "service_namespace": "shop",
	}
	cascade := func(f *Failure) { f.ID, f.FailureType, f.Origin = "c", "CASCADING_FAILURES", "stock" }
	breaker := func(f *Failure) { f.ID, f.FailureType, f.Entity = "b", "CIRCUIT_BREAKER_TRIPPED", "peer:stock" }
	held := func(by string) func(*Failure) { return func(f *Failure) { f.SuppressedBy, f.Held = by, true } }
	for name, c := range map[string]struct {
		failure *Failure
		others  []*Failure
		want    map[string]string
	}{
		"a failure": {failure: timeout("a")},
		"what changes is no label": {failure: timeout("another", func(f *Failure) {
			f.Count, f.LastSeen, f.Message, f.TraceID = 99, start.Add(1000), "another", "another"
		})},
		"entity":     {failure: timeout("a", func(f *Failure) { f.Entity = "db:1" }), want: map[string]string{"failure_entity": "db:1"}},
		"transient":  {failure: timeout("a", func(f *Failure) { f.Transient = true }), want: map[string]string{"failure_transient": "true"}},
		"prediction": {failure: timeout("a", func(f *Failure) { f.Status = "predicted" }), want: map[string]string{"failure_status": "predicted"}},
		"cascade": {
			failure: timeout("c", cascade),
			want:    map[string]string{"alertname": "CASCADING_FAILURES", "failure_type": "CASCADING_FAILURES", "failure_origin": "stock", "failure_cascade": "origin"},
		},
		"victim":            {failure: timeout("a", held("c")), others: []*Failure{timeout("c", cascade)}, want: map[string]string{"failure_origin": "stock", "failure_cascade": "victim"}},
		"of broken calls":   {failure: timeout("a", held("b")), others: []*Failure{timeout("b", breaker)}, want: map[string]string{"failure_origin": "peer:stock", "failure_cascade": "victim"}},
		"of both":           {failure: timeout("a", held("b")), others: []*Failure{timeout("b", breaker, held("c")), timeout("c", cascade)}, want: map[string]string{"failure_origin": "stock", "failure_cascade": "victim"}},
		"announced anyway":  {failure: timeout("a", func(f *Failure) { f.SuppressedBy = "c" }), others: []*Failure{timeout("c", cascade)}},
		"origin is over":    {failure: timeout("a", held("c")), others: []*Failure{timeout("c", cascade, func(f *Failure) { f.Status = "stale" })}},
		"origin is unknown": {failure: timeout("a", held("c"))},
		"origin is itself":  {failure: timeout("a", held("a"))},
	} {
		t.Run(name, func(t *testing.T) {
			want := map[string]string{}
			maps.Copy(want, base)
			maps.Copy(want, c.want)
			require.Equal(t, want, labelsOf(c.failure, c.others...))
		})
	}
}

func TestLabelNames(t *testing.T) {
	for key, want := range map[string]string{
		"service.name": "service_name", "1st": "_1st", "": "_", "ä-b": "__b", "k8s.cluster.name": "k8s_cluster_name",
	} {
		require.Equal(t, want, labelName(key))
	}
}

func TestHostileTextIsBounded(t *testing.T) {
	hostile := "a\x1b[31m\r\nb\xff\u0000" + strings.Repeat("é", 5000)
	f := timeout("a", func(f *Failure) {
		f.Entity, f.FailureType, f.Message, f.RootCause = hostile, hostile, hostile, hostile
		f.Resource["service.name"] = hostile
		f.Evidence = []Evidence{{Kind: "observed", Text: hostile}}
	})
	for _, texts := range []map[string]string{labelsOf(f), annotations(f)} {
		for name, text := range texts {
			require.True(t, utf8.ValidString(text), name)
			require.LessOrEqual(t, len(text), maxAnnotation, name)
			require.NotContains(t, text, "\x1b", name)
			require.NotContains(t, text, "\r", name)
		}
	}
	for name, text := range labelsOf(f) {
		require.LessOrEqual(t, len(text), maxLabel, name)
		require.NotContains(t, text, "\n", name)
	}
}

func TestAnnotations(t *testing.T) {
	require.Equal(t, map[string]string{
		"summary":        "DATABASE_TIMEOUT in checkout (high).",
		"description":    "A statement took longer than it may.\n- safe: Look for slow statements.",
		"root_cause":     "A statement took longer than it may.",
		"recovery_steps": "safe: Look for slow statements.",
		"evidence":       "observed: 3 failures",
		"incident_id":    "a",
		"count":          "3",
		"first_seen":     "2026-01-31T12:00:00Z",
		"last_seen":      "2026-01-31T12:01:00Z",
	}, annotations(timeout("a")))
	predicted := annotations(timeout("a", func(f *Failure) { f.PredictedEarliest, f.PredictedLatest, f.Confidence = start, start, 0.875 }))
	require.Equal(t, "2026-01-31T12:00:00Z", predicted["predicted_latest"])
	require.Equal(t, "0.875", predicted["confidence"])
}

// FuzzAlert lets a sender choose every text of a failure: what is told is bounded JSON whose labels give the
// same identity again.
func FuzzAlert(f *testing.F) {
	f.Add("checkout", "db:1", "it\nfails", "stock", "c")
	f.Add("\xff", "\x00\"}", "{{.}}", "\u202e", "")
	f.Fuzz(func(t *testing.T, service, entity, message, origin, by string) {
		failing := timeout("a", func(f *Failure) {
			f.Resource["service.name"], f.Entity, f.Message, f.Origin, f.SuppressedBy, f.Held = service, entity, message, origin, by, true
		})
		cascade := timeout(by, func(f *Failure) {
			f.FailureType, f.Origin, f.SuppressedBy, f.Held = "CASCADING_FAILURES", origin, by, true
		})
		failures := []*Failure{failing, cascade}
		told := newLedger(&AlertmanagerConfig{Labels: []string{"service.name"}, ResendInterval: 1}).next(start, failures, true)
		again := newLedger(&AlertmanagerConfig{Labels: []string{"service.name"}, ResendInterval: 1}).next(start, failures, true)
		require.Len(t, again, len(told))
		for i, a := range told {
			require.Equal(t, identity(a.Labels), identity(again[i].Labels))
			text, err := json.Marshal(a)
			require.NoError(t, err)
			require.Less(t, len(text), 64<<10)
			for name, value := range a.Labels {
				require.NotEmpty(t, value, name)
				require.LessOrEqual(t, len(value), maxLabel)
			}
		}
	})
}
