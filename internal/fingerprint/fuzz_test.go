package fingerprint

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzFingerprint holds that any text has an identity, that the identity does
// not depend on numbers or on the ends of lines, and that a mask is masked.
func FuzzFingerprint(f *testing.F) {
	for _, tc := range traceCases {
		f.Add(tc.typ, tc.message, tc.stack)
		f.Add("", tc.printed, tc.stack)
	}
	f.Add("", "Nov 26 10:15:32 node-7 kernel: [1.5] \"a\\\" 'b {c: ['d'} «e» 10.0.0.7:5432 /var/x.y C:\\z 0x1f", "")
	f.Fuzz(func(t *testing.T, typ, message, stack string) {
		id := Exception(typ, message, stack)
		require.Regexp(t, `^v1:[0-9a-f]{16}$`, id)
		require.Equal(t, id, Exception(typ, message, stack))

		masked := Mask(message)
		require.LessOrEqual(t, len(masked), 8*maxMessage)
		require.NotContains(t, masked, "\n")
		require.False(t, strings.ContainsAny(masked, "0123456789"), masked)
		if AnyDigits(message) {
			require.Equal(t, masked, Mask(withOtherDigits(message)))
		}

		if printed, ok := Printed(stack); ok {
			require.Regexp(t, `^v1:[0-9a-f]{16}$`, printed)
		}
	})
}

// withOtherDigits gives a text in which no digit is what it was.
func withOtherDigits(text string) string {
	other := []byte(text)
	for i, c := range other {
		if '0' <= c && c <= '9' {
			other[i] = '0' + (c-'0'+3)%10
		}
	}
	return string(other)
}
