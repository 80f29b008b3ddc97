package detect

import (
	"strconv"

	"go.opentelemetry.io/collector/pdata/pcommon"
)

// maxRenderDepth bounds how deep a value is shown; what lies deeper says nothing to a rule.
const maxRenderDepth = 8

// appendValue writes a value as JSON without spaces, except that texts are not
// escaped, so that rules see them as they are. It stops when the buffer is full,
// so its cost is bounded by the buffer's capacity and not by the value.
func appendValue(buffer []byte, value pcommon.Value, depth int) []byte {
	if depth > maxRenderDepth {
		return buffer
	}
	switch value.Type() {
	case pcommon.ValueTypeStr:
		buffer = appendBounded(buffer, `"`)
		buffer = appendBounded(buffer, value.Str())
		return appendBounded(buffer, `"`)
	case pcommon.ValueTypeMap:
		return appendMap(buffer, value.Map(), depth)
	case pcommon.ValueTypeSlice:
		buffer = appendBounded(buffer, "[")
		for i, item := range value.Slice().All() {
			if i > 0 {
				buffer = appendBounded(buffer, ",")
			}
			if buffer = appendValue(buffer, item, depth+1); len(buffer) == cap(buffer) {
				return buffer
			}
		}
		return appendBounded(buffer, "]")
	case pcommon.ValueTypeInt:
		var digits [20]byte
		return appendBounded(buffer, string(strconv.AppendInt(digits[:0], value.Int(), 10)))
	case pcommon.ValueTypeBool:
		return appendBounded(buffer, strconv.FormatBool(value.Bool()))
	case pcommon.ValueTypeDouble:
		var digits [32]byte
		return appendBounded(buffer, string(strconv.AppendFloat(digits[:0], value.Double(), 'g', -1, 64)))
	default:
		return appendBounded(buffer, "null")
	}
}

func appendMap(buffer []byte, m pcommon.Map, depth int) []byte {
	buffer = appendBounded(buffer, "{")
	first := true
	for key, item := range m.All() {
		if !first {
			buffer = appendBounded(buffer, ",")
		}
		first = false
		buffer = appendBounded(buffer, `"`)
		buffer = appendBounded(buffer, key)
		buffer = appendBounded(buffer, `":`)
		if buffer = appendValue(buffer, item, depth+1); len(buffer) == cap(buffer) {
			return buffer
		}
	}
	return appendBounded(buffer, "}")
}

// appendBounded appends what fits without growing the buffer.
func appendBounded(buffer []byte, text string) []byte {
	return append(buffer, text[:min(len(text), cap(buffer)-len(buffer))]...)
}
