package failurefeedexporter

import (
	"cmp"
	"fmt"
	"net/http"
	"time"
)

// What people say of a failure.
const (
	sayUseful = "useful"
	sayNoise  = "noise"
)

// judgement is what a person said of a failure: whether it was worth telling, and what was behind it.
type judgement struct {
	Outcome string    `json:"outcome"`
	Cause   string    `json:"cause,omitempty"`
	Time    time.Time `json:"time"`
	// Rule is what it counts for: the rule that found the failure when it was said, or its type where no rule did.
	Rule string `json:"rule"`
}

// precision is what people said of the failures that a rule found.
type precision struct {
	Useful int64 `json:"useful"`
	Noise  int64 `json:"noise"`
	// Precision is the share of useful ones.
	Precision float64 `json:"precision"`
}

// judge keeps what a person said. Who says something else later means that. It gives nil where the failure
// is not known, or not to be seen.
func (s *store) judge(id string, seen scope, j judgement) *shownFailure {
	s.mu.Lock()
	defer s.mu.Unlock()
	element := s.failures[id]
	if element == nil || !seen.sees(element.Value.(*shownFailure)) {
		return nil
	}
	fresh := *element.Value.(*shownFailure)
	if before := fresh.Judgement; before != nil {
		s.tally.say(before.Rule, before.Outcome, -1)
	}
	j.Rule = cmp.Or(fresh.Rule, fresh.FailureType)
	fresh.Judgement = &j
	element.Value = &fresh
	s.revision++
	s.tally.say(j.Rule, j.Outcome, 1)
	return &fresh
}

// say counts by rule; beyond a number of rules all others are one.
func (t *tally) say(rule, outcome string, n int64) {
	said := t.said[rule]
	if said == nil && len(t.said) >= maxNames {
		rule = otherName
		said = t.said[rule]
	}
	if said == nil {
		said = &precision{}
		t.said[rule] = said
	}
	if outcome == sayUseful {
		said.Useful += n
	} else {
		said.Noise += n
	}
}

// precisions gives what was said by rule.
func (t *tally) precisions() map[string]precision {
	all := make(map[string]precision, len(t.said))
	for rule, said := range t.said {
		if total := said.Useful + said.Noise; total > 0 {
			all[rule] = precision{Useful: said.Useful, Noise: said.Noise, Precision: float64(said.Useful) / float64(total)}
		}
	}
	return all
}

func (f *feed) judgeFailure(w http.ResponseWriter, r *http.Request, seen scope) {
	var said struct {
		Outcome string `json:"outcome"`
		Cause   string `json:"cause"`
	}
	if !f.readBody(w, r, &said) {
		return
	}
	if said.Outcome != sayUseful && said.Outcome != sayNoise {
		writeProblem(w, http.StatusBadRequest, fmt.Sprintf("outcome: %q is none: use useful or noise", clip(said.Outcome, maxName)))
		return
	}
	shown := f.store.judge(r.PathValue("id"), seen, judgement{Outcome: said.Outcome, Cause: clip(said.Cause, maxText), Time: time.Now().UTC()})
	if shown == nil {
		writeProblem(w, http.StatusNotFound, unknownFailure)
		return
	}
	writeJSON(w, shown)
}
