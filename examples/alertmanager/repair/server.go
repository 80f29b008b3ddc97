package main

import (
	"crypto/subtle"
	"encoding/json"
	"net/http"
)

// maxRequest bounds what Alertmanager may send, in bytes.
const maxRequest = 4 << 20

// handler takes what Alertmanager's webhook sends. It answers before anything is done: a command may take
// longer than Alertmanager waits.
func (r *repairer) handler(token string) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /alerts", func(w http.ResponseWriter, request *http.Request) {
		if token != "" && subtle.ConstantTimeCompare([]byte(request.Header.Get("Authorization")), []byte("Bearer "+token)) != 1 {
			http.Error(w, "this is not the token", http.StatusUnauthorized)
			return
		}
		var sent struct {
			Alerts []alert `json:"alerts"`
		}
		if err := json.NewDecoder(http.MaxBytesReader(w, request.Body, maxRequest)).Decode(&sent); err != nil {
			http.Error(w, "this is nothing that Alertmanager sends", http.StatusBadRequest)
			return
		}
		select {
		case r.waiting <- sent.Alerts:
		default:
			http.Error(w, "too much is to be done", http.StatusServiceUnavailable)
		}
	})
	return mux
}
