package scan

import (
	"encoding/binary"
	mathbits "math/bits"
)

const (
	// narrow and wide are the sizes of a window.
	narrow = 4
	wide   = 8
	// stride is the distance of the places of a text whose windows are asked for.
	stride = 2
	// blockSize is the part of a text that has one mask, a bit for each place.
	blockSize = 32
	// lanes is how many places of a block lie four bytes apart. The lower half of a
	// mask is for the places 0, 4, 8 and so on, the upper half for 2, 6, 10.
	lanes = 8
	// padding is how far behind a text the windows of its last block reach, rounded up.
	padding = blockSize + wide + stride

	// minWords is the least number of words; there is about one for two keys.
	minWords = 64
	// maxWords keeps the filter of very many rules near the processor, though it
	// lets more windows pass.
	maxWords = 1 << 17

	// Odd multipliers spread keys evenly; the upper bits of a product depend on all of a key.
	wordMultiplier = 0x9E3779B1
	bitMultiplier  = 0x85EBCA6B
)

// filter says of a window that it is none of those that are looked for, or that
// it may be. The first four bytes of a window choose a word of 32 bits and one
// bit in it. Two further bits are chosen by the four bytes behind them if the
// window is wide, and by the same four again if it is narrow. So one word
// answers for both, and one bit of it rules most windows out.
type filter struct {
	words []uint32
	// shift makes the number of a word of a product of 32 bits.
	shift uint32
}

func newFilter(keys int) filter {
	f := filter{shift: 32}
	size := 1
	for size < min(max(minWords, keys/2), maxWords) {
		size *= 2
		f.shift--
	}
	f.words = make([]uint32, size)
	return f
}

// add makes a narrow window one that may be looked for.
func (f *filter) add(key uint32) { f.set(key, furtherBits(key)) }

// addWide does it for a window of eight bytes.
func (f *filter) addWide(key uint64) { f.set(uint32(key), furtherBits(uint32(key>>32))) }

func (f *filter) set(first, further uint32) {
	h := first * wordMultiplier
	f.words[h>>(f.shift&31)] |= firstBit(h) | further
}

// firstBit gives the bit of the first four bytes by their product with
// wordMultiplier, of which the uppermost bits choose the word already.
func firstBit(h uint32) uint32 { return 1 << (h >> 11 & 31) }

// furtherBits gives the two other bits by what a window is told apart by.
func furtherBits(key uint32) uint32 {
	h := key * bitMultiplier
	return 1<<(h>>27) | 1<<(h>>22&31)
}

// mayHave says whether a narrow window and a wide one may be looked for that
// begin with these eight bytes.
func (f *filter) mayHave(eight uint64) (narrow, wide bool) {
	h := uint32(eight) * wordMultiplier
	missing := ^f.words[h>>(f.shift&31)]
	if missing&firstBit(h) != 0 {
		return false, false
	}
	return missing&furtherBits(uint32(eight)) == 0, missing&furtherBits(uint32(eight>>32)) == 0
}

// scanPortable gives for each block of a text which of its places may have a
// window that is looked for. The text is padded.
func (f *filter) scanPortable(text []byte, masks []uint16) {
	for i := range masks {
		block := text[i*blockSize : i*blockSize+blockSize+wide]
		mask := f.firstBits(block)
		for rest := mask; rest != 0; rest &= rest - 1 {
			bit := mathbits.TrailingZeros16(rest)
			if n, w := f.mayHave(binary.LittleEndian.Uint64(block[placeOf(bit):])); !n && !w {
				mask &^= 1 << bit
			}
		}
		masks[i] = mask
	}
}

// placeOf gives the place in a block that a bit of its mask stands for.
func placeOf(bit int) int { return bit%lanes*narrow + bit/lanes*stride }

// firstBits looks at the first bit of every place. It has no branch, since no
// processor can foretell what the next window is.
func (f *filter) firstBits(block []byte) uint16 {
	words, shift := f.words, f.shift&31
	var mask uint32
	for lane := range uint32(lanes) {
		eight := binary.LittleEndian.Uint64(block[lane*narrow:])
		first, second := uint32(eight)*wordMultiplier, uint32(eight>>(8*stride))*wordMultiplier
		mask |= words[first>>shift]>>(first>>11&31)&1<<lane | words[second>>shift]>>(second>>11&31)&1<<(lane+lanes)
	}
	return uint16(mask)
}
