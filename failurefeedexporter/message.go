package failurefeedexporter

import "encoding/json"

// Types of the messages that are about the stream itself.
const (
	kindReady  = "ready"
	kindMissed = "missed"
)

// message is what listeners are told. It is never changed, and written for all of them once.
type message struct {
	number  uint64
	id      string
	kind    string
	failure *shownFailure
	text    []byte
	// frame is the text as a frame of a WebSocket; both share their memory.
	frame []byte
}

func newMessage(kind, id string, f *shownFailure) (*message, error) {
	text, err := json.Marshal(told{Type: kind, EventID: id, shownFailure: f})
	if err != nil {
		return nil, err
	}
	// The timeline is no part of a message, so a message does not keep it.
	kept := *f
	kept.timeline = timeline{}
	m := &message{id: id, kind: kind, failure: &kept}
	m.frame, m.text = newFrame(text)
	return m, nil
}

// told is the JSON of a message.
type told struct {
	Type    string `json:"type"`
	EventID string `json:"event_id"`
	*shownFailure
}

// notice is the JSON of a message about the stream.
type notice struct {
	Type    string `json:"type"`
	EventID string `json:"event_id"`
	// Count is how many messages were missed; 0 is unknown.
	Count uint64 `json:"count,omitempty"`
}

func (n notice) message() *message {
	m := &message{id: n.EventID, kind: n.Type}
	text, _ := json.Marshal(n) // Two strings and a number cannot fail.
	m.frame, m.text = newFrame(text)
	return m
}
