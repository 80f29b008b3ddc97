package hostprobereceiver

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/receiver/receivertest"
)

// BenchmarkCollect reads the machine that it runs on, and judges and writes what it read. Processes are read
// only while something is nearly exhausted, as the CPUs are here.
func BenchmarkCollect(b *testing.B) {
	config := defaultConfig()
	config.TopConsumers.Count = 0
	p, err := newHostProbe(config, receivertest.NewNopSettings(typ))
	require.NoError(b, err)
	require.NoError(b, p.Start(b.Context(), nil))
	at := time.Now()
	b.ReportAllocs()
	for b.Loop() {
		at = at.Add(interval)
		_, err := p.Collect(b.Context(), at)
		require.NoError(b, err)
	}
	require.NoError(b, p.Shutdown(b.Context()))
}

// BenchmarkCollectWithoutReading is what judging and writing cost.
func BenchmarkCollectWithoutReading(b *testing.B) {
	m := newMachine()
	p, err := newHostProbe(defaultConfig(), receivertest.NewNopSettings(typ))
	require.NoError(b, err)
	p.open = func() scanner { return m }
	require.NoError(b, p.Start(b.Context(), nil))
	b.ReportAllocs()
	for b.Loop() {
		m.burn(0.1)
		m.scans++
		_, err := p.Collect(b.Context(), beginning.Add(time.Duration(m.scans)*interval))
		require.NoError(b, err)
	}
}
