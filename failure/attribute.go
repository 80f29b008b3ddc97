package failure

// Prefix begins the key of every attribute that the project writes.
const Prefix = "failure_"

// Keys of record attributes, the same on log records, spans, span events and failure events.
const (
	// AttrType holds a failure type in upper snake case.
	AttrType = "failure_type"
	// AttrSeverity holds the name of a Severity.
	AttrSeverity = "failure_severity"
	// AttrCategory holds the category of the type.
	AttrCategory = "failure_category"
	// AttrConfidence holds a double from 0 to 1.
	AttrConfidence = "failure_confidence"
	// AttrRule holds the id of the rule that matched.
	AttrRule = "failure_rule"
	// AttrFingerprint holds "v1:" and 16 hex digits, the same for the same failure
	// wherever it shows. An exception that no rule recognised has it as well.
	AttrFingerprint = "failure_fingerprint"
	// AttrTypes holds a string slice, most specific type first, where more than one type matched.
	AttrTypes = "failure_types"
	// AttrClears holds a string slice of the types that a record ends.
	AttrClears = "failure_clears"
	// AttrEntity names what failed, where it is not the service itself.
	AttrEntity = "failure_entity"
	// AttrCapturePrefix begins the key of a value that a rule captured.
	AttrCapturePrefix = "failure_capture."
	// AttrCause holds one sentence on why it failed.
	AttrCause = "failure_cause"
	// AttrActions holds a string slice, each entry beginning with "safe: " or "risky: ".
	AttrActions = "failure_actions"
	// AttrUserActionRequired says whether a person has to act.
	AttrUserActionRequired = "failure_user_action_required"
	// AttrTransient says whether the failure commonly goes away by itself.
	AttrTransient = "failure_transient"
)

// AttrArrival holds when the telemetry of a resource arrived, in nanoseconds since 1970. It stands on the
// resources of a recording that is to be replayed, and nowhere else.
const AttrArrival = "failure_arrival"

// Limits of captured values, so that what a sender writes cannot grow a record without bound.
const (
	// MaxCaptures is the largest number of captures on one record.
	MaxCaptures = 8
	// MaxCaptureBytes is the largest size of one captured value, in bytes of UTF-8.
	MaxCaptureBytes = 128
)
