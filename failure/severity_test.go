package failure_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/failuredetector/failuredetector/failure"
)

func TestSeverityNamesAndNumbers(t *testing.T) {
	for _, tc := range []struct {
		severity failure.Severity
		name     string
		number   plog.SeverityNumber
	}{
		{failure.Low, "low", plog.SeverityNumberInfo},
		{failure.Medium, "medium", plog.SeverityNumberWarn},
		{failure.High, "high", plog.SeverityNumberError},
		{failure.Critical, "critical", plog.SeverityNumberFatal},
	} {
		t.Run(tc.name, func(t *testing.T) {
			require.Equal(t, tc.name, tc.severity.String())
			require.Equal(t, tc.number, tc.severity.Number())

			text, err := tc.severity.MarshalText()
			require.NoError(t, err)
			var back failure.Severity
			require.NoError(t, back.UnmarshalText(text))
			require.Equal(t, tc.severity, back)
		})
	}
}

func TestSeverityOutsideTheScale(t *testing.T) {
	for _, s := range []failure.Severity{0, failure.Critical + 1, -1} {
		require.Empty(t, s.String())
		require.Equal(t, plog.SeverityNumberUnspecified, s.Number())
	}
	var s failure.Severity
	require.EqualError(t, s.UnmarshalText([]byte("fatal")),
		`"fatal" is no severity: use low, medium, high or critical`)
}
