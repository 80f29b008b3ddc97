package scan

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestFrequencyKnowsTheWordsOfHealthyLogs goes from what every log has to what none has.
func TestFrequencyKnowsTheWordsOfHealthyLogs(t *testing.T) {
	before := Frequency("info")
	require.Greater(t, before, 900.0)
	for _, literal := range []string{"error", "connection", "error: ", "deadlock", "deadlock detected"} {
		frequency := Frequency(literal)
		require.Positive(t, frequency)
		require.Less(t, frequency, before, literal)
		before = frequency
	}
	require.Less(t, before, 0.01)
	require.Positive(t, Frequency("err"))
}
