package incident

import (
	"github.com/failuredetector/failuredetector/failure"
	"github.com/failuredetector/failuredetector/internal/cascade"
)

// Origin says what an incident is about.
type Origin uint8

// The origins of incidents.
const (
	// FromRecords is a failure that records tell of.
	FromRecords Origin = iota
	// FromProbe is a condition that a probe watches: the probe ends it, or a day without a word of it.
	FromProbe
	// FromOverflow stands for the failures of a group that are not followed one by one.
	FromOverflow
	// FromTrend is a threshold that is about to be reached.
	FromTrend
	// FromCascade stands for failures that come from one origin.
	FromCascade
	// FromBreaker is calls from one service to another that are broken: only good ones end it.
	FromBreaker
	// FromSilence is records that do not come: only records end it.
	FromSilence
)

// Incident is a failure that goes on.
type Incident struct {
	Origin Origin
	Group  *Group
	ID     string

	// Service is the name of the service that it was first seen in.
	Service                                   string
	Type, Category, Rule, Entity, Fingerprint string
	// Severity is how bad it is now.
	Severity         failure.Severity
	Confidence       float64
	Captures         []Attribute
	EntityAttributes []Attribute
	Text             string
	// Sample is what the record said by which it opened.
	Sample  string
	Probe   *Probe
	Cascade *Cascade
	Breaker *Breaker
	Missing *Missing
	News    *News
	// Version is the service's version in the last record, and FormerVersion the one in which it was
	// resolved before it came back.
	Version, FormerVersion string
	// RegressionOf is the id of the incident that it follows after a long while.
	RegressionOf string

	// SuppressedBy is the id of the cascade that explains it.
	SuppressedBy string

	// Opened is when it opened on the state's clock. First and Last bound the times that its records
	// tell. All are in nanoseconds since 1970.
	Opened, First, Last int64
	// Count is how many failures there were since it opened.
	Count int64
	// TraceID and SpanID are those of the record that caused its last transition.
	TraceID [16]byte
	SpanID  [8]byte
	// Transient says that the rules call it so.
	Transient bool

	key      Key
	sequence int64
	status   string
	// pending says that it is transient and not yet announced.
	pending bool
	// announced says that consumers know of it, and missed that they were not told a change since.
	announced, missed bool
	muted             bool
	// lastArrival is when its last record arrived; quiet time counts from it.
	lastArrival int64
	// lastSent is when it was announced last.
	lastSent int64
	// clearedAt is when it was cleared while flapping; 0 is not at all.
	clearedAt    int64
	resolveAfter int64
	// counted is the series of active incidents in which it counts.
	counted *Series
	// former is what it was before it came back; a transient one that is never announced ends as that.
	former *former
	// ledger adds up what its traces say that it comes from.
	ledger   cascade.Ledger
	suspense suspense
	// spared says that it is not held back again.
	spared bool
	// calls is the edge that its failures are calls on, and mixed says that not all are. edge is the one
	// that a breaker is about.
	calls, edge *edge
	mixed       bool
	// origin is what a cascade comes from, and widened says that it has victims which were not told.
	origin  *origin
	widened bool
	rate    rate
	recent  []int64
	returns []int64
}

// active says whether it counts as a failure that goes on.
func (in *Incident) active() bool {
	return !in.pending && (in.status == failure.StatusActive || in.status == failure.StatusStale)
}

// Status is its failure_status.
func (in *Incident) Status() string { return in.status }

// see takes a further record of the failure.
func (in *Incident) see(now, eventTime int64, obs *Observation) {
	in.lastArrival = now
	in.clearedAt = 0
	in.First = min(in.First, eventTime)
	in.Last = max(in.Last, eventTime)
	if obs.Resource.Version != "" {
		in.Version = obs.Resource.Version
	}
	in.rate.add(now)
}

// cause notes the record behind the next transition.
func (in *Incident) cause(obs *Observation) {
	in.TraceID, in.SpanID = obs.TraceID, obs.SpanID
}
