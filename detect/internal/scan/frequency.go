package scan

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"
	"sync"
)

//go:generate go run ./frequencies ../../../testdata/benign frequencies/healthy.txt frequencies.txt

// frequencyTable lists the windows that healthy text has most often, counted by
// the command frequencies: each line a count in a million windows, and the
// windows with it. In them 0 stands for every digit.
//
//go:embed frequencies.txt
var frequencyTable string

// healthyText has lines as most services log them while nothing fails.
//
//go:embed frequencies/healthy.txt
var healthyText string

const (
	// digitShare is the part of the numbers that have a given digit at a place. More
	// than a tenth, since some numbers, such as years, are everywhere.
	digitShare = 0.2
	// leastFrequency keeps a window that no healthy text has from being free.
	leastFrequency = 0.02
	// unlistedFrequency bounds what is guessed of a window that is not in the table:
	// it lists all that are more frequent.
	unlistedFrequency = 4
	// unlistedPart is how frequent a part of a window is that no listed window has.
	unlistedPart = 1
)

// frequencies says how many of a million windows of healthy text are a given one.
type frequencies struct {
	windows tally
	// threes and pairs are the beginnings of the listed windows and their middles.
	// From them those that are not listed are guessed.
	threes tally
	pairs  []float32
}

// tally counts by keys, in an open-addressed table that has room for all of them.
type tally struct {
	keys   []uint32
	counts []float32
	shift  uint32
}

func newTally(bits uint32) tally {
	return tally{keys: make([]uint32, 1<<bits), counts: make([]float32, 1<<bits), shift: 32 - bits}
}

// of gives the count of a key, in place.
func (t *tally) of(key uint32) *float32 {
	i := key * wordMultiplier >> t.shift
	for t.counts[i] != 0 && t.keys[i] != key {
		i = (i + 1) & uint32(len(t.keys)-1)
	}
	return &t.counts[i]
}

func (t *tally) add(key uint32, count float32) {
	at := t.of(key)
	*at += count
	i := key * wordMultiplier >> t.shift
	for &t.counts[i] != at {
		i = (i + 1) & uint32(len(t.keys)-1)
	}
	t.keys[i] = key
}

// healthy is the table, read when a finder is first built.
var healthy = sync.OnceValue(func() *frequencies {
	bits := uint32(1)
	for 1<<bits < len(frequencyTable)/2 {
		bits++
	}
	f := &frequencies{windows: newTally(bits), threes: newTally(bits), pairs: make([]float32, 1<<16)}
	for line := range strings.Lines(frequencyTable) {
		count, quoted, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		frequency, err := strconv.ParseFloat(count, 32)
		windows, unquoteErr := strconv.Unquote(quoted)
		if err != nil || unquoteErr != nil || len(windows)%narrow != 0 {
			panic(fmt.Sprintf("frequencies.txt: %q", line))
		}
		for at := 0; at < len(windows); at += narrow {
			w := keyOf(windows[at:])
			f.windows.add(w, float32(frequency))
			f.threes.add(w&firstThree, float32(frequency))
			f.pairs[w>>8&0xFFFF] += float32(frequency)
		}
	}
	return f
})

// of gives the frequency of a window of four bytes, and that of its last three.
func (f *frequencies) of(w uint32) (four, three float32) {
	share, lastShare := float32(1), float32(1)
	for shift := 0; shift < 32; shift += 8 {
		if b := byte(w >> shift); '0' <= b && b <= '9' {
			w = w&^(0xFF<<shift) | '0'<<shift
			share *= digitShare
			if shift > 0 {
				lastShare *= digitShare
			}
		}
	}
	three = max(*f.threes.of(w >> 8), unlistedPart)
	if listed := *f.windows.of(w); listed > 0 {
		return max(listed*share, leastFrequency), three * lastShare
	}
	// As if the last byte depended on the two before it alone.
	guess := max(*f.threes.of(w & firstThree), unlistedPart) * three / max(f.pairs[w>>8&0xFFFF], unlistedPart)
	return max(min(guess, unlistedFrequency)*share, leastFrequency), three * lastShare
}

// ofThree gives the frequency of three bytes.
func (f *frequencies) ofThree(three uint32) float32 {
	_, frequency := f.of(three<<8 | ' ')
	return frequency
}
