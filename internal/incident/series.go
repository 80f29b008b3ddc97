package incident

import (
	"slices"
	"time"
)

// Series is one counter of a metric. The caller reads it, and keeps in Delivered what it has sent.
type Series struct {
	// Group is nil for the series of everything beyond the limit of the metric.
	Group *Group
	// Labels are the values of the metric's attributes, in its order; none on an overflow series.
	Labels []string
	// Overflow says that it stands for series beyond a limit.
	Overflow bool
	// Value is the count since Start.
	Value int64
	// Start is when it began, in nanoseconds since 1970.
	Start int64
	// Exemplar is the last record that was counted, where it has a trace.
	Exemplar Exemplar

	// Delivered is what was sent of Value, and Begun says that anything was.
	Delivered int64
	Begun     bool
}

// Exemplar is a record that was counted.
type Exemplar struct {
	// Time is in nanoseconds since 1970; 0 is no exemplar.
	Time        int64
	TraceID     [16]byte
	SpanID      [8]byte
	Fingerprint string
}

// Family is the series of one metric.
type Family struct {
	// Labels are the keys of the metric's attributes beside those of the group.
	Labels []string
	// Series are in the order in which they began.
	Series []*Series

	limit, groupLimit int
	known             map[seriesKey]*Series
	groupSizes        map[*Group]int
}

type seriesKey struct {
	group   *Group
	a, b, c string
}

// overflowLabel is no value that a label can have, so it marks the series of what is beyond a limit.
const overflowLabel = "\x1e"

// lead is how long before its first count a series begins: backends keep times in milliseconds, and
// its beginning at 0 must not fall on its first value.
const lead = int64(time.Millisecond)

func newFamily(limits Limits, labels ...string) *Family {
	return &Family{
		Labels:     labels,
		limit:      limits.Series,
		groupLimit: limits.GroupSeries,
		known:      map[seriesKey]*Series{},
		groupSizes: map[*Group]int{},
	}
}

// count adds one to a series, or to that of what is beyond the limit of its group or of the metric.
// It reports whether the series was within the limits.
func (f *Family) count(now int64, g *Group, a, b, c string) (*Series, bool) {
	key := seriesKey{group: g, a: a, b: b, c: c}
	series := f.known[key]
	within := true
	if series == nil {
		if f.groupSizes[g] >= f.groupLimit {
			within = false
			key = seriesKey{group: g, a: overflowLabel}
			series = f.known[key]
		}
		if series == nil && len(f.Series) >= f.limit {
			within = false
			key = seriesKey{a: overflowLabel}
			series = f.known[key]
		}
		if series == nil {
			series = f.begin(now, key)
		}
	}
	series.Value++
	return series, within && !series.Overflow
}

func (f *Family) begin(now int64, key seriesKey) *Series {
	series := &Series{Group: key.group, Overflow: key.a == overflowLabel, Start: now - lead}
	if !series.Overflow {
		series.Labels = []string{key.a, key.b, key.c}[:len(f.Labels)]
		f.groupSizes[key.group]++
	}
	f.known[key] = series
	f.Series = append(f.Series, series)
	return series
}

// end takes the series of groups that ended out and gives them.
func (f *Family) end() []*Series {
	var ended []*Series
	f.Series = slices.DeleteFunc(f.Series, func(s *Series) bool {
		if s.Group == nil || !s.Group.ended {
			return false
		}
		ended = append(ended, s)
		key := seriesKey{group: s.Group, a: overflowLabel}
		if !s.Overflow {
			var labels [3]string
			copy(labels[:], s.Labels)
			key = seriesKey{group: s.Group, a: labels[0], b: labels[1], c: labels[2]}
		}
		delete(f.known, key)
		delete(f.groupSizes, s.Group)
		return true
	})
	return ended
}
