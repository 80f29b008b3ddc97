package failurefeedexporter

import (
	"net/http"
	"time"
)

const (
	// atOnce is how many questions are answered at once. An answer is in memory until its client has taken it,
	// and a question while it is read.
	atOnce = 64
	// longestWait is how long others wait for their turn.
	longestWait = 5 * time.Second
)

// gate lets a number of requests through at once.
type gate chan struct{}

func (g gate) limit(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		timer := time.NewTimer(longestWait)
		defer timer.Stop()
		select {
		case g <- struct{}{}:
			defer func() { <-g }()
			next(w, r)
		case <-timer.C:
			w.Header().Set("Retry-After", "5")
			writeProblem(w, http.StatusServiceUnavailable, "too much is asked at once")
		case <-r.Context().Done(): // The client is gone; there is nobody to tell.
		}
	}
}
