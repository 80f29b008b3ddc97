//go:build !amd64

package scan

import "iter"

// Variants has the only way in which the package can work on this processor.
func Variants() iter.Seq[string] {
	return func(yield func(string) bool) { yield("portable") }
}
