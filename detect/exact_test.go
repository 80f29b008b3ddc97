package detect

import (
	"bufio"
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/failuredetector/failuredetector/rules"
)

// The plain loop takes some ten milliseconds over a line, so each source of texts
// gives only so many. FuzzMatch goes on from there.
const (
	exactExamples = 120 / exactShare
	exactLabelled = 120 / exactShare
	exactBenign   = 160 / exactShare
	exactRandom   = 240 / exactShare
)

// TestEqualsThePlainLoop holds the matcher to what a loop over all rules finds.
func TestEqualsThePlainLoop(t *testing.T) {
	t.Parallel()
	d := shippedDetector(t)
	for name, texts := range map[string][]rules.Example{
		"examples": every(exactExamples, exampleTexts(d)),
		"labelled": every(exactLabelled, labelledTexts(t)),
		"benign":   every(exactBenign, benignTexts(t)),
		"random":   randomTexts(d, exactRandom),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			plain := newOracle(d)
			for _, e := range texts {
				s := d.borrow()
				d.readExample(s, e)
				plain.check(t, s, d.set.Rules)
				d.giveBack(s)
			}
		})
	}
}

// TestEqualsThePlainLoopOnHostileText does so with each rule on the text that is made
// for it. The loop over all rules would take seconds on each.
func TestEqualsThePlainLoopOnHostileText(t *testing.T) {
	d := again(shippedDetector(t))
	unbounded := *d.sieve
	unbounded.limit = math.MaxInt
	d.sieve = &unbounded
	plain := newOracle(d)
	for i, r := range d.set.Rules {
		if i%exactShare != 0 {
			continue
		}
		text := hostileTo(t, r, uint64(i))
		s := d.borrow()
		d.readExample(s, rules.Example{Text: text[:min(len(text), hostileExact)]})
		plain.check(t, s, d.set.Rules[i:i+1])
		d.giveBack(s)
	}
}

// hostileExact is how much of a hostile text is compared, in bytes.
const hostileExact = 2 << 10

// every picks a number of texts evenly.
func every(number int, texts []rules.Example) []rules.Example {
	picked := make([]rules.Example, 0, number)
	for i := range number {
		picked = append(picked, texts[i*len(texts)/number])
	}
	return picked
}

func exampleTexts(d *Detector) []rules.Example {
	var texts []rules.Example
	for _, r := range d.set.Rules {
		texts = append(append(texts, r.Examples.Match...), r.Examples.Ignore...)
	}
	return texts
}

func labelledTexts(tb testing.TB) []rules.Example {
	tb.Helper()
	files, err := filepath.Glob(filepath.Join("..", "testdata", "labelled", "*.jsonl"))
	require.NoError(tb, err)
	require.NotEmpty(tb, files)
	var texts []rules.Example
	for _, name := range files {
		file, err := os.Open(name)
		require.NoError(tb, err)
		lines := bufio.NewScanner(file)
		for lines.Scan() {
			var m struct {
				Text          string `json:"text"`
				ExceptionType string `json:"exception_type"`
			}
			require.NoError(tb, json.Unmarshal(lines.Bytes(), &m))
			texts = append(texts, rules.Example{Text: m.Text, ExceptionType: m.ExceptionType})
		}
		require.NoError(tb, lines.Err())
		require.NoError(tb, file.Close())
	}
	return texts
}

func benignTexts(tb testing.TB) []rules.Example {
	tb.Helper()
	var texts []rules.Example
	for _, lr := range benignRecords(tb) {
		texts = append(texts, rules.Example{Text: lr.Body().Str()})
	}
	return texts
}

// randomTexts are made of pieces of examples, at every alignment: of another case,
// cut within a rune, with letters that only fold to those of the piece, with bytes
// that are no UTF-8.
func randomTexts(d *Detector, number int) []rules.Example {
	examples := exampleTexts(d)
	random := rand.New(rand.NewPCG(3, 8))
	folding := strings.NewReplacer("k", "\u212A", "s", "\u017F")
	noise := []string{"", " ", "\n", "\xff", "\xe4\xb8", "世界", "É", "é\x80", ": ", "\u212A", "\u017F"}
	piece := func() string {
		text := examples[random.IntN(len(examples))].Text
		text = text[:min(len(text), 200)]
		switch random.IntN(8) {
		case 0:
			return strings.ToUpper(text)
		case 1:
			return folding.Replace(text)
		case 2:
			return text[random.IntN(len(text)+1):]
		case 3:
			return text[:random.IntN(len(text)+1)]
		case 4:
			at := random.IntN(len(text) + 1)
			return text[:at] + noise[random.IntN(len(noise))] + text[at:]
		}
		return text
	}
	texts := make([]rules.Example, 0, number)
	for i := range number {
		text := strings.Repeat("x", i%40) + noise[random.IntN(len(noise))] + piece()
		if random.IntN(3) == 0 {
			text += noise[random.IntN(len(noise))] + piece()
		}
		texts = append(texts, rules.Example{Text: text})
	}
	return texts
}
