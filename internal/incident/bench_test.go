package incident

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

// crowded is a state with as many open incidents as it follows.
func crowded() *State {
	s := New(NewDefaultSettings(), testPolicies)
	for i := range s.settings.Limits.Incidents {
		service := "service-" + strconv.Itoa(i%1_000)
		s.Apply(start, []Observation{broken(service, strconv.Itoa(i), func(o *Observation) {
			o.Resource = &Resource{Values: []string{"", service, "production"}, Service: service}
			o.Captures = []Attribute{{Key: "pool", Value: "HikariPool-1"}, {Key: "waited", Value: "30000"}}
		})})
	}
	return s
}

// BenchmarkSnapshot is how long records wait at most while the state is copied to be saved.
func BenchmarkSnapshot(b *testing.B) {
	s := crowded()
	b.ReportAllocs()
	for b.Loop() {
		s.Snapshot()
	}
}

// BenchmarkEncode is what a save costs beside that, while records go on.
func BenchmarkEncode(b *testing.B) {
	snap := crowded().Snapshot()
	size := 0
	b.ReportAllocs()
	for b.Loop() {
		value, err := Encode(snap)
		require.NoError(b, err)
		size = len(value)
	}
	b.ReportMetric(float64(size), "bytes")
}

// BenchmarkTick is what a second costs in which nothing happens.
func BenchmarkTick(b *testing.B) {
	s := crowded()
	b.ReportAllocs()
	for b.Loop() {
		s.tick()
	}
}
