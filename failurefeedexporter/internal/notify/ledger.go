package notify

import (
	"maps"
	"slices"
	"time"

	"github.com/failuredetector/failuredetector/failure"
)

// horizon is for how many intervals an alert lasts that is not told again, so that it ends by itself if we
// do not live to end it.
const horizon = 3

// alert is an alert as Alertmanager's API has it.
type alert struct {
	Labels       map[string]string `json:"labels"`
	Annotations  map[string]string `json:"annotations,omitempty"`
	StartsAt     time.Time         `json:"startsAt"`
	EndsAt       time.Time         `json:"endsAt"`
	GeneratorURL string            `json:"generatorURL,omitempty"`
}

// ledger knows what an Alertmanager was told. It has no clock.
type ledger struct {
	config *AlertmanagerConfig
	names  labelNames
	// told are the alerts that go on, by identity.
	told map[string]*alert
}

func newLedger(config *AlertmanagerConfig) *ledger {
	return &ledger{config: config, names: newLabelNames(config.Labels), told: map[string]*alert{}}
}

// next gives what to tell now: what is new and what has ended, and of what goes on all or nothing. A failure
// whose severity or origin is another has other labels, so one alert ends as the other begins.
func (l *ledger) next(now time.Time, failures []*Failure, all bool) []*alert {
	wanted, unsure := l.wanted(now, failures)
	var list []*alert
	for _, id := range slices.Sorted(maps.Keys(wanted)) {
		if all || l.told[id] == nil {
			list = append(list, wanted[id])
		}
	}
	for _, id := range slices.Sorted(maps.Keys(l.told)) {
		if wanted[id] != nil || unsure[id] || l.config.Resolve == ResolveByExpiry {
			continue
		}
		ended := *l.told[id]
		ended.EndsAt = now
		list = append(list, &ended)
	}
	l.told = wanted
	return list
}

// wanted gives the alerts there are to be, by identity, and which of the others nobody knows to have ended:
// of what is stale it is not said any more that it goes on, nor that it does not.
func (l *ledger) wanted(now time.Time, failures []*Failure) (map[string]*alert, map[string]bool) {
	wanted, unsure := map[string]*alert{}, map[string]bool{}
	latest := map[string]time.Time{}
	from := originsOf(failures)
	for _, f := range failures {
		if !l.config.wants(f) {
			continue
		}
		labels := l.names.of(f, from)
		id := identity(labels)
		if f.Status == failure.StatusStale {
			unsure[id] = true
			continue
		}
		fresh := l.alert(now, f, labels)
		// Of several failures with the same labels the latest is shown, since when the first began.
		if last := wanted[id]; last != nil {
			fresh.StartsAt = earlier(fresh.StartsAt, last.StartsAt)
			if !f.LastSeen.After(latest[id]) {
				last.StartsAt = fresh.StartsAt
				continue
			}
		}
		wanted[id], latest[id] = fresh, f.LastSeen
	}
	return wanted, unsure
}

func (l *ledger) alert(now time.Time, f *Failure, labels map[string]string) *alert {
	return &alert{
		Labels: labels, Annotations: annotations(f), GeneratorURL: f.URL,
		// What begins in the future is refused.
		StartsAt: earlier(f.FirstSeen, now),
		EndsAt:   now.Add(horizon * l.config.ResendInterval),
	}
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
