package survey

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSaysError(t *testing.T) {
	for text, want := range map[string]bool{
		"2026-03-04 10:00:00,123 ERROR [main] c.s.Till - cannot pay":                     true,
		"2026-03-04 10:00:00,123 INFO [main] c.s.Till - 0 ERROR lines":                   false,
		"[Mon Dec 05 19:15:57 2005] [error] mod_jk child workerEnv in error state 6":     true,
		"[Mon Dec 05 19:15:57 2005] [notice] jk2_init() Found child 6725":                false,
		`{"time":"2026-03-04T10:00:00Z","level":"error","message":"cannot pay"}`:         true,
		`{"time":"2026-03-04T10:00:00Z","level":"info","message":"no error"}`:            false,
		"ts=2026-03-04 level=fatal msg=gone":                                             true,
		"E0310 09:00:16.123456       1 reflector.go:138] cannot list":                    true,
		"I0310 09:00:16.123456       1 reflector.go:138] ERROR is not the level of this": false,
		"error: cannot pay":      true,
		"warning: no error: yet": false,
		"the error of our ways":  false,
		"":                       false,
	} {
		require.Equal(t, want, saysError(text), text)
	}
}
