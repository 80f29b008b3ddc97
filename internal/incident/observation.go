package incident

import "github.com/failuredetector/failuredetector/failure"

// Kind says what an observation tells.
type Kind uint8

// The kinds of observations.
const (
	// Failure is a record that a rule recognised.
	Failure Kind = iota
	// Unclassified is an exception that no rule recognised.
	Unclassified
	// Clear is a record that ends failures of some types.
	Clear
	// Observed is a probe's word that a condition holds.
	Observed
	// Cleared is its word that the condition no longer holds.
	Cleared
	// Predicted is its word that the condition is about to hold.
	Predicted
)

// Signal says which kind of telemetry an observation comes from.
type Signal uint8

// The signals.
const (
	Logs Signal = iota
	Traces
)

// Attribute is a key with a text.
type Attribute struct {
	Key   string `json:"k"`
	Value string `json:"v"`
}

// Resource is what sent a record. Observations of one resource share it.
type Resource struct {
	// Values are those of Settings.GroupBy, in its order; a missing one is empty.
	Values []string
	// Carried are further attributes that go onto events.
	Carried []Attribute
	// Service is the name of the service, and Namespace its namespace.
	Service, Namespace string
	// Version is the version of the service.
	Version string
}

// Observation is what one record says about failures. Texts in it are the caller's to bound.
type Observation struct {
	Kind     Kind
	Signal   Signal
	Resource *Resource
	// Time is when it happened, in nanoseconds since 1970, or 0 where the record does not tell.
	Time int64

	Type, Category, Rule, Entity, Fingerprint string
	Severity                                  failure.Severity
	Confidence                                float64
	Captures                                  []Attribute

	TraceID [16]byte
	SpanID  [8]byte

	// Call is what it failed to call, where it is a call.
	Call Call
	// Text is what an unclassified exception says.
	Text string
	// Sample gives what the record says, without secrets. It is asked for where an incident begins, and not
	// after the batch was received. Default: it says nothing.
	Sample func() string
	// Clears lists the types that a record ends.
	Clears []string
	// EntityAttributes are the resource attributes that identify the entity.
	EntityAttributes []Attribute
	// Probe has what only probes tell.
	Probe *Probe
	// News says why an error is news.
	News *News
}

// Probe is what a probe tells about a condition.
type Probe struct {
	// Says is its sentence: what is wrong where, how bad it is, by which number.
	Says      string   `json:"says,omitempty"`
	Scope     string   `json:"scope,omitempty"`
	Value     *float64 `json:"value,omitempty"`
	Threshold *float64 `json:"threshold,omitempty"`
	Evidence  []string `json:"evidence,omitempty"`
	// Earliest and Latest bound the time of a prediction, in nanoseconds since 1970.
	Earliest int64 `json:"earliest,omitempty"`
	Latest   int64 `json:"latest,omitempty"`
}
