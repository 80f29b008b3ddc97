package failure

// EventPrefix begins the name of every event that the project emits.
const EventPrefix = "failure."

// Names of the events of an incident, which the connector emits.
const (
	// EventOpened announces an incident.
	EventOpened = "failure.opened"
	// EventOngoing repeats an open incident: as a reminder, after a restart, or because its state
	// changed in a way that has no event of its own.
	EventOngoing = "failure.ongoing"
	// EventEscalated says that an open incident is worse than it was announced.
	EventEscalated = "failure.escalated"
	// EventResolved ends an incident.
	EventResolved = "failure.resolved"
	// EventRegressed says that a resolved incident came back.
	EventRegressed = "failure.regressed"
	// EventPredicted says that something is about to fail. Probes emit it too.
	EventPredicted = "failure.predicted"
)

// Names of the events of a probe, beside EventPredicted.
const (
	// EventObserved says that a condition holds: when it began, when it changed and as a heartbeat.
	EventObserved = "failure.observed"
	// EventCleared says that a condition no longer holds.
	EventCleared = "failure.cleared"
)

// Keys of the attributes that failure events have beside those of a record.
const (
	// AttrEvent repeats the event name, which some backends drop.
	AttrEvent = "failure_event"
	// AttrIncidentID holds 32 hex digits. A record that has it is an event of an incident and no failure.
	AttrIncidentID = "failure_incident_id"
	// AttrSequence holds an int that rises by one with each event of an incident.
	AttrSequence = "failure_sequence"
	// AttrEventID joins incident id and sequence with a dash.
	AttrEventID = "failure_event_id"
	// AttrStatus holds one of the Status constants.
	AttrStatus = "failure_status"
	// AttrCount holds the int number of failures since the incident opened.
	AttrCount = "failure_count"
	// AttrFirstSeen and AttrLastSeen hold times in RFC 3339 with nanoseconds, UTC.
	AttrFirstSeen = "failure_first_seen"
	AttrLastSeen  = "failure_last_seen"
	// AttrEvidence holds a string slice, each entry beginning with one of the Evidence prefixes.
	AttrEvidence = "failure_evidence"
	// AttrRegressionOf holds the id of the incident that an incident follows after a long while.
	AttrRegressionOf = "failure_regression_of"
	// AttrOrigin holds the service that other failures come from, and AttrPath the services from it to
	// the last that fails because of it.
	AttrOrigin = "failure_origin"
	AttrPath   = "failure_path"
	// AttrVictims holds the ids of the incidents that come from it.
	AttrVictims = "failure_victims"
	// AttrSuppressedBy holds the id of the incident that explains an incident.
	AttrSuppressedBy = "failure_suppressed_by"
	// AttrPredictedEarliest and AttrPredictedLatest hold times in RFC 3339 with nanoseconds, UTC.
	AttrPredictedEarliest = "failure_predicted_earliest"
	AttrPredictedLatest   = "failure_predicted_latest"
	// AttrReminderSeconds holds an int: how often a reminder is to be expected.
	AttrReminderSeconds = "failure_reminder_seconds"
	// AttrRestored is true on what is sent again after a restart.
	AttrRestored = "failure_restored"
	// AttrScope says what a probe's condition is about: host, container, cgroup or target.
	AttrScope = "failure_scope"
	// AttrValue and AttrThreshold hold doubles in the unit of the probe's metric.
	AttrValue     = "failure_value"
	AttrThreshold = "failure_threshold"
	// AttrThresholdName names a threshold on the metric failure.threshold.utilization.
	AttrThresholdName = "failure_threshold_name"
)

// Values of AttrStatus.
const (
	// StatusActive is an incident that goes on.
	StatusActive = "active"
	// StatusResolved is one that has ended.
	StatusResolved = "resolved"
	// StatusStale is one whose probe is no longer heard of.
	StatusStale = "stale"
	// StatusPredicted is one that is about to begin.
	StatusPredicted = "predicted"
)

// Prefixes of the entries of AttrEvidence.
const (
	// EvidenceObserved begins what was seen.
	EvidenceObserved = "observed: "
	// EvidenceInferred begins what was concluded.
	EvidenceInferred = "inferred: "
	// EvidenceUnknown begins what could not be found out.
	EvidenceUnknown = "unknown: "
)

// TypeCascade is the failure type of an incident that stands for failures which come from one origin,
// TypeBreaker that of calls which are broken, and CategoryComposite the category of failures that are made
// of others.
const (
	TypeCascade       = "CASCADING_FAILURES"
	TypeBreaker       = "CIRCUIT_BREAKER_TRIPPED"
	CategoryComposite = "composite"
)

// TypeSilence is the failure type of a source that sent steadily and stopped, and CategorySilence the
// category of it.
const (
	TypeSilence     = "TELEMETRY_SILENCE"
	CategorySilence = "runtime"
)

// TypeHang is the failure type of a task that does not go on, and CategoryHang the category of it.
const (
	TypeHang     = "TASK_HANG"
	CategoryHang = "orchestration"
)

// TypeNovel is the failure type of an error that its service did not report before, and CategoryNovel the
// category of it.
const (
	TypeNovel     = "NOVEL_ERROR"
	CategoryNovel = "runtime"
)

// TypeUnclassified is the failure type of incidents of exceptions that no rule recognised, and
// CategoryUnclassified the category of it.
const (
	TypeUnclassified     = "UNCLASSIFIED_EXCEPTION"
	CategoryUnclassified = "runtime"
)
