package detect

import (
	"strings"
	"unsafe"

	"go.opentelemetry.io/collector/pdata/pcommon"
)

// TextLimit is how much text of a record is read, in bytes. Of a longer text
// the first half and the last half of the limit are read, because the line that
// names an exception is the first of a Java trace and the last of a Python one.
const TextLimit = 16 << 10

// cut stands between head and tail of a text over the limit, so that no
// pattern matches across what was left out.
const cut = "\n\x00\n"

// assembly joins the texts of a record into one, on lines of their own. A
// record with a single text, which is the common case, is not copied.
type assembly struct {
	text string

	pieces []piece
	total  int
	buffer []byte
	// rendered holds texts that were made from other values: pieces refer to it
	// until the call ends, so it never grows beyond its capacity.
	rendered []byte
	// coloured is the joined text as it was if terminal control sequences were
	// taken out of it, and plain holds what remained.
	coloured string
	plain    []byte
}

// piece is one text and where it came from.
type piece struct {
	source string
	// before is written ahead of the text.
	before string
	text   string
	// at is where it begins in the joined text as if that had no limit.
	at int
}

func (a *assembly) reset() {
	clear(a.pieces)
	a.pieces = a.pieces[:0]
	a.total = 0
	a.text, a.coloured = "", ""
	a.rendered = a.rendered[:0]
}

// add puts a text on a line of its own.
func (a *assembly) add(source, text string) { a.addJoined(source, "\n", text) }

// addJoined puts a text behind a separator.
func (a *assembly) addJoined(source, before, text string) {
	if text == "" {
		return
	}
	if len(a.pieces) == 0 {
		before = ""
	}
	a.pieces = append(a.pieces, piece{source: source, before: before, text: text, at: a.total + len(before)})
	a.total += len(before) + len(text)
}

// finish makes the joined text.
func (a *assembly) finish() {
	a.joinPieces()
	if strings.IndexByte(a.text, escape) >= 0 {
		a.coloured = a.text
		a.plain = appendPlain(a.plain[:0], a.text)
		a.text = unsafe.String(unsafe.SliceData(a.plain), len(a.plain))
	}
}

func (a *assembly) joinPieces() {
	switch {
	case len(a.pieces) == 0:
		return
	case len(a.pieces) == 1 && a.total <= TextLimit:
		a.text = a.pieces[0].text
		return
	}
	a.buffer = a.buffer[:0]
	if a.total <= TextLimit {
		a.copyRange(0, a.total)
	} else {
		a.copyRange(0, TextLimit/2)
		a.buffer = append(a.buffer, cut...)
		a.copyRange(a.total-TextLimit/2, a.total)
	}
	// The buffer is not written again before the call that reads text has ended.
	a.text = unsafe.String(unsafe.SliceData(a.buffer), len(a.buffer))
}

// copyRange appends a range of the joined text to the buffer.
func (a *assembly) copyRange(from, to int) {
	for i := range a.pieces {
		p := &a.pieces[i]
		a.buffer = appendOverlap(a.buffer, p.before, p.at-len(p.before), from, to)
		a.buffer = appendOverlap(a.buffer, p.text, p.at, from, to)
	}
}

// appendOverlap appends the part of a text, which begins at a position, that lies in a range.
func appendOverlap(buffer []byte, text string, at, from, to int) []byte {
	low, high := max(from-at, 0), min(to-at, len(text))
	if low >= high {
		return buffer
	}
	return append(buffer, text[low:high]...)
}

// locate gives the source of a range of the joined text and the range within
// it. A range over several sources is that of the first, cut at its end.
func (a *assembly) locate(start, end int) (source string, from, to int) {
	if a.coloured != "" {
		start, end = colouredPosition(a.coloured, start), colouredPosition(a.coloured, end)
	}
	if a.total > TextLimit {
		start, end = a.uncut(start), a.uncut(end)
	}
	for i := len(a.pieces) - 1; i >= 0; i-- {
		if p := &a.pieces[i]; start >= p.at || i == 0 {
			return p.source, max(start-p.at, 0), max(min(end-p.at, len(p.text)), 0)
		}
	}
	return "", start, end
}

// uncut turns a position in the shortened text into one in the whole text.
func (a *assembly) uncut(at int) int {
	if at <= TextLimit/2 {
		return at
	}
	return max(at-len(cut)-TextLimit/2, 0) + a.total - TextLimit/2
}

// addRendered puts a value that is no text as JSON-like text, within the limit.
func (a *assembly) addRendered(source string, value pcommon.Value) {
	if a.rendered == nil {
		a.rendered = make([]byte, 0, TextLimit)
	}
	start := len(a.rendered)
	a.rendered = appendValue(a.rendered, value, 0)
	a.addOwn(source, a.rendered[start:])
}

// addOwn puts a text that lies in the rendered buffer.
func (a *assembly) addOwn(source string, text []byte) {
	a.add(source, unsafe.String(unsafe.SliceData(text), len(text)))
}
