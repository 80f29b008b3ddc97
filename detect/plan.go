package detect

import (
	"cmp"
	"slices"

	"github.com/failuredetector/failuredetector/detect/internal/literal"
	"github.com/failuredetector/failuredetector/detect/internal/scan"
)

// plan numbers the literals of all triggers and finds the rarest one of each
// conjunction, under which the others are asked for.
type plan struct {
	literals []string
	// commonness of each literal that stands beside others, as package scan ranks
	// it, or unranked.
	commonness []int32
	position   map[string]int32
	// numbers are those of the literals of all conjunctions, those of each from the rarest.
	numbers []int32
	planned []planned
}

// planned is a conjunction by the place of its numbers.
type planned struct{ trigger, from, upto int32 }

// newPlan takes what each trigger requires.
func newPlan(required [][]literal.Conjunction) *plan {
	conjunctions, parts := 0, 0
	for _, own := range required {
		conjunctions += len(own)
		for _, c := range own {
			parts += len(c)
		}
	}
	p := &plan{
		literals:   make([]string, 0, parts/2),
		commonness: make([]int32, 0, parts/2),
		position:   make(map[string]int32, parts/2),
		numbers:    make([]int32, 0, parts),
		planned:    make([]planned, 0, conjunctions),
	}
	for trigger, own := range required {
		for _, c := range own {
			p.add(int32(trigger), c)
		}
	}
	return p
}

func (p *plan) number(s string) int32 {
	at, known := p.position[s]
	if !known {
		at = int32(len(p.literals))
		p.position[s] = at
		p.literals = append(p.literals, s)
		p.commonness = append(p.commonness, unranked)
	}
	return at
}

func (p *plan) add(trigger int32, c literal.Conjunction) {
	from := len(p.numbers)
	for _, s := range c {
		p.numbers = append(p.numbers, p.number(s))
	}
	parts := p.numbers[from:]
	if len(parts) > 1 {
		slices.SortStableFunc(parts, func(a, b int32) int { return cmp.Compare(p.rank(a), p.rank(b)) })
	}
	p.planned = append(p.planned, planned{trigger: trigger, from: int32(from), upto: int32(len(p.numbers))})
}

const unranked = -1

func (p *plan) rank(at int32) int32 {
	rank := &p.commonness[at]
	if *rank == unranked {
		*rank = int32(scan.Commonness(p.literals[at]))
	}
	return *rank
}

// conjunctions lists those of each literal.
func (p *plan) conjunctions() [][]conjunction {
	counts := make([]int32, len(p.literals))
	for _, c := range p.planned {
		counts[p.numbers[c.from]]++
	}
	all := make([]conjunction, len(p.planned))
	lists := make([][]conjunction, len(p.literals))
	for i, n := range counts {
		lists[i], all = all[:0:n], all[n:]
	}
	for _, c := range p.planned {
		rarest := p.numbers[c.from]
		lists[rarest] = append(lists[rarest], conjunction{trigger: c.trigger, others: p.numbers[c.from+1 : c.upto]})
	}
	return lists
}
