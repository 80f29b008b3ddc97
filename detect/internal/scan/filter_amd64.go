package scan

import "golang.org/x/sys/cpu"

// useAVX2 says whether the processor looks at eight windows at once. The tests
// turn it off as well, and so does GODEBUG=cpu.avx2=off.
var useAVX2 = cpu.X86.HasAVX2

func (f *filter) scan(text []byte, masks []uint16) {
	if !useAVX2 || len(masks) == 0 {
		f.scanPortable(text, masks)
		return
	}
	_ = text[len(masks)*blockSize+wide+stride-1]
	scanAVX2(&text[0], &f.words[0], uint64(f.shift), &masks[0], len(masks))
}

// scanAVX2 does what scanPortable does, for at least one block.
//
//go:noescape
func scanAVX2(text *byte, words *uint32, shift uint64, masks *uint16, blocks int)
