// Package draft writes rules for errors that no rule recognises: a beginning for a person, who has to say
// what each is.
package draft

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/failuredetector/failuredetector/detect"
	"github.com/failuredetector/failuredetector/internal/novelty"
	"github.com/failuredetector/failuredetector/internal/redact"
)

const (
	// maxTemplates is how many different errors are told apart. The rarest make room for others.
	maxTemplates = 10_000
	// maxSamples is how many texts of one are kept, and maxSample how long one is at most, in bytes.
	maxSamples, maxSample = 4, 1 << 10
)

// Errors gathers errors that no rule recognises.
type Errors struct {
	miner   *novelty.Miner
	source  *novelty.Source
	known   map[*novelty.Template]*found
	records int
}

// found is what is known of errors that are alike.
type found struct {
	template *novelty.Template
	count    int
	// file and line are where the first is.
	file    string
	line    int
	samples []string
}

// NewErrors begins without any.
func NewErrors() *Errors {
	settings := novelty.Settings{WarmUp: time.Hour, Templates: maxTemplates, SourceTemplates: maxTemplates, Sources: 1}
	e := &Errors{miner: novelty.New(settings), known: map[*novelty.Template]*found{}}
	e.source = e.miner.Hear(0, nil, "", 0)
	return e
}

// Add takes an error that is in a line of a file. What it says may be a JSON object.
func (e *Errors) Add(file string, line int, text string) {
	e.records++
	sample := sampleOf(text)
	t, _ := e.miner.Add(int64(e.records)*int64(time.Second), e.source, "", novelty.FromText(sample))
	if t == nil {
		return
	}
	f := e.known[t]
	if f == nil {
		e.makeRoom()
		f = &found{template: t, file: file, line: line}
		e.known[t] = f
	}
	f.count++
	if len(f.samples) < maxSamples && !slices.Contains(f.samples, sample) {
		f.samples = append(f.samples, sample)
	}
}

// makeRoom drops errors that came once: the miner has forgotten most of them by now.
func (e *Errors) makeRoom() {
	if len(e.known) < 2*maxTemplates {
		return
	}
	maps.DeleteFunc(e.known, func(_ *novelty.Template, f *found) bool { return f.count == 1 })
	if len(e.known) >= 2*maxTemplates {
		clear(e.known)
	}
}

// Records is how many there were.
func (e *Errors) Records() int { return e.records }

// byCount gives all, the most frequent first.
func (e *Errors) byCount() []*found {
	list := make([]*found, 0, len(e.known))
	for _, f := range e.known {
		list = append(list, f)
	}
	slices.SortFunc(list, func(a, b *found) int {
		return cmp.Or(cmp.Compare(b.count, a.count), strings.Compare(a.file, b.file), cmp.Compare(a.line, b.line), strings.Compare(a.template.Name, b.template.Name))
	})
	return list
}

// sampleOf is the line of an error that tells it, without secrets. A Python trace tells it in its last line.
func sampleOf(text string) string {
	message := strings.TrimSpace(detect.Message(pcommon.NewValueStr(text)))
	line, _, _ := strings.Cut(message, "\n")
	if headline := novelty.Headline(message); strings.Contains(message, headline) {
		line = headline
	}
	line = redact.String(line)
	for end := maxSample; len(line) > maxSample; end-- {
		if utf8.RuneStart(line[end]) {
			line = line[:end]
		}
	}
	return strings.Join(strings.FieldsFunc(line, func(r rune) bool { return r == ' ' || r == utf8.RuneError || !unicode.IsPrint(r) }), " ")
}
