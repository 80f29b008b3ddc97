package notify

import "time"

// Event is what happened to a failure. Templates see it, so its fields are part of the configuration.
type Event struct {
	// Type is the type of the message of the stream, such as failure_detected.
	Type string
	// ID is the same wherever this event is told, so that a receiver recognises it when it comes again.
	ID string
	// Message is the JSON of the stream's message.
	Message []byte
	Failure *Failure
}

// Failure is one failure as it is after an event.
type Failure struct {
	ID          string
	Status      string
	FailureType string
	Severity    string
	Category    string
	Service     string
	// Place is the service or, where there is none, the entity or host: what the API filters by as service.
	Place       string
	Entity      string
	Rule        string
	Fingerprint string
	Message     string
	Count       int64
	FirstSeen   time.Time
	LastSeen    time.Time

	RootCause          string
	RecoverySteps      []Step
	Evidence           []Evidence
	UserActionRequired bool
	Transient          bool
	// Confidence is 0 where it is not known.
	Confidence float64

	Origin string
	Path   []string
	// SuppressedBy is the id of the failure that explains this one, and Held says that it still does.
	SuppressedBy string
	Held         bool

	// PredictedEarliest and PredictedLatest are zero where nothing is predicted.
	PredictedEarliest time.Time
	PredictedLatest   time.Time

	Captures map[string]string
	Resource map[string]string
	TraceID  string
	TraceURL string
	// URL is the address of the failure's page, or "".
	URL string
}

// Step is one thing to do about a failure; Risk is safe or risky.
type Step struct {
	Do   string
	Risk string
}

// Evidence is one thing that a failure rests on; Kind is observed, inferred or unknown.
type Evidence struct {
	Kind string
	Text string
}
