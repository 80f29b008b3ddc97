package literal

import "slices"

// alternation knows all strings if it does so of every branch. Otherwise it
// requires what one of the branches does.
type alternation struct {
	// exact are the strings of the branches of which all are known.
	exact  []string
	others []part
}

// newAlternation has room for what most have.
func newAlternation() alternation { return alternation{exact: make([]string, 0, 4)} }

func (a *alternation) add(branch part) {
	if branch.exact != nil {
		a.exact = append(a.exact, branch.exact...)
	} else {
		a.others = append(a.others, branch)
	}
}

// whole is what is known of the branches together.
func (a *alternation) whole() part {
	slices.Sort(a.exact)
	a.exact = slices.Compact(a.exact)
	if len(a.others) == 0 && len(a.exact) <= maxExact {
		return part{exact: a.exact}
	}
	return part{first: a.edge(part.begin), last: a.edge(part.end), required: a.required()}
}

// edge lists what the branches begin or end with. It is nil where that of one is
// unknown, or where it is too much.
func (a *alternation) edge(of func(part) []string) []string {
	joined := slices.Clip(a.exact)
	for _, b := range a.others {
		own := of(b)
		if own == nil || len(joined)+len(own) > maxExact {
			return nil
		}
		joined = append(joined, own...)
	}
	if len(joined) > maxExact {
		return nil
	}
	slices.Sort(joined)
	return slices.Compact(joined)
}

func (a *alternation) required() []Conjunction {
	required := oneOf(a.exact)
	if required == nil && len(a.exact) > 0 {
		return nil
	}
	for _, b := range a.others {
		all := b.all()
		if all == nil {
			return nil
		}
		required = append(required, all...)
	}
	return weakest(shorten(required))
}
