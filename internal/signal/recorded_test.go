package signal_test

import (
	"encoding/csv"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// recorded gives a column of testdata/build.csv: what a machine used of its memory and its disk, read every
// 30 s while several Go programs were built on it.
func recorded(t *testing.T, column int) []float64 {
	t.Helper()
	file, err := os.Open("testdata/build.csv")
	require.NoError(t, err)
	defer file.Close() //nolint:errcheck // It was only read.
	rows, err := csv.NewReader(file).ReadAll()
	require.NoError(t, err)
	var values []float64
	for _, row := range rows[1:] {
		value, err := strconv.ParseFloat(row[column], 64)
		require.NoError(t, err)
		values = append(values, value)
	}
	return values
}

// TestRecordedSeries judges the disk as one of a size that was 60% full at the start and full at the end, and
// the memory as that of a machine which had a tenth more than was ever used.
func TestRecordedSeries(t *testing.T) {
	disk := recorded(t, 2)
	first, last := disk[0], disk[len(disk)-1]
	for i := range disk {
		disk[i] = 0.60 + 0.40*(disk[i]-first)/(last-first)
	}
	fills := &outcome{shape: &shape{name: "recorded: disk during builds", fills: true, begins: 1}}
	fills.add(disk, time.Duration(len(disk)-1)*interval)

	memory := recorded(t, 1)
	most := 0.0
	for _, value := range memory {
		most = max(most, value)
	}
	for i := range memory {
		memory[i] /= 1.1 * most
	}
	other := &outcome{shape: &shape{name: "recorded: memory during builds"}}
	other.add(memory, 0)
	t.Log(fillTable([]*outcome{fills}) + claimTable([]*outcome{other}))
	require.Zero(t, fills.day.missed)
	require.Zero(t, other.hours.episodes)
}
