package fold

import "iter"

// Variants goes through the ways in which the package can work on this
// processor: the portable one, which is what the other has to equal, and AVX2.
func Variants() iter.Seq[string] {
	return func(yield func(string) bool) {
		has := useAVX2
		defer func() { useAVX2 = has }()
		useAVX2 = false
		if yield("portable") && has {
			useAVX2 = true
			yield("AVX2")
		}
	}
}
