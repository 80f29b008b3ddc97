package cascade

// none is the index of nothing.
const none int32 = -1

// slab keeps values of one kind under indexes, and uses the room of those that are freed again: spans
// come and go by the thousand a second, and the garbage collector is to see none of that.
type slab[T any] struct {
	values []T
	unused []int32
}

func (s *slab[T]) at(index int32) *T { return &s.values[index] }

func (s *slab[T]) used() int { return len(s.values) - len(s.unused) }

func (s *slab[T]) take() int32 {
	if n := len(s.unused); n > 0 {
		index := s.unused[n-1]
		s.unused = s.unused[:n-1]
		return index
	}
	var zero T
	s.values = append(s.values, zero)
	return int32(len(s.values) - 1)
}

func (s *slab[T]) free(index int32) { s.unused = append(s.unused, index) }
