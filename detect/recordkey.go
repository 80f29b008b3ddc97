package detect

import (
	"encoding/binary"
	"slices"
)

// recordKey is what a record is known by: all of it that a verdict depends on, but for what
// conditions ask. The digits of a short text stand at its end, so that what comes before them,
// its shape, is the same for texts that differ in nothing but which digits they have.
type recordKey struct {
	all    []byte
	digits []byte
	// words is how much of it is the shape.
	words int
}

func (k *recordKey) begin() { k.all, k.digits = k.all[:0], k.digits[:0] }

// known says whether the record has a key.
func (k *recordKey) known() bool { return len(k.all) > 0 }

// hasShape says whether there are digits that could be others. In a long text, of which
// expressions see parts that other digits could move, they stay where they are.
func (k *recordKey) hasShape() bool { return len(k.digits) > 0 }

func (k *recordKey) shape() []byte { return k.all[:k.words] }

// read makes the key of a record. It has none where that would be too long.
func (k *recordKey) read(in *input) {
	if k.begin(); !k.addRecord(in) {
		k.begin()
		return
	}
	k.words = len(k.all)
	k.all = append(k.all, k.digits...)
}

// addRecord appends all of a record. It is false where that is too much.
func (k *recordKey) addRecord(in *input) bool {
	k.all = append(k.all, byte(in.kind))
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
	// No key of a code is empty, so this ends all but the digits.
	return k.add("", false)
}

// add appends a text, its digits apart or not. It is false where that is too much.
func (k *recordKey) add(text string, apart bool) bool {
	if len(k.all)+len(text) > maxRepeat {
		return false
	}
	k.all = binary.AppendUvarint(k.all, uint64(len(text)))
	if !apart {
		k.all = append(k.all, text...)
		return true
	}
	begin, count := len(k.all), len(k.digits)
	k.all = slices.Grow(k.all, len(text))[:begin+len(text)]
	k.digits = slices.Grow(k.digits, len(text))[:count+len(text)]
	words, digits := k.all[begin:], k.digits
	// There is no branch, since no processor can foretell where the digits are.
	for i := range len(text) {
		c, isDigit := text[i], 0
		digits[count] = c
		if c-'0' < 10 {
			c, isDigit = '0', 1
		}
		words[i] = c
		count += isDigit
	}
	k.digits = k.digits[:count]
	return true
}
