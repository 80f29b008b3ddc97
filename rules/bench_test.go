package rules

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// BenchmarkLoad is the time that the first set of a process takes; what the
// shipped packs say is kept for the next ones.
func BenchmarkLoad(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		c, err := readBuiltin()
		require.NoError(b, err)
		_, err = c.build(nil, NewDefaultConfig())
		require.NoError(b, err)
	}
}

// BenchmarkLoadAgain is the time that each further set takes.
func BenchmarkLoadAgain(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		_, err := Load(NewDefaultConfig())
		require.NoError(b, err)
	}
}
