//go:build !amd64

package fold

import "testing"

// Variants runs a test with the only code there is.
func Variants(t *testing.T, test func(t *testing.T)) {
	t.Helper()
	t.Run("portable", test)
}
