package failuredetectorconnector

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/connector/connectortest"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/failuredetector/failuredetector/failuredetectorconnector/internal/metadata"
	"github.com/failuredetector/failuredetector/internal/incident"
)

// FuzzLogs takes any OTLP through reading, state, events, metrics and a save that is loaded again.
func FuzzLogs(f *testing.F) {
	c, err := shipped()
	require.NoError(f, err)
	config := defaultConfig()
	config.Duties.Novelty, config.Novelty.WarmUp = true, 0
	seed, err := (&plog.ProtoMarshaler{}).MarshalLogs(unknown(`{"message":"ledger 5 is sealed"}`))
	require.NoError(f, err)
	f.Add(seed)
	for _, name := range []string{"", "exception", "failure.observed", "failure.cleared", "failure.predicted"} {
		seed, err := (&plog.ProtoMarshaler{}).MarshalLogs(failed("shop", "a", func(lr plog.LogRecord) {
			lr.SetEventName(name)
			lr.Attributes().PutStr("failure_entity", "host:node-7")
			lr.Attributes().PutEmptySlice("failure_clears").AppendEmpty().SetStr("X")
		}))
		require.NoError(f, err)
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		logs, err := (&plog.ProtoUnmarshaler{}).UnmarshalLogs(data)
		if err != nil {
			return
		}
		r := reader{resources: resourceReader{groupBy: config.GroupBy}, catalogue: c, unclassified: config.Unclassified, novelty: true}
		r.readLogs(logs)
		r.arrived.Failures = r.batch
		requireWhole(t, config, c, &r.arrived)
	})
}

// FuzzTraces takes any spans the same way, and lets their traces settle.
func FuzzTraces(f *testing.F) {
	c, err := shipped()
	require.NoError(f, err)
	config := defaultConfig()
	config.Breakers.MinCalls = 1
	config.Duties.Novelty, config.Novelty.WarmUp = true, 0
	config.Hangs = HangsConfig{After: time.Minute, Bounds: map[string]time.Duration{"load": time.Second}, StageAttribute: "stage"}
	for _, chain := range [][]string{{"shop"}, {"gateway", "checkout", "stock"}} {
		seed, err := (&ptrace.ProtoMarshaler{}).MarshalTraces(brokenChain(1, chain...))
		require.NoError(f, err)
		f.Add(seed)
	}
	seed, err := (&ptrace.ProtoMarshaler{}).MarshalTraces(callsTo(3, true))
	require.NoError(f, err)
	f.Add(seed)
	f.Fuzz(func(t *testing.T, data []byte) {
		traces, err := (&ptrace.ProtoUnmarshaler{}).UnmarshalTraces(data)
		if err != nil {
			return
		}
		r := reader{
			resources: resourceReader{groupBy: config.GroupBy}, catalogue: c, unclassified: config.Unclassified, signal: incident.Traces,
			cascades: true, silence: true, novelty: true, stageKey: "stage",
		}
		r.readTraces(traces)
		r.arrived.Signal, r.arrived.Failures = incident.Traces, r.batch
		requireWhole(t, config, c, &r.arrived)
	})
}

// requireWhole takes a batch through state, events, metrics and a save that is loaded again.
func requireWhole(t *testing.T, config *Config, c *catalogue, batch *incident.Batch) {
	t.Helper()
	settings := config.settings()
	settings.Cascades.Traces = true
	now := time.Unix(1_772_618_400, 0)
	state := incident.New(settings, c.policy)
	events := append(state.Receive(now, batch), state.Tick(now.Add(20*time.Second))...)
	events = append(events, state.Tick(now.Add(time.Hour))...)
	set := connectortest.NewNopSettings(metadata.Type)
	writer := newEventWriter(config, set)
	require.Equal(t, len(events), writer.write(events, c).LogRecordCount())
	_, commit := newMetricsWriter(config, set, "").write(state, now.UnixNano())
	commit()
	value, err := incident.Encode(state.Snapshot())
	require.NoError(t, err)
	snap, err := incident.Decode(value)
	require.NoError(t, err)
	_, err = incident.New(settings, c.policy).Restore(now, snap)
	require.NoError(t, err)
}
