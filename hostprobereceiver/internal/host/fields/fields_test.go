package fields

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestUint(t *testing.T) {
	for field, want := range map[string]uint64{
		"0":                     0,
		"42":                    42,
		"18446744073709551615":  math.MaxUint64,
		"18446744073709551616":  math.MaxUint64,
		"999999999999999999999": math.MaxUint64,
	} {
		n, ok := Uint([]byte(field))
		require.True(t, ok, field)
		require.Equal(t, want, n, field)
	}
	for _, field := range []string{"", "-1", "4k", "0x10", "max"} {
		_, ok := Uint([]byte(field))
		require.False(t, ok, field)
	}
}

func TestDecimal(t *testing.T) {
	for field, want := range map[string]float64{"0.00": 0, "12.05": 12.05, "3": 3, "100.00": 100} {
		n, ok := Decimal([]byte(field))
		require.True(t, ok, field)
		require.InDelta(t, want, n, 1e-9, field)
	}
	for _, field := range []string{"", ".", "1.", ".5", "1.x", "-1.0", "NaN"} {
		_, ok := Decimal([]byte(field))
		require.False(t, ok, field)
	}
}

func TestOnly(t *testing.T) {
	n, err := Only([]byte("32768\n"))
	require.NoError(t, err)
	require.EqualValues(t, 32768, n)
	for _, text := range []string{"", "\n", "max\n", "1 2\n"} {
		_, err := Only([]byte(text))
		require.ErrorIs(t, err, ErrFormat, text)
	}
}

func TestNamesAreMadePrintable(t *testing.T) {
	require.Equal(t, "???[31mred", Printable("\xff\n\x1b[31mred"))
	require.Equal(t, "größe", Printable("größe"))
}
