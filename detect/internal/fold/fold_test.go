package fold_test

import (
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/failuredetector/failuredetector/detect/internal/fold"
)

// oracle folds rune by rune.
func oracle(s string) string {
	var folded []byte
	for s != "" {
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
	for variant := range fold.Variants() {
		t.Run(variant, func(t *testing.T) {
			for b := range 256 {
				for at := range 70 {
					text := strings.Repeat("xYzQ", 20)[:at] + string([]byte{byte(b)}) + strings.Repeat("Zq[@", 20)
					require.Equal(t, oracle(text), fold.String(text), "%q", text)
				}
			}
		})
	}
}

// TestStringFoldsEveryRune takes each rune at another place, so that it lies
// across blocks as well.
func TestStringFoldsEveryRune(t *testing.T) {
	for variant := range fold.Variants() {
		t.Run(variant, func(t *testing.T) {
			around := strings.Repeat("aЖ磁Q", 6)
			for r := range rune(0x20000) { // Beyond there is no letter with a case.
				text := around[:int(r)%37] + string(r) + "Ж"
				folded := fold.String(text)
				if folded != oracle(text) {
					require.Equal(t, oracle(text), folded, "%U", r)
				}
				if utf8.RuneLen(fold.Rune(r)) > utf8.RuneLen(r) {
					require.Fail(t, "folding makes a rune longer", "%U", r)
				}
			}
		})
	}
}

// TestStringFoldsRandomText mixes runes of every size, those that become shorter,
// and bytes that are not UTF-8.
func TestStringFoldsRandomText(t *testing.T) {
	pieces := []string{"a", "Q", "ERROR", " ", "ж", "Ж", "ё", "ѡ", "яр", "ß", "ẞ", "é", "É", "μ", "ς", "磁", "，", "Ａ", "ａ", "…", "😀", "𐐨", "\u212A", "\u017F", "\xff", "\xd0", "\xe2\x84", "\xf0\x90", "\x80"}
	for variant := range fold.Variants() {
		t.Run(variant, func(t *testing.T) {
			random := rand.New(rand.NewPCG(1, 2))
			for range 5000 {
				var text strings.Builder
				kinds := 1 + random.IntN(len(pieces))
				for range random.IntN(400) {
					text.WriteString(pieces[random.IntN(kinds)])
				}
				require.Equal(t, oracle(text.String()), fold.String(text.String()), "%q", text.String())
			}
		})
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
	f.Add(strings.Repeat("Ошибка ", 9) + "\u212A" + strings.Repeat("é", 40))
	f.Fuzz(func(t *testing.T, text string) {
		for variant := range fold.Variants() {
			require.Equal(t, oracle(text), fold.String(text), variant)
			require.Equal(t, "ab"+oracle(text), string(fold.Append([]byte("ab"), text)), variant)
		}
	})
}
