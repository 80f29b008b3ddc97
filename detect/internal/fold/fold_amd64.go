package fold

import (
	"unsafe"

	"golang.org/x/sys/cpu"
)

// useAVX2 says whether the processor folds 32 bytes at once. The tests turn it
// off as well, and so does GODEBUG=cpu.avx2=off.
var useAVX2 = cpu.X86.HasAVX2

// blockBytes is how many bytes that is.
const blockBytes = 32

// foldInto folds a string into a buffer of its size and gives how much of it is used.
func foldInto(out []byte, s string) int {
	read, written := 0, 0
	if useAVX2 {
		for read+blockBytes <= len(s) {
			n := foldBlocks(&out[written], unsafe.StringData(s[read:]), (len(s)-read)/blockBytes)
			read += n * blockBytes
			written += n * blockBytes
			if read+blockBytes > len(s) {
				break
			}
			read, written = foldRunes(out, s, read, written, read+blockBytes)
		}
	}
	return foldWords(out, s, read, written)
}

// foldBlocks folds blocks of 32 bytes up to the first one that has a rune that
// may not fold byte by byte, and gives how many these are.
//
//go:noescape
func foldBlocks(out, text *byte, blocks int) int
