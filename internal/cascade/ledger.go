package cascade

import "slices"

// Ledger adds up what one failure comes from, over the traces in which it was reported.
type Ledger struct {
	own    count
	others []debit
}

type debit struct {
	origin Node
	count
}

// VictimShare is the share of its traces in which a failure comes from another that makes it a victim.
const VictimShare = 0.8

// maxDebits bounds the origins of one failure that are told apart.
const maxDebits = 4

// Add takes a verdict on the failure.
func (l *Ledger) Add(now int64, m *Marked) {
	if m.Own {
		l.own.add(now, 1, lately)
		return
	}
	i := slices.IndexFunc(l.others, func(d debit) bool { return d.origin == m.Origin })
	if i < 0 && len(l.others) < maxDebits {
		i, l.others = len(l.others), append(l.others, debit{origin: m.Origin})
	}
	if i < 0 {
		i = l.least(now)
		l.others[i] = debit{origin: m.Origin}
	}
	l.others[i].add(now, 1, lately)
}

func (l *Ledger) least(now int64) int {
	least := 0
	for i := range l.others {
		if l.others[i].get(now, lately) < l.others[least].get(now, lately) {
			least = i
		}
	}
	return least
}

// Origin gives what the failure mostly comes from where that is not itself, and the share of its
// traces in which it came from anything else; 0 where nothing is known.
func (l *Ledger) Origin(now int64) (origin Node, share float64) {
	var most, sum float64
	for i := range l.others {
		n := l.others[i].get(now, lately)
		sum += n
		if n > most {
			most, origin = n, l.others[i].origin
		}
	}
	if sum < negligible {
		return 0, 0
	}
	return origin, sum / (sum + l.own.get(now, lately))
}
