// Command frequencies counts how often healthy text has each window of four
// bytes, and writes the table that package scan chooses its windows by:
//
//	go run ./frequencies ../../../testdata/benign frequencies/healthy.txt frequencies.txt
//
// It reads every second line of the benign logs, so that the other half can
// measure the choice, and all of healthy.txt, which holds what those logs lack.
package main

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/failuredetector/failuredetector/detect/internal/fold"
)

const (
	window = 4
	// sample is the size to which each source is scaled, so that no log weighs more
	// than another.
	sample = 1 << 20
	// ordinaryWeight is what the ordinary words count against one benign log.
	ordinaryWeight = 4
	// rarest is how often in a sample a listed window occurs at the least.
	rarest = 4
)

func main() {
	if err := run(os.Args[1], os.Args[2], os.Args[3]); err != nil {
		panic(err)
	}
}

func run(benign, ordinary, output string) error {
	logs, err := filepath.Glob(filepath.Join(benign, "*.gz"))
	if err != nil {
		return err
	}
	counts := map[string]float64{}
	for _, name := range logs {
		text, err := unpack(name)
		if err != nil {
			return err
		}
		count(counts, everySecondLine(text), 1)
	}
	text, err := os.ReadFile(ordinary)
	if err != nil {
		return err
	}
	count(counts, text, ordinaryWeight)
	return os.WriteFile(output, table(counts, len(logs)+ordinaryWeight), 0o644)
}

func unpack(name string) ([]byte, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	unpacked, err := gzip.NewReader(file)
	if err != nil {
		return nil, fmt.Errorf("%q: %w", name, err)
	}
	text, err := io.ReadAll(unpacked)
	return text, errors.Join(err, file.Close())
}

func everySecondLine(text []byte) []byte {
	var kept []byte
	odd := false
	for line := range bytes.Lines(text) {
		if odd = !odd; odd {
			kept = append(kept, line...)
		}
	}
	return kept
}

// count adds the windows of a text. One digit is as good as another, so all
// count as 0.
func count(counts map[string]float64, text []byte, weight float64) {
	folded := fold.Append(nil, string(text))
	for i, b := range folded {
		if '1' <= b && b <= '9' {
			folded[i] = '0'
		}
	}
	for i := range len(folded) - window + 1 {
		counts[string(folded[i:i+window])] += weight * sample / float64(len(folded))
	}
}

// table has a line for each frequency: how often in a million windows, rounded
// to a power of two, and all windows that are as frequent.
func table(counts map[string]float64, weight int) []byte {
	lines := map[int][]string{}
	for w, n := range counts {
		mean := int(n) / weight
		if mean < rarest {
			continue
		}
		rounded := 1
		for 2*rounded <= mean {
			rounded *= 2
		}
		lines[rounded] = append(lines[rounded], w)
	}
	var out bytes.Buffer
	for _, frequency := range slices.Backward(slices.Sorted(maps.Keys(lines))) {
		slices.Sort(lines[frequency])
		fmt.Fprintf(&out, "%d %s\n", frequency, strconv.Quote(string(bytes.Join(asBytes(lines[frequency]), nil))))
	}
	return out.Bytes()
}

func asBytes(list []string) [][]byte {
	all := make([][]byte, len(list))
	for i, s := range list {
		all[i] = []byte(s)
	}
	return all
}
