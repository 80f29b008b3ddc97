package automaton

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTellsDigitsApart(t *testing.T) {
	for expr, want := range map[string]bool{
		`connection refused`:           false,
		`after \d{1,5} ?ms\b`:          false,
		`[\w.-]{1,60}:[0-9]+`:          false,
		`[^0-9]x\D`:                    false,
		`.{0,300}(?P<id>[[:alnum:]]+)`: false,
		`[٠-٩]`:                        false,
		`x{3}`:                         false,
		`ORA-00060`:                    true,
		`\b[45]\d\d\b`:                 true,
		`[^7]`:                         true,
		`a|(?:b(?:c|d[1-9]){2,3})*`:    true,
		`(?i)sig(?P<n>nal 11|segv)`:    true,
	} {
		require.Equal(t, want, New("(?i)", expr, NewPool(1<<20)).TellsDigitsApart(), expr)
	}
}
