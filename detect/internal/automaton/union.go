package automaton

import (
	"regexp/syntax"
	"sync"
)

// MaxUnion is how many expressions a union has at most.
const MaxUnion = 64

// Union tells in one walk which of several expressions match. It is safe for
// concurrent use.
type Union struct {
	machine func() *machine
}

// NewUnion joins up to MaxUnion expressions.
func NewUnion(expressions []*Expression, pool *Pool) *Union {
	return &Union{machine: sync.OnceValue(func() *machine {
		trees := make([]*syntax.Regexp, 0, len(expressions))
		for _, e := range expressions {
			tree, err := syntax.Parse(e.source(), syntax.Perl)
			if err != nil {
				return nil
			}
			trees = append(trees, tree)
		}
		program, fits := newProgram(trees, forwards)
		if !fits {
			return nil
		}
		m, fits := newMachine(program, pool, ofSeveral)
		if !fits {
			return nil
		}
		return m
	})}
}

// Which says which expressions match between two positions, the n-th by the n-th
// bit, or at least all those that are wanted. It is not known where they are too
// many or too intricate for one walk.
func (u *Union) Which(text string, from, to int, wanted uint64) (found uint64, known bool) {
	m := u.machine()
	if m == nil {
		return 0, false
	}
	return m.all(text, from, to, wanted)
}

// Any says whether one of the expressions matches in a text. It is not known where they
// are too many or too intricate for one walk.
func (u *Union) Any(text string) (found, known bool) {
	m := u.machine()
	if m == nil {
		return false, false
	}
	end, known := m.earliest(text, 0, len(text))
	return end != none, known
}
