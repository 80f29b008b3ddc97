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
type gate struct {
	turns chan struct{}
	// writing is how long a client may take for its answer.
	writing time.Duration
}

func newGate(config *Config, atOnce int) *gate {
	return &gate{turns: make(chan struct{}, atOnce), writing: config.HTTP.WriteTimeout}
}

func (g *gate) limit(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		timer := time.NewTimer(longestWait)
		defer timer.Stop()
		select {
		case g.turns <- struct{}{}:
			defer func() { <-g.turns }()
			if g.writing > 0 {
				// The wait is no fault of the client. Where the deadline cannot be set, that of the server holds.
				_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(g.writing))
			}
			next(w, r)
		case <-timer.C:
			w.Header().Set("Retry-After", "5")
			writeProblem(w, http.StatusServiceUnavailable, "too much is asked at once")
		case <-r.Context().Done(): // The client is gone; there is nobody to tell.
		}
	}
}
