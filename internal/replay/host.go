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

// advance lets time pass up to a moment, second by second as it does for a collector. Seconds in which it
// could change nothing are passed over.
func (h *host) advance(to time.Time) {
	if h.now.IsZero() {
		h.now = to
	}
	for next := h.now.Truncate(time.Second).Add(time.Second); !next.After(to); next = next.Add(time.Second) {
		h.now = next
		idle := true
		for _, pass := range h.follow {
			idle = pass(next) && idle
		}
		if idle {
			next = to.Truncate(time.Second)
		}
	}
	if to.After(h.now) {
		h.now = to
	}
}
