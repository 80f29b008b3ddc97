package detect

import (
	"github.com/failuredetector/failuredetector/detect/internal/literal"
	"github.com/failuredetector/failuredetector/detect/internal/scan"
)

// plan numbers the literals of all triggers and finds the rarest one of each
// conjunction, under which the others are asked for.
type plan struct {
	literals []string
	// commonness of each literal that stands beside others, as package scan ranks
	// it, or unranked.
	commonness []int
	position   map[string]int32
	planned    []planned
}

// planned is a conjunction and its rarest literal.
type planned struct {
	rarest int32
	conjunction
}

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
		commonness: make([]int, 0, parts/2),
		position:   make(map[string]int32, parts/2),
		planned:    make([]planned, 0, conjunctions),
	}
	numbers := make([]int32, 0, parts)
	for trigger, own := range required {
		for _, c := range own {
			begin := len(numbers)
			for _, s := range c {
				numbers = append(numbers, p.number(s))
			}
			p.add(int32(trigger), numbers[begin:])
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

func (p *plan) add(trigger int32, parts []int32) {
	rarest := 0
	for i := 1; i < len(parts); i++ {
		if p.rank(parts[i]) < p.rank(parts[rarest]) {
			rarest = i
		}
	}
	parts[0], parts[rarest] = parts[rarest], parts[0]
	p.planned = append(p.planned, planned{rarest: parts[0], conjunction: conjunction{trigger: trigger, others: parts[1:]}})
}

const unranked = -1

func (p *plan) rank(at int32) int {
	rank := &p.commonness[at]
	if *rank == unranked {
		*rank = scan.Commonness(p.literals[at])
	}
	return *rank
}

// conjunctions lists those of each literal.
func (p *plan) conjunctions() [][]conjunction {
	counts := make([]int, len(p.literals))
	for i := range p.planned {
		counts[p.planned[i].rarest]++
	}
	all := make([]conjunction, len(p.planned))
	lists := make([][]conjunction, len(p.literals))
	for i, n := range counts {
		lists[i], all = all[:0:n], all[n:]
	}
	for i := range p.planned {
		c := &p.planned[i]
		lists[c.rarest] = append(lists[c.rarest], c.conjunction)
	}
	return lists
}
