package cascade

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const second = int64(time.Second)

// drawing is a tracker that takes traces as tests draw them.
type drawing struct {
	*Tracker
	t     *testing.T
	nanos int64
	spans int
}

func draw(t *testing.T) *drawing {
	t.Helper()
	return &drawing{Tracker: New(NewDefaultLimits()), t: t, nanos: 1_000 * second}
}

// trace reads a tree of spans. A line has a service, a letter for the kind with a ! where it failed, the
// milliseconds from which to which it took, and what else there is: the peer of a call, what its code
// says of whose fault it is, lost where the span does not come.
func (d *drawing) trace(id byte, tree string) []Span {
	d.t.Helper()
	var spans []Span
	var above []SpanID
	for line := range strings.SplitSeq(strings.Trim(tree, "\n"), "\n") {
		text := strings.TrimLeft(line, "\t")
		depth := len(line) - len(text) - 2
		fields := strings.Fields(text)
		d.spans++
		s := Span{Trace: TraceID{id}, ID: SpanID{1, byte(d.spans >> 8), byte(d.spans)}, Service: d.Service(fields[0], fields[0])}
		if depth > 0 {
			s.Parent = above[depth-1]
		}
		above = append(above[:depth], s.ID)
		s.Kind = Kind(strings.Index("ISCPQ", fields[1][:1]))
		s.Failed = strings.HasSuffix(fields[1], "!")
		from, to, _ := strings.Cut(fields[2], "-")
		s.Start, s.End = d.nanos+millis(d.t, from), d.nanos+millis(d.t, to)
		lost := false
		for _, extra := range fields[3:] {
			switch extra {
			case "caller":
				s.Fault = FaultCaller
			case "callee":
				s.Fault = FaultCallee
			case "timeout":
				s.Fault = FaultTimeout
			case "lost":
				lost = true
			default:
				s.Peer = extra
			}
		}
		if !lost {
			spans = append(spans, s)
		}
	}
	return spans
}

func millis(t *testing.T, text string) int64 {
	t.Helper()
	n, err := strconv.ParseInt(text, 10, 64)
	require.NoError(t, err)
	return n * int64(time.Millisecond)
}

// settle lets time pass until all traces have been looked at.
func (d *drawing) settle() []Verdict {
	d.nanos += 11 * second
	return d.Tick(d.nanos)
}
