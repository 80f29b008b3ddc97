package fold

import "testing"

// Variants runs a test with and without AVX2.
func Variants(t *testing.T, test func(t *testing.T)) {
	t.Helper()
	has := useAVX2
	t.Cleanup(func() { useAVX2 = has })
	t.Run("portable", func(t *testing.T) {
		useAVX2 = false
		test(t)
	})
	if has {
		useAVX2 = true
		t.Run("AVX2", test)
	}
}
