// Package figure holds what a scan of a host reads, and says of each figure whether it is known.
package figure

import "math"

// NoLimit is the value of a limit that is known not to be set.
const NoLimit = math.MaxUint64

// Value is a figure that may not be known. The zero Value is unknown, so a read that failed is never
// taken for zero.
type Value[T any] struct {
	value T
	known bool
}

// Count is a figure in whole units: bytes, events, processes.
type Count = Value[uint64]

// Number is a figure with a fraction.
type Number = Value[float64]

// Of returns a known value.
func Of[T any](value T) Value[T] { return Value[T]{value: value, known: true} }

// Get returns the value, and whether it is known.
func (v Value[T]) Get() (T, bool) { return v.value, v.known }

// Known tells whether the value is known.
func (v Value[T]) Known() bool { return v.known }
