// Package scan looks for many strings in a text at once, ignoring case.
//
// It is an Aho-Corasick automaton with a dense transition table over classes
// of bytes: one table look-up for each byte of text, whatever the number of
// strings.
package scan

import (
	"unicode/utf8"

	"github.com/failuredetector/failuredetector/detect/internal/fold"
)

// Automaton finds a fixed list of strings. It is immutable.
type Automaton struct {
	// class maps a byte to its column. Upper case ASCII shares the column of lower case.
	class   [256]uint8
	columns int
	// next[state*columns+class] is the following state.
	next []int32
	// outputs of a state are found[heads[state]:heads[state+1]]; few states have any.
	heads []int32
	found []int32
	// reports[state] says whether a state has outputs.
	reports []bool
}

// Seen collects which strings occurred. Its zero value is ready for use, and it
// may be used again for any automaton.
type Seen struct {
	// List has the index of each string that occurred, once, in order of first occurrence.
	List []int32

	mark  []uint32
	round uint32
}

func (s *Seen) begin(n int) {
	if len(s.mark) < n {
		s.mark = make([]uint32, n)
		s.round = 0
	}
	s.round++
	if s.round == 0 {
		clear(s.mark)
		s.round = 1
	}
	s.List = s.List[:0]
}

// New builds the automaton for strings that are folded as package fold does it.
// None may be empty.
func New(folded []string) *Automaton {
	a := &Automaton{}
	a.assignClasses(folded)
	outputs := a.buildTrie(folded)
	a.link(outputs)
	return a
}

// assignClasses gives each byte that occurs in a string its own column, and all
// others column 0.
func (a *Automaton) assignClasses(folded []string) {
	a.columns = 1
	for _, s := range folded {
		for i := range len(s) {
			if a.class[s[i]] == 0 {
				a.class[s[i]] = uint8(a.columns)
				a.columns++
			}
		}
	}
	for upper := byte('A'); upper <= 'Z'; upper++ {
		a.class[upper] = a.class[fold.Byte(upper)]
	}
}

// buildTrie fills next with the trie's edges, -1 where there is none, and gives
// the strings that end in each state.
func (a *Automaton) buildTrie(folded []string) [][]int32 {
	a.next = a.appendRow(nil)
	outputs := make([][]int32, 1)
	for index, s := range folded {
		state := 0
		for i := range len(s) {
			edge := state*a.columns + int(a.class[s[i]])
			if a.next[edge] < 0 {
				a.next[edge] = int32(len(outputs))
				outputs = append(outputs, nil)
				a.next = a.appendRow(a.next)
			}
			state = int(a.next[edge])
		}
		outputs[state] = append(outputs[state], int32(index))
	}
	return outputs
}

func (a *Automaton) appendRow(rows []int32) []int32 {
	for range a.columns {
		rows = append(rows, -1)
	}
	return rows
}

// link completes every missing edge with that of the longest proper suffix, in
// breadth-first order, so that a scan never goes back.
func (a *Automaton) link(outputs [][]int32) {
	states := len(outputs)
	suffix := make([]int32, states)
	queue := make([]int32, 0, states)
	for class := range a.columns {
		if child := a.next[class]; child < 0 {
			a.next[class] = 0
		} else {
			queue = append(queue, child)
		}
	}
	for head := 0; head < len(queue); head++ {
		state := int(queue[head])
		fallback := int(suffix[state])
		outputs[state] = append(outputs[state], outputs[fallback]...)
		for class := range a.columns {
			edge := state*a.columns + class
			inherited := a.next[fallback*a.columns+class]
			if child := a.next[edge]; child < 0 {
				a.next[edge] = inherited
			} else {
				suffix[child] = inherited
				queue = append(queue, child)
			}
		}
	}
	a.heads = make([]int32, states+1)
	a.reports = make([]bool, states)
	for state, list := range outputs {
		a.found = append(a.found, list...)
		a.heads[state+1] = int32(len(a.found))
		a.reports[state] = len(list) > 0
	}
}

// Scan fills seen with the strings that occur in the text, whatever their case.
func (a *Automaton) Scan(text string, strings int, seen *Seen) {
	seen.begin(strings)
	state := int32(0)
	columns := int32(a.columns)
	for i := 0; i < len(text); {
		b := text[i]
		if b < utf8.RuneSelf {
			i++
			state = a.next[state*columns+int32(a.class[b])]
			if a.reports[state] {
				a.report(state, seen)
			}
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		var folded [utf8.UTFMax]byte
		bytes := append(folded[:0], b)
		if r != utf8.RuneError || size > 1 {
			bytes = utf8.AppendRune(folded[:0], fold.Rune(r))
		}
		i += size
		for _, b := range bytes {
			state = a.next[state*columns+int32(a.class[b])]
			if a.reports[state] {
				a.report(state, seen)
			}
		}
	}
}

func (a *Automaton) report(state int32, seen *Seen) {
	for _, index := range a.found[a.heads[state]:a.heads[state+1]] {
		if seen.mark[index] != seen.round {
			seen.mark[index] = seen.round
			seen.List = append(seen.List, index)
		}
	}
}
