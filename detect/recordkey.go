package detect

import "encoding/binary"

// recordKey is what a record is known by: all of it that a verdict depends on, but for what
// conditions ask. The digits of a short text stand at its end, so that what comes before them,
// its shape, is the same for texts that differ in nothing but which digits they have.
type recordKey struct {
	all    []byte
	digits []byte
	// words is how much of it is the shape.
	words int
}

// hasShape says whether there are digits that could be others. In a long text, of which
// expressions see parts that other digits could move, they stay where they are.
func (k *recordKey) hasShape() bool { return len(k.digits) > 0 }

func (k *recordKey) shape() []byte { return k.all[:k.words] }

// read makes the key of the record at hand. It is false where that would be too long.
func (k *recordKey) read(s *scratch) bool {
	in := &s.input
	k.all, k.digits = append(k.all[:0], byte(in.kind)), k.digits[:0]
	apart := len(in.text) < longText
	for i := range in.pieces {
		if p := &in.pieces[i]; !k.add(p.source, false) || !k.add(p.before, false) || !k.add(p.text, apart) {
			return false
		}
	}
	// A source is never empty, so this ends the pieces.
	if !k.add("", false) || !k.add(in.exceptionType, false) || !k.add(in.exceptionMessage, apart) || !k.add(in.exceptionStacktrace, apart) {
		return false
	}
	if in.codesCount {
		for i := range in.codes {
			if c := &in.codes[i]; !k.add(c.key, false) || !k.add(c.value(), false) {
				return false
			}
		}
	}
	if len(k.digits) == 0 {
		return true
	}
	// Which literals a text has depends on its digits.
	k.all = append(k.all, 0)
	for _, c := range s.candidates {
		k.all = binary.AppendUvarint(k.all, uint64(c.expression)+1)
	}
	k.all = append(k.all, 0)
	k.words = len(k.all)
	k.all = append(k.all, k.digits...)
	return true
}

// add appends a text, its digits apart or not. It is false where that is too much.
func (k *recordKey) add(text string, apart bool) bool {
	if len(k.all)+len(text) > maxRepeat {
		return false
	}
	k.all = binary.AppendUvarint(k.all, uint64(len(text)))
	begin := len(k.all)
	k.all = append(k.all, text...)
	if !apart {
		return true
	}
	for i, c := range k.all[begin:] {
		if '0' <= c && c <= '9' {
			k.digits = append(k.digits, c)
			k.all[begin+i] = '0'
		}
	}
	return true
}
