package failurefeedexporter

import (
	"encoding/json"
	"net/http"
)

// problem is an error answer as RFC 9457 describes it. It has no type of its own, so the status says all.
type problem struct {
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail,omitempty"`
}

func writeProblem(w http.ResponseWriter, status int, detail string) {
	content, err := json.Marshal(problem{Title: http.StatusText(status), Status: status, Detail: clip(detail, maxText)})
	if err != nil {
		http.Error(w, http.StatusText(status), status)
		return
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(content) // The client is gone; there is nobody to tell.
}

func writeUnwritable(w http.ResponseWriter) {
	writeProblem(w, http.StatusInternalServerError, "the answer cannot be written as JSON")
}

func writeJSON(w http.ResponseWriter, answer any) {
	content, err := json.Marshal(answer)
	if err != nil {
		writeUnwritable(w)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write(content) // As above.
}
