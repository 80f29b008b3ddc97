package failurefeedexporter

import (
	"strings"
	"time"
	"unicode/utf8"

	"go.opentelemetry.io/collector/pdata/pcommon"
)

// Bounds of what a sender may write, in bytes and entries. What the project itself writes is below all of
// them; together they bound a failure to some 130 KB at the worst, its timeline included.
const (
	maxName = 256
	maxText = 1024
	maxList = 32
)

// clip gives valid UTF-8 of at most a number of bytes that shares no memory with a longer text.
func clip(text string, limit int) string {
	if len(text) > limit {
		for limit > 0 && !utf8.RuneStart(text[limit]) {
			limit--
		}
		text = strings.Clone(text[:limit])
	}
	return strings.ToValidUTF8(text, "\uFFFD")
}

func readText(value pcommon.Value, limit int) string {
	switch value.Type() {
	case pcommon.ValueTypeStr:
		return clip(value.Str(), limit)
	case pcommon.ValueTypeInt, pcommon.ValueTypeBool, pcommon.ValueTypeDouble:
		return value.AsString()
	default:
		return ""
	}
}

func readTexts(value pcommon.Value, limit int) []string {
	if value.Type() != pcommon.ValueTypeSlice {
		return nil
	}
	var list []string
	for _, entry := range value.Slice().All() {
		if len(list) == maxList {
			break
		}
		if entry.Type() == pcommon.ValueTypeStr {
			list = append(list, clip(entry.Str(), limit))
		}
	}
	return list
}

// readTime gives nil for what is no time that JSON can say.
func readTime(value pcommon.Value) *time.Time {
	if value.Type() != pcommon.ValueTypeStr || len(value.Str()) > maxName {
		return nil
	}
	t, err := time.Parse(time.RFC3339Nano, value.Str())
	if err != nil || t.Year() < 1970 || t.Year() > 2200 {
		return nil
	}
	t = t.UTC()
	return &t
}

// readNumber gives nil for what JSON cannot say.
func readNumber(value pcommon.Value) *float64 {
	var number float64
	switch value.Type() {
	case pcommon.ValueTypeDouble:
		number = value.Double()
	case pcommon.ValueTypeInt:
		number = float64(value.Int())
	default:
		return nil
	}
	if number-number != 0 {
		return nil
	}
	return &number
}
