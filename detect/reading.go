package detect

import (
	"slices"
	"strings"

	"github.com/failuredetector/failuredetector/rules"
)

// Reading is the text that was read of a record, for tools that show a person
// why a rule matched. Unlike what rules see it is whole, whatever its length.
type Reading struct {
	// Text joins all texts of the record.
	Text string

	pieces []piece
}

// Explain classifies the record that an example stands for, and gives what it
// read of it.
func (d *Detector) Explain(e rules.Example) (Verdict, Reading) {
	s := d.borrow()
	defer d.giveBack(s)
	d.readExample(s, e)
	return d.classify(s), readingOf(&s.input)
}

// readingOf copies what an input refers to.
func readingOf(in *input) Reading {
	var whole strings.Builder
	r := Reading{pieces: slices.Clone(in.pieces)}
	for i := range r.pieces {
		p := &r.pieces[i]
		whole.WriteString(p.before)
		whole.WriteString(p.text)
		p.source, p.text, p.before = strings.Clone(p.source), "", ""
	}
	r.Text = whole.String()
	return r
}

// Sources names what the text was read from, in order, each once.
func (r *Reading) Sources() []string {
	var names []string
	for _, p := range r.pieces {
		if !slices.Contains(names, p.source) {
			names = append(names, p.source)
		}
	}
	return names
}

// Truncated says whether rules saw only the head and the tail of the text.
func (r *Reading) Truncated() bool { return len(r.Text) > TextLimit }

// Locate gives the range of a detection's evidence in Text. There is none for a
// code, which is no text, and for a match over what rules did not see.
func (r *Reading) Locate(found *Detection) (start, end int, ok bool) {
	for _, p := range r.pieces {
		start = p.at + found.Start
		if p.source != found.Source || start > len(r.Text) {
			continue
		}
		// Rules see no colours. Evidence that goes on in another source counts only
		// the first in its end.
		rest := r.Text[start:]
		if strings.HasPrefix(string(appendPlain(nil, rest)), found.Text) {
			return start, start + max(found.End-found.Start, colouredPosition(rest, len(found.Text))), true
		}
	}
	return 0, 0, false
}
