package fold_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/failuredetector/failuredetector/detect/internal/fold"
)

// oracle folds rune by rune.
func oracle(s string) string {
	var folded []byte
	for len(s) > 0 {
		r, size := utf8.DecodeRuneInString(s)
		if r == utf8.RuneError && size == 1 {
			folded = append(folded, s[0])
		} else {
			folded = utf8.AppendRune(folded, fold.Rune(r))
		}
		s = s[size:]
	}
	return string(folded)
}

// TestStringFoldsEveryByteAtEveryPlace holds what is folded many bytes at once
// to single runes.
func TestStringFoldsEveryByteAtEveryPlace(t *testing.T) {
	for b := range 256 {
		for at := range 70 {
			text := strings.Repeat("xYzQ", 20)[:at] + string([]byte{byte(b)}) + strings.Repeat("Zq[@", 20)
			require.Equal(t, oracle(text), fold.String(text), "%q", text)
		}
	}
}

func TestStringFoldsEveryRune(t *testing.T) {
	for r := rune(0); r <= unicode.MaxRune; r++ {
		text := string(r)
		folded := fold.String(text)
		if want := oracle(text); folded != want {
			require.Equal(t, want, folded, "%U", r)
		}
		if len(folded) > len(text) {
			require.LessOrEqual(t, len(folded), len(text), "%U", r)
		}
	}
}

func TestStringFoldsBeyondASCII(t *testing.T) {
	require.Equal(t, fold.String("kernel fehler: größe"), fold.String("\u212AERNEL FEHLER: GRÖßE"))
	require.Equal(t, "磁盘 full \xff", fold.String("磁盘 FULL \xff"))
	require.Equal(t, fold.String("ошибка диска"), fold.String("ОШИБКА Диска"))
	require.Equal(t, "s", fold.String("\u017F"))
}

func FuzzString(f *testing.F) {
	f.Add("Connection REFUSED")
	f.Add("ОШИБКА: größe \u212A\u017F 磁盘，Ａ \xff\xd0\xe2\x84")
	f.Fuzz(func(t *testing.T, text string) {
		require.Equal(t, oracle(text), fold.String(text))
		require.Equal(t, "ab"+oracle(text), string(fold.Append([]byte("ab"), text)))
	})
}
