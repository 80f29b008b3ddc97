package detect

import "time"

// ledger notes what the rules that are tried on a record take. Nil notes nothing:
// only a Profile has one.
type ledger struct {
	entries []ledgerEntry
	// triggers are the patterns of all these rules that could match.
	triggers []int32
	started  time.Time
	// before is the text that rules before had been tried on.
	before int
}

// ledgerEntry is about one rule.
type ledgerEntry struct {
	rule    int32
	matched bool
	walked  int
	took    time.Duration
}

func (l *ledger) begin() { l.entries, l.triggers = l.entries[:0], l.triggers[:0] }

// open notes when a rule begins.
func (l *ledger) open(spent int) {
	if l != nil {
		l.before, l.started = spent, time.Now()
	}
}

// done notes that the rule has ended.
func (l *ledger) done(rule int32, triggers []candidate, matched bool, spent int) {
	if l == nil {
		return
	}
	l.entries = append(l.entries, ledgerEntry{rule: rule, matched: matched, walked: spent - l.before, took: time.Since(l.started)})
	for _, t := range triggers {
		l.triggers = append(l.triggers, t.expression)
	}
}
