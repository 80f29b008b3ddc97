package detect

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"sync"

	"go.opentelemetry.io/collector/pdata/pcommon"
)

// Message gives what the body of a log record says: a text as it is, and of a map or a JSON text the value
// of the first of DefaultBodyKeys that it has. It is empty where the body says nothing.
func Message(body pcommon.Value) string {
	if body.Type() == pcommon.ValueTypeStr && !looksLikeJSON(body.Str()) {
		return withoutColour(body.Str())
	}
	m := messages()
	in := m.inputs.Get().(*input)
	defer m.inputs.Put(in)
	defer in.release()
	in.reset(kindLog)
	m.readBody(in, body)
	if len(in.pieces) == 0 {
		return ""
	}
	// The order of keys is no sign: maps come in any.
	best := slices.MinFunc(in.pieces, func(a, b piece) int { return cmp.Compare(m.rank(a.source), m.rank(b.source)) })
	return strings.Clone(withoutColour(best.text))
}

// messageReader knows which key of a body tells most.
type messageReader struct {
	reader
	ranks  map[string]int
	inputs sync.Pool
}

var messages = sync.OnceValue(func() *messageReader {
	keys := DefaultBodyKeys()
	m := &messageReader{reader: newReader(Options{BodyKeys: keys}), ranks: map[string]int{}}
	m.inputs.New = func() any { return new(input) }
	for i, key := range keys {
		own := m.bodyKeys[key]
		m.add(own.source, i*(len(keys)+1))
		for j, inner := range keys {
			m.add(own.inner[inner].source, i*(len(keys)+1)+j+1)
		}
	}
	return m
})

// add ranks a source. One that two keys have, as "error.message" and "message" in "error" do, has the rank
// of the first.
func (m *messageReader) add(source string, rank int) {
	if _, known := m.ranks[source]; !known {
		m.ranks[source] = rank
	}
}

// rank puts what is under no key last.
func (m *messageReader) rank(source string) int {
	if rank, known := m.ranks[source]; known {
		return rank
	}
	return math.MaxInt
}
