package notify

import (
	"testing"
)

// TestShutdownDoesNotWaitForTheDead ends with the context, whatever is on its way to a destination that does
// not answer, with its queue and without.
func TestShutdownDoesNotWaitForTheDead(t *testing.T) {
	dead, taken := hole(t)
	h := newHarness(t, `{alertmanager: [{endpoint: "`+dead+`"}], webhooks: [{endpoint: "`+dead+`", timeout: 10h}, {endpoint: "`+dead+`", sending_queue: {enabled: false}, timeout: 10h}]}`)
	h.become(timeout("a"))
	for _, id := range []string{"a-1", "a-2", "a-3"} {
		h.Tell(detected(id))
	}
	for range 3 {
		<-taken
	}
	h.abandon(t)
}
