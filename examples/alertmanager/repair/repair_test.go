package main

import (
	"context"
	"errors"
	"log/slog"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

var start = time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC)

func timeoutOf(service, fingerprint string, change ...func(*alert)) *alert {
	a := &alert{
		Status: "firing", Fingerprint: fingerprint, StartsAt: start,
		Labels: map[string]string{"alertname": "DATABASE_TIMEOUT", "failure_type": "DATABASE_TIMEOUT", "failure_transient": "true", "service_name": service},
	}
	for _, apply := range change {
		apply(a)
	}
	return a
}

func testPlan(t *testing.T) *plan {
	t.Helper()
	p, err := readPlan(strings.NewReader(`
per_hour: 3
actions:
  - {name: restart, match: {failure_type: [DATABASE_TIMEOUT]}, command: [restart, "{service_name}"], per_hour: 2}
`))
	require.NoError(t, err)
	return p
}

func label(name, value string) func(*alert) { return func(a *alert) { a.Labels[name] = value } }

func TestWhatIsActedOn(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*alert)
		want   string
	}{
		"a transient failure":         {func(*alert) {}, ""},
		"what is over":                {func(a *alert) { a.Status = "resolved" }, "it is over"},
		"what does not go away":       {label("failure_transient", ""), "it does not go away by itself"},
		"what is only expected":       {label("failure_status", "predicted"), "it is only expected"},
		"what comes from another":     {func(a *alert) { label("failure_cascade", "victim")(a); label("failure_origin", "stock")(a) }, "it comes from stock"},
		"the origin of a cascade":     {label("failure_cascade", "origin"), ""},
		"what has no action":          {label("failure_type", "NETWORK_ERROR"), "no action fits"},
		"a name that could be option": {label("service_name", "--all"), `label service_name: "--all" is no plain name`},
	} {
		t.Run(name, func(t *testing.T) {
			command, reason := newRepairer(testPlan(t), false, slog.New(slog.DiscardHandler)).decide(timeoutOf("checkout", "1", c.change), start)
			require.Equal(t, c.want, reason)
			require.Equal(t, reason == "", command != nil)
		})
	}
}

func TestLimits(t *testing.T) {
	const (
		same = "it was acted on within the hour"
		many = "restart was done 2 times within the hour: a person has to look"
		all  = "3 commands were run within the hour: a person has to look"
	)
	r := newRepairer(testPlan(t), false, slog.New(slog.DiscardHandler))
	for i, step := range []struct {
		after time.Duration
		alert *alert
		want  string
	}{
		{0, timeoutOf("checkout", "1"), ""},
		{time.Minute, timeoutOf("checkout", "1"), same},
		{2 * time.Minute, timeoutOf("checkout", "2"), ""},
		{3 * time.Minute, timeoutOf("checkout", "3"), many},
		{4 * time.Minute, timeoutOf("stock", "4"), ""},
		{5 * time.Minute, timeoutOf("orders", "5"), all},
		{time.Hour - time.Second, timeoutOf("checkout", "1"), same},
		{time.Hour, timeoutOf("checkout", "1"), ""},
		{time.Hour + 3*time.Minute, timeoutOf("orders", "5"), ""},
	} {
		_, reason := r.decide(step.alert, start.Add(step.after))
		require.Equal(t, step.want, reason, "step %d", i)
	}
}

func TestWhatIsPastIsForgotten(t *testing.T) {
	l := newLimit()
	for i := range 100 {
		l.count(strconv.Itoa(i), start)
	}
	require.Zero(t, l.left("0", 1, start.Add(time.Hour-1)))
	require.Equal(t, 1, l.left("0", 1, start.Add(time.Hour)))
	require.Empty(t, l.done)
}

func TestWhatIsSaid(t *testing.T) {
	var out strings.Builder
	r := newRepairer(testPlan(t), false, slog.New(slog.NewTextHandler(&out, nil)))
	r.act = func(context.Context, []string) (string, error) {
		return "no such deployment", errors.New("exit status 1")
	}
	r.consider(t.Context(), timeoutOf("checkout", "1"), start)
	require.Contains(t, out.String(), `level=INFO msg="would run" alert=DATABASE_TIMEOUT service=checkout summary="" command="restart checkout"`)
	r.consider(t.Context(), timeoutOf("checkout", "1"), start)
	require.Contains(t, out.String(), `msg="nothing is done"`)
	require.NotContains(t, out.String(), "no such deployment")
	r.really = true
	r.consider(t.Context(), timeoutOf("stock", "2"), start)
	require.Contains(t, out.String(), `level=ERROR msg=failed alert=DATABASE_TIMEOUT service=stock summary="" command="restart stock" error="exit status 1" output="no such deployment"`)
}

func TestExecute(t *testing.T) {
	output, err := execute(t.Context(), []string{"printf", "%s", "a b; $HOME"})
	require.NoError(t, err)
	require.Equal(t, "a b; $HOME", output, "no shell reads it")
	_, err = execute(t.Context(), []string{"false"})
	require.Error(t, err)
}
