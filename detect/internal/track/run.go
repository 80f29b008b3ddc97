package track

import (
	"regexp/syntax"
	"strings"
)

const (
	// maxSteps is how many instructions are followed before a text is given up: some ten
	// microseconds. A line takes some hundred.
	maxSteps = 4096
	// maxPending is how many choices are remembered at a time.
	maxPending = 64
)

// pending is what else can be tried: by the instruction at a place in the code.
type pending struct {
	at uint16
	// first and last are, for an alt, the place in the text and the number of the next way;
	// for a span the places where it can end; for a save the place that was noted before.
	first, last int32
}

// run is a program on its way over a text.
type run struct {
	p     *Program
	text  string
	steps int
	// gaveUp says that the steps, or the room for choices, did not suffice.
	gaveUp  bool
	slots   [maxSlots]int32
	choices [maxPending]pending
}

// Find gives the first match of a text of ASCII that begins at or behind a position, as
// regexp.FindStringSubmatchIndex gives that of a whole text, or nil. It is not ok where that
// was given up. Steps is how many instructions were followed.
func (p *Program) Find(text string, from int) (match []int, steps int, ok bool) {
	r := run{p: p, text: text}
	end := r.search(from)
	if end < 0 {
		return nil, r.steps, !r.gaveUp
	}
	match = make([]int, 2*len(p.groups))
	for i := range match {
		match[i] = int(r.slots[i])
	}
	match[1] = end
	return match, r.steps, true
}

// Match says whether a text of ASCII has a match. It is not ok where that was given up.
func (p *Program) Match(text string) (found bool, steps int, ok bool) {
	r := run{p: p, text: text}
	found = r.search(0) >= 0
	return found, r.steps, !r.gaveUp
}

// search gives where the first match ends that begins at or behind a position, or -1. It
// begins at the place in the first slot.
func (r *run) search(from int) int {
	for i := r.begin(from); i >= 0; i = r.begin(i + 1) {
		if end := r.from(i); end >= 0 || r.gaveUp {
			return end
		}
	}
	return -1
}

// begin gives the first place at or behind a position where a match can begin, or -1.
func (r *run) begin(from int) int {
	p, text := r.p, r.text
	if p.atText && from > 0 {
		return -1
	}
	for i := from; i <= len(text); i++ {
		if p.atLine && i > 0 {
			next := strings.IndexByte(text[i-1:], '\n')
			if next < 0 {
				return -1
			}
			i += next
		}
		switch {
		case p.anywhere:
			return i
		case i == len(text):
			return -1
		case p.begins.has(text[i]) && (!p.atWord || r.isAt(i, syntax.OpWordBoundary)):
			return i
		case p.atText:
			return -1
		}
	}
	return -1
}

// from gives where the match ends that begins at a place, or -1.
func (r *run) from(start int) int {
	code, text := r.p.code, r.text
	for i := range r.slots[:2*len(r.p.groups)] {
		r.slots[i] = -1
	}
	r.slots[0] = int32(start)
	at, pos, waiting := 0, start, 0
	for {
		r.steps++
		if r.steps > maxSteps || waiting == maxPending {
			r.gaveUp = true
			return -1
		}
		goOn := false
		switch code[at] {
		case opMatch:
			return pos
		case opByte:
			if goOn = pos < len(text) && text[pos] == code[at+1]; goOn {
				at, pos = at+2, pos+1
			}
		case opFolded:
			if goOn = pos < len(text) && fold(text[pos]) == code[at+1]; goOn {
				at, pos = at+2, pos+1
			}
		case opString:
			size := int(code[at+1])
			if goOn = len(text)-pos >= size && text[pos:pos+size] == string(code[at+2:at+2+size]); goOn {
				at, pos = at+2+size, pos+size
			}
		case opFoldedString:
			size := int(code[at+1])
			if goOn = len(text)-pos >= size && foldsTo(text[pos:pos+size], code[at+2:at+2+size]); goOn {
				at, pos = at+2+size, pos+size
			}
		case opClass:
			if goOn = pos < len(text) && isIn(code, at+1, text[pos]); goOn {
				at, pos = at+1+classSize, pos+1
			}
		case opSpan, opLazy:
			low, high := r.reach(at, pos)
			if low <= high {
				r.choices[waiting] = pending{uint16(at), int32(low), int32(high)}
				waiting++
			}
		case opAlt:
			r.choices[waiting] = pending{uint16(at), int32(pos), 0}
			waiting++
		case opJump:
			at, goOn = number(code, at+1), true
		case opSave:
			slot := code[at+1]
			r.choices[waiting] = pending{uint16(at), r.slots[slot], 0}
			waiting++
			r.slots[slot] = int32(pos)
			at, goOn = at+2, true
		case opLook:
			if goOn = r.isAt(pos, syntax.Op(code[at+1])); goOn {
				at += 2
			}
		}
		for !goOn {
			if waiting == 0 {
				return -1
			}
			waiting--
			var again bool
			at, pos, again, goOn = r.resume(&r.choices[waiting])
			if again {
				waiting++
			}
		}
	}
}

// resume tries the next choice of those that an instruction has left. Again says that there
// are more; it goes on at a place in code and text if there was one.
func (r *run) resume(c *pending) (at, pos int, again, goOn bool) {
	code, text := r.p.code, r.text
	r.steps++
	at = int(c.at)
	switch code[at] {
	case opSave:
		r.slots[code[at+1]] = c.first
		return 0, 0, false, false
	case opAlt:
		pos = int(c.first)
		count := int32(number(code, at+1))
		for c.last < count {
			way := at + 3 + int(c.last)*waySize
			c.last++
			// At the end of the text only what needs no byte goes on, which it finds out itself.
			if pos == len(text) || filterAt(code, way).passes(text[pos]) {
				return number(code, way+filterSize), pos, c.last < count, true
			}
		}
	case opSpan:
		next := filterAt(code, at+5)
		for c.last >= c.first {
			pos = int(c.last)
			c.last--
			if pos == len(text) || next.passes(text[pos]) {
				return at + spanSize, pos, c.last >= c.first, true
			}
		}
	case opLazy:
		next := filterAt(code, at+5)
		for c.first <= c.last {
			pos = int(c.first)
			c.first++
			if pos == len(text) || next.passes(text[pos]) {
				return at + spanSize, pos, c.first <= c.last, true
			}
		}
	}
	return 0, 0, false, false
}

// reach gives the least and the last place where a span that begins at a place can end. There
// is none if the least is behind the last.
func (r *run) reach(at, pos int) (least, last int) {
	code := r.p.code
	least = pos + number(code, at+1)
	limit := len(r.text)
	if most := number(code, at+3); most != unbounded {
		limit = min(limit, pos+most)
	}
	last = pos
	for last < limit && isIn(code, at+5+filterSize, r.text[last]) {
		last++
	}
	// Sixteen bytes take as long as an instruction.
	r.steps += (last - pos) / 16
	return least, last
}

// isAt says whether a place in the text is of a kind.
func (r *run) isAt(pos int, look syntax.Op) bool {
	text := r.text
	switch look {
	case syntax.OpBeginText:
		return pos == 0
	case syntax.OpEndText:
		return pos == len(text)
	case syntax.OpBeginLine:
		return pos == 0 || text[pos-1] == '\n'
	case syntax.OpEndLine:
		return pos == len(text) || text[pos] == '\n'
	default:
		boundary := (pos > 0 && words.has(text[pos-1])) != (pos < len(text) && words.has(text[pos]))
		return boundary == (look == syntax.OpWordBoundary)
	}
}

// words are the bytes of \w.
var words = func() (set class) {
	for b := range byte(128) {
		if '0' <= b && b <= '9' || 'a' <= fold(b) && fold(b) <= 'z' || b == '_' {
			set.add(b)
		}
	}
	return set
}()

func foldsTo(text string, low []byte) bool {
	for i := range low {
		if fold(text[i]) != low[i] {
			return false
		}
	}
	return true
}
