package scan

import (
	"encoding/binary"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestKernelsAgree holds the two ways of asking the filter to each other, mask
// for mask, at every alignment.
func TestKernelsAgree(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for _, keys := range []int{0, 10, 1000, 40_000} {
		f := newFilter(keys)
		var looked []uint64
		for range keys {
			key := random.Uint64()
			looked = append(looked, key)
			if random.IntN(2) == 0 {
				f.addWide(key)
			} else {
				f.add(uint32(key))
			}
		}
		text := make([]byte, 4096+padding)
		for i := range text {
			text[i] = byte(random.Uint32())
		}
		for range keys / 10 {
			at := random.IntN(len(text) - wide)
			binary.LittleEndian.PutUint64(text[at:], looked[random.IntN(keys)])
		}
		for at := range 2 * blockSize {
			for _, blocks := range []int{1, 2, 63, 100} {
				want, got := make([]uint16, blocks), make([]uint16, blocks)
				f.scanPortable(text[at:], want)
				f.scan(text[at:], got)
				require.Equal(t, want, got, "%d keys, %d blocks at %d", keys, blocks, at)
			}
		}
	}
}

// TestFilterLetsAllKeysPass plants each key at every place of a block.
func TestFilterLetsAllKeysPass(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	f := newFilter(100)
	for range 100 {
		key := random.Uint64()
		isWide := random.IntN(2) == 0
		if isWide {
			f.addWide(key)
		} else {
			f.add(uint32(key))
		}
		for bit := range 2 * lanes {
			text := make([]byte, blockSize+padding)
			binary.LittleEndian.PutUint64(text[placeOf(bit):], key)
			mask := make([]uint16, 1)
			f.scan(text, mask)
			require.NotZero(t, mask[0]&(1<<bit), "%x at %d", key, placeOf(bit))
		}
	}
}
