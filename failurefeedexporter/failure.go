package failurefeedexporter

import (
	"strings"
	"time"

	"github.com/failuredetector/failuredetector/failure"
)

// shownFailure is one failure as clients see it, the state that its latest event told. It is never changed
// once it is kept: each event makes a new one, so that answers are written without a lock.
type shownFailure struct {
	ID          string `json:"id"`
	Status      string `json:"status"`
	FailureType string `json:"failure_type"`
	Severity    string `json:"severity"`
	Category    string `json:"category,omitempty"`
	Service     string `json:"service,omitempty"`
	Entity      string `json:"entity,omitempty"`
	Message     string `json:"message"`
	Count       int64  `json:"count"`
	// Trend says whether it fails more often than before: rising, steady or falling.
	Trend     string    `json:"trend,omitempty"`
	FirstSeen time.Time `json:"first_seen"`
	LastSeen  time.Time `json:"last_seen"`
	// Updated is when the latest event happened.
	Updated time.Time  `json:"updated"`
	Ended   *time.Time `json:"ended,omitempty"`

	RootCause          string     `json:"root_cause,omitempty"`
	RecoverySteps      []step     `json:"recovery_steps,omitempty"`
	UserActionRequired *bool      `json:"user_action_required,omitempty"`
	Transient          *bool      `json:"transient,omitempty"`
	Confidence         *float64   `json:"confidence,omitempty"`
	Evidence           []evidence `json:"evidence,omitempty"`

	Origin       string   `json:"origin,omitempty"`
	Path         []string `json:"path,omitempty"`
	Victims      []string `json:"victims,omitempty"`
	SuppressedBy string   `json:"suppressed_by,omitempty"`
	RegressionOf string   `json:"regression_of,omitempty"`

	PredictedEarliest *time.Time `json:"predicted_earliest,omitempty"`
	PredictedLatest   *time.Time `json:"predicted_latest,omitempty"`

	Rule        string            `json:"rule,omitempty"`
	Fingerprint string            `json:"fingerprint,omitempty"`
	Captures    map[string]string `json:"captures,omitempty"`
	Scope       string            `json:"scope,omitempty"`
	Value       *float64          `json:"value,omitempty"`
	Threshold   *float64          `json:"threshold,omitempty"`
	Resource    map[string]string `json:"resource,omitempty"`
	TraceID     string            `json:"trace_id,omitempty"`
	SpanID      string            `json:"span_id,omitempty"`
	TraceURL    string            `json:"trace_url,omitempty"`

	// Judgement is what a person said of it.
	Judgement *judgement `json:"judgement,omitempty"`

	// held says that another failure explains it, and that nothing speaks against that since.
	held bool

	sequence int64
	// reminder is how often an event is to be expected while it lasts; 0 is unknown.
	reminder time.Duration
	// received is when the latest event arrived here, on the clock of this machine.
	received time.Time
	timeline timeline
}

// step is one thing to do about a failure.
type step struct {
	Do   string `json:"do"`
	Risk string `json:"risk"`
}

// newStep reads an entry of failure_actions. One that does not say how risky it is may be risky.
func newStep(text string) step {
	if do, found := strings.CutPrefix(text, "safe: "); found {
		return step{Do: do, Risk: "safe"}
	}
	return step{Do: strings.TrimPrefix(text, "risky: "), Risk: "risky"}
}

// evidence is one thing that a failure rests on.
type evidence struct {
	Kind string `json:"kind"`
	Text string `json:"text"`
}

// newEvidence reads an entry of failure_evidence. Of one that does not say, it is unknown what it is.
func newEvidence(text string) evidence {
	for _, prefix := range []string{failure.EvidenceObserved, failure.EvidenceInferred, failure.EvidenceUnknown} {
		if rest, found := strings.CutPrefix(text, prefix); found {
			return evidence{Kind: strings.TrimSuffix(prefix, ": "), Text: rest}
		}
	}
	return evidence{Kind: "unknown", Text: text}
}

// expected says whether it was predicted and has not come, though nothing may have been heard of it for long.
func (f *shownFailure) expected() bool {
	return f.Status == failure.StatusPredicted || f.Status == failure.StatusStale && f.timeline.latest().Status == failure.StatusPredicted
}

// goesOn says whether a failure is neither over nor out of sight.
func (f *shownFailure) goesOn() bool {
	return f.Status == failure.StatusActive || f.Status == failure.StatusPredicted
}
