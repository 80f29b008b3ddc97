package processes

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host/fields"
)

// stat is /proc/PID/stat of a process with so much time and memory.
func stat(name, user, system, started, pages string) string {
	return "7 (" + name + ") S 1 7 7 0 -1 4194560 100 0 0 0 " + user + " " + system + " 0 0 20 0 1 0 " + started +
		" 1000000 " + pages + " 18446744073709551615 1 1 0 0 0 0\n"
}

func TestParse(t *testing.T) {
	p, ok := parse([]byte(stat("stress-ng", "300", "50", "9000", "25")))
	require.True(t, ok)
	require.Equal(t, "stress-ng", string(p.name))
	require.EqualValues(t, 350, p.ticks)
	require.EqualValues(t, 9000, p.started)
	require.EqualValues(t, 25, p.pages)
}

func TestNamesCanHaveBracketsAndBlanks(t *testing.T) {
	p, ok := parse([]byte(stat("a) S 1 (b", "1", "2", "3", "4")))
	require.True(t, ok)
	require.Equal(t, "a) S 1 (b", string(p.name))
	require.EqualValues(t, 3, p.ticks)
}

func TestTextOfAnotherShapeIsNoProcess(t *testing.T) {
	for _, text := range []string{"", "7", "7 (a", "7 )a(", "7 (a) S 1 2", stat("a", "x", "2", "3", "4"), stat("a", "1", "2", "-3", "4")} {
		_, ok := parse([]byte(text))
		require.False(t, ok, text)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(stat("a) (b", "1", "2", "3", "4")))
	f.Fuzz(func(t *testing.T, text []byte) {
		if p, ok := parse(text); ok {
			require.NotContains(t, fields.Printable(string(p.name)), "\n")
		}
	})
}
