package replay

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzFiles replays files of any content: each record arrives once, and none before one that it follows.
func FuzzFiles(f *testing.F) {
	f.Add(logLine("a", "", [3]string{"x", "0", at(9)}, [3]string{"y", "0", at(3)}), "2026-03-10 10:00:01 one\n")
	f.Add(logLine("a", stampOf(20), [3]string{"x", at(1), at(7)})+"{]\n", `{"time":"2026-03-10T10:00:01Z","service":"shop","msg":"one"}`)
	f.Add(`{"resourceSpans":[{"resource":{},"scopeSpans":[{"spans":[{"name":"x","endTimeUnixNano":"`+at(7)+`"}]},{}]},{}]}`, `{"resourceLogs":[{},{"scopeLogs":[{},{"logRecords":[{},{"observedTimeUnixNano":"18446744073709551615"}]}]}]}`)
	f.Add(`{"text":"a","attributes":{"x":{"y":[1e99]}}}`, "{\n\"resourceLogs\": [\n]}")
	f.Fuzz(func(t *testing.T, first, second string) {
		arrived, _ := replayFiles(t, first, second)
		for i := 1; i < len(arrived); i++ {
			require.LessOrEqual(t, arrived[i-1][:len("2006-01-02T15:04:05.000")], arrived[i][:len("2006-01-02T15:04:05.000")])
		}
	})
}
