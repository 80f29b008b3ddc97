package fingerprint

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestGoldenValues pins version 1 of the algorithm. Incidents are found again by
// these values after an update, so a value here never changes: a change of the
// algorithm is a new version beside this one.
func TestGoldenValues(t *testing.T) {
	golden := map[string]string{
		"python":                 "v1:d018b6101396ebe0",
		"python exception group": "v1:aee5b6cf1443ae71",
		"java":                   "v1:d272502e5984c27a",
		"kotlin":                 "v1:8c837f5ba60a66ef",
		"go":                     "v1:0c6b3d14e954d870",
		"go panic of an error":   "v1:492b6506615ca84d",
		"node":                   "v1:c40bd2b5f8d98646",
		"minified bundle":        "v1:0323287f52389fb7",
		"dotnet":                 "v1:93a0549160f45d88",
		"ruby":                   "v1:c349cce5f3eda7db",
		"php":                    "v1:11505b6eab32d9f1",
		"rust":                   "v1:6dd0261ef2be9851",
	}
	for _, tc := range traceCases {
		require.Equal(t, golden[tc.name], Exception(tc.typ, tc.message, tc.stack), tc.name)
	}
	require.Equal(t, "v1:268f3abb6b9cb6fd", Exception("ValueError", "order 48211 has no items", ""))
	require.Equal(t, "v1:4b40462fcf3cba42", Message("DISK_SPACE_LOW", "Nov 26 10:15:32 node-7 kernel: [1.5] EXT4-fs warning (device sda1): no space left, 17 blocks"))
	require.Equal(t, "v1:7366f625104b1149", Code("NETWORK_ERROR", "http.response.status_code", "503"))
}

func TestWithoutATraceTheMaskedMessageCounts(t *testing.T) {
	require.Equal(t, Exception("ValueError", "order 7 has no items", ""), Exception("ValueError", "order 8 has no items", ""))
	require.NotEqual(t, Exception("ValueError", "order 7 has no items", ""), Exception("ValueError", "order 7 has no owner", ""))
	require.NotEqual(t, Exception("ValueError", "order 7 has no items", ""), Exception("KeyError", "order 7 has no items", ""))
}

func TestFieldsDoNotRunTogether(t *testing.T) {
	require.NotEqual(t, Message("A", "BC"), Message("AB", "C"))
	require.NotEqual(t, Message("A", ""), Exception("A", "", ""))
}

func TestAMessageIsNoTrace(t *testing.T) {
	for _, text := range []string{
		"",
		"one line",
		"two\nlines",
		"Thread dump:\n\tat com.acme.shop.Worker.run(Worker.java:9)\n\tat java.lang.Thread.run(Thread.java:1583)",
		"agenda:\n  at noon\n  at (or after) 3:15:00\n#1 lunch\n 1: eat::drink",
	} {
		_, ok := Printed(text)
		require.False(t, ok, text)
	}
}
