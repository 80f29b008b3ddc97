package fold_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/failuredetector/failuredetector/detect/internal/fold"
)

// TestStringFoldsRuneByRune holds the words of eight bytes to the single runes,
// for every byte at every place.
func TestStringFoldsRuneByRune(t *testing.T) {
	for b := range 256 {
		for at := range 20 {
			text := strings.Repeat("xY", 10)[:at] + string([]byte{byte(b)}) + strings.Repeat("Zq", 10)
			var want strings.Builder
			for i := range len(text) {
				want.WriteByte(fold.Byte(text[i]))
			}
			require.Equal(t, want.String(), fold.String(text), "%q", text)
		}
	}
}

func TestStringFoldsBeyondASCII(t *testing.T) {
	require.Equal(t, fold.String("kernel fehler: größe"), fold.String("\u212AERNEL FEHLER: GRÖßE"))
	require.Equal(t, "磁盘 full \xff", fold.String("磁盘 FULL \xff"))
}
