package failuredetectorconnector

import (
	"math"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/failuredetector/failuredetector/internal/cascade"
	"github.com/failuredetector/failuredetector/internal/incident"
)

// peerKeys name what a call goes to, the surest first: a service, then where it is, then what it is.
var peerKeys = []string{"service.peer.name", "peer.service", "server.address", "db.system.name"}

func kindOf(kind ptrace.SpanKind) cascade.Kind {
	switch kind {
	case ptrace.SpanKindServer:
		return cascade.Server
	case ptrace.SpanKindClient:
		return cascade.Client
	case ptrace.SpanKindProducer:
		return cascade.Producer
	case ptrace.SpanKindConsumer:
		return cascade.Consumer
	default:
		return cascade.Internal
	}
}

// addSpan takes what the analysis of cascades needs of a span.
func (r *reader) addSpan(span ptrace.Span) {
	kind := kindOf(span.Kind())
	s := cascade.Span{
		Trace: span.TraceID(), ID: span.SpanID(), Parent: span.ParentSpanID(), Service: cascade.Node(r.place()), Kind: kind,
		Failed: span.Status().Code() == ptrace.StatusCodeError, Start: nanoseconds(span.StartTimestamp()), End: nanoseconds(span.EndTimestamp()),
		Name: span.Name(), Operation: cascade.Operation(span.Name()), Stage: r.stage(span.Attributes()), Weight: r.weight(span.TraceState().AsRaw()),
	}
	if kind == cascade.Client || kind == cascade.Producer {
		s.Peer, s.Port = peerOf(span.Attributes())
		if s.Failed {
			s.Fault = faultOf(span.Attributes())
		}
	}
	if s.Parent == (cascade.SpanID{}) && span.Links().Len() > 0 {
		link := span.Links().At(0)
		s.Link = cascade.Link{Trace: link.TraceID(), Span: link.SpanID()}
	}
	r.arrived.Spans = append(r.arrived.Spans, s)
}

// stage gives where the task is that a record belongs to.
func (r *reader) stage(attributes pcommon.Map) string {
	if r.stageKey == "" {
		return ""
	}
	return text(attributes, r.stageKey)
}

// callOf gives what a span calls, where calls are followed.
func (r *reader) callOf(span ptrace.Span) incident.Call {
	if kind := kindOf(span.Kind()); !r.cascades || kind != cascade.Client && kind != cascade.Producer {
		return incident.Call{}
	}
	peer, port := peerOf(span.Attributes())
	return incident.Call{Peer: peer, Port: port}
}

// place gives the index of the resource that was entered among the services of the batch.
func (r *reader) place() int {
	if r.resource == nil {
		r.resource = r.resources.read(r.attributes)
	}
	last := len(r.arrived.Services) - 1
	if last < 0 || r.arrived.Services[last] != r.resource {
		r.arrived.Services = append(r.arrived.Services, r.resource)
		last++
	}
	return last
}

// weight reads the sampling of a trace. Spans of one batch mostly say the same.
func (r *reader) weight(state string) float32 {
	if state != r.lastState {
		r.lastState, r.lastWeight = state, cascade.Weight(clip(state, maxName))
	}
	return r.lastWeight
}

// nanoseconds gives a time, or 0 for one that does not fit.
func nanoseconds(at pcommon.Timestamp) int64 {
	if at > math.MaxInt64/2 {
		return 0
	}
	return int64(at)
}

func peerOf(attributes pcommon.Map) (name string, port uint16) {
	for _, key := range peerKeys {
		value, found := attributes.Get(key)
		if !found || value.Type() != pcommon.ValueTypeStr || value.Str() == "" {
			continue
		}
		if key == "server.address" {
			port = portOf(attributes)
		}
		return clip(value.Str(), maxName), port
	}
	return "", 0
}

func portOf(attributes pcommon.Map) uint16 {
	value, found := attributes.Get("server.port")
	if !found || value.Type() != pcommon.ValueTypeInt || value.Int() < 0 || value.Int() > math.MaxUint16 {
		return 0
	}
	return uint16(value.Int())
}

// faultOf says whose fault a failed call was, as far as its code tells.
func faultOf(attributes pcommon.Map) cascade.Fault {
	for _, key := range []string{"http.response.status_code", "http.status_code"} {
		if value, found := attributes.Get(key); found && value.Type() == pcommon.ValueTypeInt {
			return httpFault(value.Int())
		}
	}
	for _, key := range []string{"rpc.grpc.status_code", "rpc.response.status_code", "rpc.status_code"} {
		if value, found := attributes.Get(key); found {
			return rpcFaults[value.AsString()]
		}
	}
	return cascade.FaultUnknown
}

func httpFault(code int64) cascade.Fault {
	switch {
	case code == 408 || code == 504:
		return cascade.FaultTimeout
	case code == 429 || code >= 500 && code < 600:
		return cascade.FaultCallee
	case code >= 400 && code < 500:
		return cascade.FaultCaller
	default:
		return cascade.FaultUnknown
	}
}

// rpcFaults are the codes of gRPC that say whose fault it was, by number and by name.
var rpcFaults = map[string]cascade.Fault{
	"3": cascade.FaultCaller, "INVALID_ARGUMENT": cascade.FaultCaller, "4": cascade.FaultTimeout, "DEADLINE_EXCEEDED": cascade.FaultTimeout,
	"5": cascade.FaultCaller, "NOT_FOUND": cascade.FaultCaller, "6": cascade.FaultCaller, "ALREADY_EXISTS": cascade.FaultCaller,
	"7": cascade.FaultCaller, "PERMISSION_DENIED": cascade.FaultCaller, "8": cascade.FaultCallee, "RESOURCE_EXHAUSTED": cascade.FaultCallee,
	"9": cascade.FaultCaller, "FAILED_PRECONDITION": cascade.FaultCaller, "11": cascade.FaultCaller, "OUT_OF_RANGE": cascade.FaultCaller,
	"13": cascade.FaultCallee, "INTERNAL": cascade.FaultCallee, "14": cascade.FaultCallee, "UNAVAILABLE": cascade.FaultCallee,
	"15": cascade.FaultCallee, "DATA_LOSS": cascade.FaultCallee, "16": cascade.FaultCaller, "UNAUTHENTICATED": cascade.FaultCaller,
}

// emptied gives the room of a batch to be used again. It holds on to nothing.
func emptied(batch incident.Batch) incident.Batch {
	clear(batch.Spans)
	clear(batch.Services)
	clear(batch.Unknown)
	return incident.Batch{
		Spans: batch.Spans[:0], Services: batch.Services[:0], Places: batch.Places[:0], Counts: batch.Counts[:0], Unknown: batch.Unknown[:0],
	}
}
