package replay

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// differing names aspects.
func differing(a Aspects) string {
	var names []string
	for _, part := range []struct {
		differs bool
		name    string
	}{{a.Type, "type"}, {a.Severity, "severity"}, {a.Told, "told"}, {a.Ended, "ended"}, {a.Count, "count"}} {
		if part.differs {
			names = append(names, part.name)
		}
	}
	return " " + strings.Join(names, " ")
}

// told is an event, as in "id type severity count at".
func told(id, failureType, severity string, count int64, minute int, fingerprint, first string) *Event {
	return &Event{
		Time: now.Add(time.Duration(minute) * time.Minute), ID: id, Service: "shop", Type: failureType, Severity: severity, Status: "active",
		Count: count, Fingerprint: fingerprint, First: first,
	}
}

func ended(e *Event) *Event {
	e.Status = "resolved"
	return e
}

func TestDifferences(t *testing.T) {
	for _, tc := range []struct {
		name          string
		before, after []*Event
		want          []string
	}{
		{"none", []*Event{told("1", "A", "high", 1, 0, "f", "t")}, []*Event{told("1", "A", "high", 1, 0, "f", "t")}, nil},
		{"one that appears", nil, []*Event{told("1", "A", "high", 1, 0, "f", "t")}, []string{"+A"}},
		{"one that vanishes", []*Event{told("1", "A", "high", 1, 0, "f", "t")}, nil, []string{"-A"}},
		{
			"severity and count of one id",
			[]*Event{told("1", "A", "low", 1, 0, "f", "t")},
			[]*Event{told("1", "A", "low", 1, 0, "f", "t"), told("1", "A", "high", 7, 1, "f", "t")},
			[]string{"AA severity count"},
		},
		{
			"its end",
			[]*Event{told("1", "A", "low", 1, 0, "f", "t"), ended(told("1", "A", "low", 1, 9, "f", "t"))},
			[]*Event{told("1", "A", "low", 1, 0, "f", "t")},
			[]string{"AA ended"},
		},
		{
			"one that opens at another time",
			[]*Event{told("1", "A", "low", 1, 0, "f", "t")},
			[]*Event{told("2", "A", "low", 1, 5, "f", "u")},
			[]string{"AA told"},
		},
		{
			"one that is called something else",
			[]*Event{told("1", "A", "low", 1, 0, "f", "t")},
			[]*Event{told("2", "B", "low", 1, 0, "g", "t")},
			[]string{"AB type"},
		},
		{
			"in the order of time, the same id first",
			[]*Event{told("1", "A", "low", 1, 9, "f", "t"), told("3", "C", "low", 1, 1, "h", "v")},
			[]*Event{told("2", "A", "low", 1, 3, "f", "t"), told("1", "A", "low", 2, 9, "f", "t")},
			[]string{"-C", "+A", "AA count"},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var before, after Incidents
			for _, e := range tc.before {
				before.Add(e)
			}
			for _, e := range tc.after {
				after.Add(e)
			}
			var got []string
			for _, d := range Compare(&before, &after) {
				switch {
				case d.Before == nil:
					got = append(got, "+"+d.After.Type)
				case d.After == nil:
					got = append(got, "-"+d.Before.Type)
				default:
					got = append(got, d.Before.Type+d.After.Type+differing(d.Aspects()))
				}
			}
			require.Equal(t, tc.want, got)
		})
	}
}

func TestForwardedEventsAreToldOnce(t *testing.T) {
	a := &announcer{}
	require.True(t, a.isNew(&Event{ID: "1", Sequence: 1}))
	require.False(t, a.isNew(&Event{ID: "1", Sequence: 1}))
	for i := range 3 * lately {
		require.True(t, a.isNew(&Event{ID: fmt.Sprint("other ", i), Sequence: 1}))
		require.False(t, a.isNew(&Event{ID: fmt.Sprint("other ", i), Sequence: 1}))
	}
	require.True(t, a.isNew(&Event{ID: "1", Sequence: 2}))
	require.LessOrEqual(t, len(a.latest)+len(a.earlier), 2*lately)
}
