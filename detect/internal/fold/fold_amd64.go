package fold

import (
	"encoding/binary"
	"math/bits"
	"unsafe"

	"golang.org/x/sys/cpu"
)

// useAVX2 says whether the processor folds 32 bytes at once. The tests turn it
// off as well, and so does GODEBUG=cpu.avx2=off.
var useAVX2 = cpu.X86.HasAVX2

const (
	// blockBytes is how many bytes are folded at once.
	blockBytes = 32
	// maxBlocks is how many blocks are folded before their runes are looked at.
	maxBlocks = 32
)

// foldInto folds a string into a buffer of its size and gives how much of it is used.
func foldInto(out []byte, s string) int {
	read := 0
	if useAVX2 {
		var masks [maxBlocks]uint32
		for read+blockBytes < len(s) {
			blocks := min(maxBlocks, (len(s)-read-1)/blockBytes)
			foldBlocks(&out[read], unsafe.StringData(s[read:]), &masks[0], blocks)
			end, ok := foldMarked(out, s, read, masks[:blocks])
			if !ok {
				return foldWords(out, s, end, end)
			}
			read = end
		}
	}
	return foldWords(out, s, read, read)
}

// foldMarked folds the runes that masks of blocks mark, and gives where the
// last block or rune ends. It stops at a rune that folding makes shorter, and
// gives where that begins.
func foldMarked(out []byte, s string, start int, masks []uint32) (end int, ok bool) {
	end = start + len(masks)*blockBytes
	last := start
	for _, mask := range masks {
		for ; mask != 0; mask &= mask - 1 {
			at := start + bits.TrailingZeros32(mask)
			// Nearly all of them are of two bytes and stay so.
			if at+1 < len(s) && kinds[s[at]] == double && s[at+1]&0xC0 == 0x80 {
				if folded := doubles[int(s[at])&0x1F<<6|int(s[at+1])&0x3F]; folded > 0xFF {
					binary.LittleEndian.PutUint16(out[at:], folded)
					last = at + 2
					continue
				}
			}
			read, written := foldRunes(out, s, at, at, at+1)
			if read != written {
				return at, false
			}
			last = read
		}
		start += blockBytes
	}
	return max(end, last), true
}

// foldBlocks folds blocks of 32 bytes, and gives for each block which bytes begin
// a rune that is left to fold. It folds ASCII and most Cyrillic letters, and reads
// one byte behind the last block.
//
//go:noescape
func foldBlocks(out, text *byte, masks *uint32, blocks int)
