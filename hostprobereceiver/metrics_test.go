package hostprobereceiver

import (
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pmetric"
)

// names are those of the metrics that there are.
func names(md pmetric.Metrics) []string {
	var list []string
	for _, rm := range md.ResourceMetrics().All() {
		for _, sm := range rm.ScopeMetrics().All() {
			for _, m := range sm.Metrics().All() {
				list = append(list, m.Name())
			}
		}
	}
	return list
}

// points gives the values of a metric by those of an attribute.
func points(t *testing.T, md pmetric.Metrics, name, key string) map[string]float64 {
	t.Helper()
	values := map[string]float64{}
	for _, rm := range md.ResourceMetrics().All() {
		for _, sm := range rm.ScopeMetrics().All() {
			for _, m := range sm.Metrics().All() {
				if m.Name() != name {
					continue
				}
				list := m.Gauge().DataPoints()
				if m.Type() == pmetric.MetricTypeSum {
					list = m.Sum().DataPoints()
				}
				for _, dp := range list.All() {
					of, _ := dp.Attributes().Get(key)
					values[of.AsString()] = dp.DoubleValue() + float64(dp.IntValue())
				}
			}
		}
	}
	return values
}

func TestForecastIsAMetricAndAnEvent(t *testing.T) {
	m := newMachine()
	w := watch(t, m)
	// 930 GiB of a TiB after an hour, with 70 left at 4 GiB a minute.
	used := uint64(690)
	var told []string
	for range 110 {
		used += 2
		told = append(told, w.over(1, func(m *machine) { m.burn(0.1); m.fill(1, used) })...)
	}
	require.Contains(t, told[0], "predicted host_probe/disk.util")
	eta := points(t, w.metrics, "hostprobe.exhaustion.eta", "system.filesystem.mountpoint")
	require.Len(t, eta, 1, "what is not predicted has no point")
	require.InDelta(t, float64(1000-used)/2*30, eta["/data"], 60)
	slope := points(t, w.metrics, "hostprobe.exhaustion.slope", "system.filesystem.mountpoint")
	require.InDelta(t, 2.0/1000/30, slope["/data"], 1e-6)
	require.LessOrEqual(t, points(t, w.metrics, "hostprobe.exhaustion.eta.lower", "system.filesystem.mountpoint")["/data"], eta["/data"])
}

func TestForecastThatIsOff(t *testing.T) {
	m := newMachine()
	w := watch(t, m, func(c *Config) { c.Forecast.Enabled = false })
	used := uint64(690)
	for range 100 {
		used += 2
		require.Empty(t, w.over(1, func(m *machine) { m.burn(0.1); m.fill(1, used) }))
	}
	require.NotContains(t, names(w.metrics), "hostprobe.exhaustion.eta")
}

func TestStateOfSignals(t *testing.T) {
	m := newMachine()
	w := watch(t, m)
	state := func() float64 { return points(t, w.metrics, "hostprobe.signal.state", "hostprobe.signal")["mem.util"] }
	w.scan()
	w.scan()
	require.InDelta(t, 0, state(), 0)
	m.use(0.9)
	w.scan()
	require.InDelta(t, 1, state(), 0)
	m.use(0.99)
	w.scan()
	require.InDelta(t, 2, state(), 0)
	m.use(0.2)
	w.scan()
	require.InDelta(t, 3, state(), 0)
	require.NotContains(t, points(t, w.metrics, "hostprobe.signal.state", "hostprobe.signal"), "cpu.psi", "evidence is no signal")
}

func TestFirstScanHasLevelsAndNoRates(t *testing.T) {
	w := watch(t, newMachine())
	w.scan()
	require.NotContains(t, names(w.metrics), "system.cpu.utilization")
	require.Contains(t, names(w.metrics), "system.memory.utilization")
	w.burn(0.25)
	w.scan()
	require.InDelta(t, 0.25, points(t, w.metrics, "system.cpu.utilization", "cpu.mode")["user"], 1e-9)
}
