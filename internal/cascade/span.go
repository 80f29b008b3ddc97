package cascade

type (
	// TraceID is that of OpenTelemetry; zero is none.
	TraceID = [16]byte
	// SpanID is that of OpenTelemetry; zero is none.
	SpanID = [8]byte
)

// Kind is the kind of a span.
type Kind uint8

// The kinds.
const (
	Internal Kind = iota
	Server
	Client
	Producer
	Consumer
)

// calls says whether a span of this kind stands for work that another service does.
func (k Kind) calls() bool { return k == Client || k == Producer }

// Fault is what the code of a failed call says about whose fault it was.
type Fault uint8

// The faults.
const (
	FaultUnknown Fault = iota
	// FaultCaller is a call that was refused for what it asked, such as HTTP 400.
	FaultCaller
	// FaultCallee is one that could not be answered, such as HTTP 503.
	FaultCallee
	// FaultTimeout is one that was given up, such as HTTP 504.
	FaultTimeout
)

// Node is a service, or something that spans only call, such as a database. 0 is none.
type Node int32

// Link is a span that a span follows without being its child, such as the sender of a message.
type Link struct {
	Trace TraceID
	Span  SpanID
}

// Span is what the analysis needs of a span. Times are in nanoseconds since 1970.
type Span struct {
	Trace      TraceID
	ID, Parent SpanID
	Service    Node
	Kind       Kind
	Failed     bool
	Fault      Fault
	Start, End int64
	// Operation is the hash of its name.
	Name      string
	Operation uint32
	// Stage is where the task is that it belongs to.
	Stage string
	// Peer names what a call goes to, as far as the caller knows it, and Port tells apart what is there.
	Peer string
	Port uint16
	// Link is the span that it follows, where it has no parent.
	Link Link
	// Weight is how many spans it stands for because the others were not sampled; 0 is not told.
	Weight float32
}

// Operation gives the hash of a span's name: FNV-1a, the same in every run.
func Operation(name string) uint32 {
	const offset, prime, enough = 2166136261, 16777619, 64
	hash := uint32(offset)
	for i := range min(len(name), enough) {
		hash = (hash ^ uint32(name[i])) * prime
	}
	return hash
}
