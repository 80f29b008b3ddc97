package replay

import (
	"time"

	"go.opentelemetry.io/collector/component"
)

// host keeps the time of the components: that of the records.
type host struct {
	now    time.Time
	follow []func(now time.Time) (idle bool)
}

// GetExtensions gives none.
func (*host) GetExtensions() map[component.ID]component.Component { return nil }

// Now is what time it is.
func (h *host) Now() time.Time { return h.now }

// Follow asks to be told how time passes.
func (h *host) Follow(pass func(now time.Time) (idle bool)) { h.follow = append(h.follow, pass) }

// maxPause is how long a pause between records is that passes second by second. At the end of a longer one
// the components find that they were away, so that a record with a wrong time does not cost hours.
const maxPause = 7 * 24 * time.Hour

// advance lets time pass up to a moment, second by second as it does for a collector. Seconds in which it
// could change nothing are passed over.
func (h *host) advance(to time.Time) {
	if h.now.IsZero() {
		h.now = to
	}
	last, idle := to.Truncate(time.Second), false
	away := h.now.Add(maxPause)
	for next := h.now.Truncate(time.Second).Add(time.Second); !next.After(last); next = next.Add(time.Second) {
		if idle || next.After(away) {
			next = last
		}
		h.now, idle = next, true
		for _, pass := range h.follow {
			idle = pass(next) && idle
		}
	}
	if to.After(h.now) {
		h.now = to
	}
}
