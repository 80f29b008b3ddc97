package failurefeedexporter

import (
	_ "embed"
	"net/http"
	"time"
)

const streamPath = "/api/v1/stream"

const unknownFailure = "there is no failure of this id: it may be over for longer than it is kept"

// endpoint is one thing that is served under a path.
type endpoint struct {
	method, path string
	handler      http.HandlerFunc
}

// endpoints are the API, as openapi.yaml describes it.
func (f *feed) endpoints() []endpoint {
	some := newGate(f.config, atOnce)
	list := []endpoint{
		{http.MethodGet, "/api/v1/failures", some.limit(f.scoped(f.listFailures))},
		{http.MethodGet, "/api/v1/failures/{id}", some.limit(f.scoped(f.showFailure))},
		{http.MethodPost, "/api/v1/failures/{id}/outcome", some.limit(f.scoped(f.judgeFailure))},
		{http.MethodGet, "/api/v1/stats", some.limit(f.scoped(f.showStats))},
		{http.MethodPost, "/api/v1/detect", some.limit(f.detectFailure)},
		{http.MethodGet, "/api/v1/openapi.yaml", serveDescription},
	}
	if f.config.Stream.Enabled {
		list = append(list, endpoint{http.MethodGet, streamPath, f.scoped(f.serveStream)})
	}
	return list
}

// routes gives what the server serves.
func (f *feed) routes() http.Handler {
	mux := http.NewServeMux()
	for _, e := range f.endpoints() {
		route(mux, e)
	}
	route(mux, endpoint{http.MethodGet, "/{$}", servePage})
	route(mux, endpoint{http.MethodGet, "/assets/{file}", serveAsset})
	if !f.config.Stream.Enabled {
		mux.HandleFunc(streamPath, func(w http.ResponseWriter, _ *http.Request) {
			writeProblem(w, http.StatusNotFound, "the stream is switched off: stream::enabled says so")
		})
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		writeProblem(w, http.StatusNotFound, "there is nothing under this path")
	})
	return mux
}

// route serves a path by one method. Every other gets a problem document, since the mux would answer in
// plain text.
func route(mux *http.ServeMux, e endpoint) {
	mux.HandleFunc(e.method+" "+e.path, e.handler)
	allow := e.method
	if allow == http.MethodGet {
		allow += ", " + http.MethodHead
	}
	mux.HandleFunc(e.path, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Allow", allow)
		writeProblem(w, http.StatusMethodNotAllowed, "this path takes "+e.method)
	})
}

//go:embed openapi.yaml
var description []byte

func serveDescription(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/yaml")
	_, _ = w.Write(description) // The client is gone; there is nobody to tell.
}

func (f *feed) listFailures(w http.ResponseWriter, r *http.Request, seen scope) {
	q, err := readQuery(r.URL.RawQuery, time.Now())
	if err != nil {
		writeProblem(w, http.StatusBadRequest, err.Error())
		return
	}
	q.seen = seen
	answer, err := f.store.page(&q)
	if err != nil {
		writeUnwritable(w)
		return
	}
	writeJSON(w, answer)
}

// detail is the answer to GET /api/v1/failures/{id}: the failure, its life, and those it is tied to.
type detail struct {
	*shownFailure
	Timeline []moment `json:"timeline"`
	// Omitted is how many entries after the first the timeline leaves out.
	Omitted int `json:"timeline_omitted,omitempty"`
	// Cascade has the victims, and the failure that this one comes from, as far as they are known here.
	Cascade []*shownFailure `json:"cascade,omitempty"`
}

func (f *feed) showFailure(w http.ResponseWriter, r *http.Request, seen scope) {
	found := f.store.get(r.PathValue("id"))
	if found == nil || !seen.sees(found) {
		writeProblem(w, http.StatusNotFound, unknownFailure)
		return
	}
	answer := detail{shownFailure: found, Timeline: found.timeline.moments, Omitted: found.timeline.left}
	for _, id := range append([]string{found.SuppressedBy}, found.Victims...) {
		if tied := f.store.get(id); tied != nil && seen.sees(tied) {
			answer.Cascade = append(answer.Cascade, tied)
		}
	}
	writeJSON(w, answer)
}

// ruleSet says which rules answer questions.
type ruleSet struct {
	Hash  string `json:"hash"`
	Rules int    `json:"rules"`
}

func (f *feed) showStats(w http.ResponseWriter, _ *http.Request, seen scope) {
	answer := f.store.stats(time.Now(), seen)
	if detector, err := f.classifier.detector(); err == nil {
		answer.RuleSet = &ruleSet{Hash: detector.Rules().Hash, Rules: len(detector.Rules().Rules)}
	}
	writeJSON(w, answer)
}
