package probe_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/failuredetector/failuredetector/failure"
	"github.com/failuredetector/failuredetector/internal/probe"
	"github.com/failuredetector/failuredetector/internal/signal"
)

func TestWhatEndedWhileNoProbeRan(t *testing.T) {
	for name, tc := range map[string]struct {
		denies bool
		values []float64
		want   []string
	}{
		"is told to be over, once, when it has been well for long enough": {true, []float64{0, 0, 0, 0, 0, 0, 0}, []string{"", "", "cleared", "", "", "", ""}},
		"is not over while it goes on":                                    {true, []float64{1, 1, 1, 0, 0, 0, 0}, []string{"", "observed", "", "", "cleared", "", ""}},
		"is not over while nobody can say":                                {true, []float64{.8, .8, .8, .8, 0, 0, 0}, []string{"", "", "", "", "", "", "cleared"}},
		"is left alone where a reading alone does not say":                {false, []float64{0, 0, 0, 0, 0, 0, 0}, []string{"", "", "", "", "", "", ""}},
	} {
		t.Run(name, func(t *testing.T) {
			down := &probe.Signal{
				ID: "db.connect", Type: "DATABASE_CONNECTION_ERROR", Category: "database", Title: "There is no connection", Format: probe.Count,
				Limits: signal.Limits{Critical: signal.Once(1), Clear: .5, Hold: 2}, DeniedAtStart: tc.denies,
			}
			s := newScans(t)
			got := []string{}
			for _, value := range tc.values {
				var told []string
				for _, lr := range s.scan(func(set *probe.Set) { set.Measure(down, data, probe.Reading{Sample: signal.Of(value)}) }) {
					told = append(told, strings.TrimPrefix(lr.EventName(), failure.EventPrefix))
				}
				got = append(got, strings.Join(told, " "))
			}
			require.Equal(t, tc.want, got)
		})
	}
}

func TestWhatIsDeniedIsTheSameCondition(t *testing.T) {
	down := &probe.Signal{
		ID: "db.connect", Type: "DATABASE_CONNECTION_ERROR", Category: "database", Title: "There is no connection",
		Limits: signal.Limits{Critical: signal.Once(1), Clear: .5, Hold: 1}, DeniedAtStart: true,
	}
	told := func(values ...float64) map[string]any {
		s := newScans(t)
		for _, value := range values {
			if records := s.scan(func(set *probe.Set) { set.Measure(down, data, probe.Reading{Sample: signal.Of(value)}) }); len(records) > 0 {
				return records[0].Attributes().AsRaw()
			}
		}
		return nil
	}
	denied, raised := told(0, 0), told(1, 1)
	for _, key := range []string{failure.AttrFingerprint, failure.AttrEntity, failure.AttrType, failure.AttrRule} {
		require.Equal(t, raised[key], denied[key], key)
	}
	require.Equal(t, probe.ReasonStart, denied[failure.AttrCapturePrefix+"reason"])
}
