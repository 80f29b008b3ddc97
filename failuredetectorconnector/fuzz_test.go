package failuredetectorconnector

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/connector/connectortest"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/failuredetector/failuredetector/failuredetectorconnector/internal/metadata"
	"github.com/failuredetector/failuredetector/internal/incident"
)

// FuzzLogs takes any OTLP through reading, state, events, metrics and a save that is loaded again.
func FuzzLogs(f *testing.F) {
	c, err := shipped()
	require.NoError(f, err)
	config := defaultConfig()
	config.Unclassified = incident.UnclassifiedIncident
	set := connectortest.NewNopSettings(metadata.Type)
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
		r := reader{resources: resourceReader{groupBy: config.GroupBy}, catalogue: c, unclassified: config.Unclassified}
		r.readLogs(logs)
		now := time.Unix(1_772_618_400, 0)
		state := incident.New(config.settings(), c.policy)
		events := append(state.Apply(now, r.batch), state.Tick(now.Add(time.Hour))...)
		writer := newEventWriter(config, set)
		require.Equal(t, len(events), writer.write(events, c).LogRecordCount())
		_, commit := newMetricsWriter(config, set, "").write(state, now.UnixNano())
		commit()
		value, err := incident.Encode(state.Snapshot())
		require.NoError(t, err)
		snap, err := incident.Decode(value)
		require.NoError(t, err)
		_, err = incident.New(config.settings(), c.policy).Restore(now, snap)
		require.NoError(t, err)
	})
}
