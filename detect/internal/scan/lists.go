package scan

// lists is many short lists of a known length each in one piece of memory.
type lists[T any] struct {
	content []T
	// begin has for each list where it begins, and one more for the end; filled how
	// much of it there is.
	begin, filled []int32
}

func newLists[T any](lengths []int32) lists[T] {
	l := lists[T]{begin: make([]int32, len(lengths)+1), filled: make([]int32, len(lengths))}
	for i, n := range lengths {
		l.begin[i+1] = l.begin[i] + n
	}
	l.content = make([]T, l.begin[len(lengths)])
	return l
}

func (l *lists[T]) add(list int, item T) {
	l.content[l.begin[list]+l.filled[list]] = item
	l.filled[list]++
}

func (l *lists[T]) of(list int) []T { return l.content[l.begin[list]:l.begin[list+1]] }
