package main

import (
	"context"
	"testing"

	"github.com/open-telemetry/opentelemetry-collector-contrib/processor/transformprocessor"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/processor/processortest"

	"github.com/failuredetector/failuredetector/benchmarks/internal/sample"
)

// TestTransformProcessorDoesTheWork holds that the peer is set up to do what is
// measured: to find rules in bodies.
func TestTransformProcessorDoesTheWork(t *testing.T) {
	factory := transformprocessor.NewFactory()
	config, err := (&bench{set: fruitRules(t)}).transformConfig(factory)
	require.NoError(t, err)
	sink := new(consumertest.LogsSink)
	p, err := factory.CreateLogs(context.Background(), processortest.NewNopSettings(factory.Type()), config, sink)
	require.NoError(t, err)
	require.NoError(t, p.Start(context.Background(), componenttest.NewNopHost()))
	require.NoError(t, p.ConsumeLogs(context.Background(), sample.Logs([]string{"Pears stolen, alas", "oranges"})))
	records := sink.AllLogs()[0].ResourceLogs().At(0).ScopeLogs().At(0).LogRecords()
	value, ok := records.At(0).Attributes().Get("failure_type")
	require.True(t, ok)
	require.Equal(t, "PEARS", value.Str())
	require.Equal(t, 6, records.At(1).Attributes().Len(), "what matches nothing stays as it is")
	require.NoError(t, p.Shutdown(context.Background()))
}
