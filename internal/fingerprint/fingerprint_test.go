package fingerprint

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAnExceptionIsTheSameWhereverItShows(t *testing.T) {
	for _, tc := range traceCases {
		t.Run(tc.name, func(t *testing.T) {
			event := Exception(tc.typ, tc.message, tc.stack)
			require.Regexp(t, `^v1:[0-9a-f]{16}$`, event)

			printed, ok := Printed(strings.ReplaceAll(tc.printed, "{{stack}}", tc.stack))
			require.True(t, ok)
			require.Equal(t, event, printed, "the trace in a body")

			crlf, ok := Printed(strings.ReplaceAll(tc.stack, "\n", "\r\n"))
			if ok { // Go prints the type above what is in the attribute.
				require.Equal(t, event, crlf, "with the line ends of Windows")
			}

			require.Equal(t, event, Exception(tc.typ, "", tc.stack), "without a message")
			require.Equal(t, event, Exception(tc.typ, "something else", tc.stack), "with another message")
		})
	}
}

func TestWhatGroupsWithAnException(t *testing.T) {
	for _, tc := range traceCases {
		for name, pairs := range tc.same {
			t.Run(tc.name+"/"+name, func(t *testing.T) {
				varied := vary(tc.stack, pairs)
				require.NotEqual(t, tc.stack, varied, "the variation changes nothing")
				require.Equal(t, Exception(tc.typ, tc.message, tc.stack), Exception(tc.typ, tc.message, varied), varied)
			})
		}
	}
}

func TestWhatIsAnotherException(t *testing.T) {
	for _, tc := range traceCases {
		for name, pairs := range tc.other {
			t.Run(tc.name+"/"+name, func(t *testing.T) {
				varied := vary(tc.stack, pairs)
				require.NotEqual(t, tc.stack, varied, "the variation changes nothing")
				require.NotEqual(t, Exception(tc.typ, tc.message, tc.stack), Exception(tc.typ, tc.message, varied), varied)
			})
		}
	}
}

// TestEveryLineWithAPrefix joins traces of which a logger wrote its prefix
// before each line, as a console or a container runtime does.
func TestEveryLineWithAPrefix(t *testing.T) {
	for _, tc := range traceCases {
		t.Run(tc.name, func(t *testing.T) {
			var prefixed strings.Builder
			for i, line := range strings.Split(tc.stack, "\n") {
				prefixed.WriteString("2026-11-26T10:15:3" + string(rune('0'+i%10)) + ".482Z stderr F " + line + "\n")
			}
			require.Equal(t, Exception(tc.typ, tc.message, tc.stack), Exception(tc.typ, tc.message, prefixed.String()))
		})
	}
}

func TestProbesAreToldApartByWhatTheyWatch(t *testing.T) {
	disk := Probe("DISK_SPACE_LOW", "disk.util", "host:node-7/disk1")
	require.Equal(t, disk, Probe("DISK_SPACE_LOW", "disk.util", "host:node-7/disk1"))
	for _, other := range []string{
		Probe("DISK_SPACE_LOW", "disk.util", "host:node-7/disk2"),
		Probe("DISK_SPACE_LOW", "disk.inode", "host:node-7/disk1"),
		Probe("COLLECTION_STALE", "disk.util", "host:node-7/disk1"),
	} {
		require.NotEqual(t, disk, other)
	}
}
