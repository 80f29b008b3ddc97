package replay

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/connector"
	"go.opentelemetry.io/collector/connector/connectortest"
	"go.opentelemetry.io/collector/pipeline"
	"go.opentelemetry.io/collector/processor"
	"go.opentelemetry.io/collector/processor/processortest"
)

// nothing are factories of components that do nothing, of the type nop.
func nothing() Factories {
	return Factories{
		Processors: []processor.Factory{processortest.NewNopFactory()}, Connectors: []connector.Factory{connectortest.NewNopFactory()},
		Probes: []component.Type{component.MustNewType("probe")},
	}
}

// declared is what the pipelines of the tests may name.
const declared = `
receivers: {otlp: , file_log/a: , file_log/b: , probe: }
processors: {nop: , batch: , filter: }
connectors: {nop: , nop/2: , forward: , routing: }
exporters: {debug: }
extensions: {health_check: }
`

func configured(t *testing.T, text string) (*Config, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "collector.yaml")
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	t.Chdir(filepath.Dir(path))
	return ReadConfig(t.Context(), []string{"collector.yaml"}, nothing())
}

func withPipelines(pipelines string) string {
	return declared + "service: {pipelines: {" + pipelines + "}}"
}

const events = `logs/events: {receivers: [nop], exporters: [debug]}`

func TestTelemetryEntersWhereItsReceiverLeads(t *testing.T) {
	probe := component.MustNewID("probe")
	a, missing := component.MustNewIDWithName("file_log", "a"), component.MustNewID("kafka")
	for _, tc := range []struct {
		name, pipelines string
		receiver        *component.ID
		logs, traces    []string
		err             string
	}{
		{name: "one pipeline of each signal", pipelines: `logs: {receivers: [otlp], exporters: [nop]}, traces: {receivers: [otlp], exporters: [nop]}, ` + events, logs: []string{"logs"}, traces: []string{"traces"}},
		{name: "several receivers of one pipeline", pipelines: `logs: {receivers: [otlp, file_log/a], exporters: [nop]}, ` + events, logs: []string{"logs"}},
		{name: "a pipeline that leads elsewhere", pipelines: `logs: {receivers: [otlp], exporters: [nop]}, logs/raw: {receivers: [otlp, file_log/a], exporters: [debug]}, ` + events, logs: []string{"logs"}},
		{name: "several pipelines of one receiver", pipelines: `logs/1: {receivers: [otlp], exporters: [nop]}, logs/2: {receivers: [otlp], exporters: [nop]}, ` + events, logs: []string{"logs/1", "logs/2"}},
		{name: "by way of a connector that forwards", pipelines: `logs: {receivers: [otlp], exporters: [forward]}, logs/all: {receivers: [forward], exporters: [nop]}, ` + events, logs: []string{"logs"}},
		{name: "a receiver that is named", receiver: &a, pipelines: `logs/1: {receivers: [otlp], exporters: [nop]}, logs/2: {receivers: [file_log/a], exporters: [nop]}, ` + events, logs: []string{"logs/2"}},
		{name: "not where a probe leads", pipelines: `logs: {receivers: [otlp], exporters: [nop]}, logs/probe: {receivers: [probe], exporters: [nop]}, ` + events, logs: []string{"logs"}},
		{name: "where a probe leads that is named", receiver: &probe, pipelines: `logs: {receivers: [otlp], exporters: [nop]}, logs/probe: {receivers: [probe], exporters: [nop]}, ` + events, logs: []string{"logs/probe"}},
		{name: "where a probe leads that is alone", pipelines: `logs/probe: {receivers: [probe], exporters: [nop]}, ` + events, logs: []string{"logs/probe"}},
		{
			name: "receivers with different pipelines", pipelines: `logs/1: {receivers: [otlp], exporters: [nop]}, logs/2: {receivers: [file_log/a], exporters: [nop]}, ` + events,
			err: `collector.yaml: service::pipelines: logs of receiver "file_log/a" and of "otlp" go different ways: say with --receiver which of them were recorded`,
		},
		{
			name: "a receiver that is not there", receiver: &missing, pipelines: `logs: {receivers: [otlp], exporters: [nop]}, ` + events,
			err: `collector.yaml: receivers: there is no "kafka"`,
		},
		{
			name: "a receiver that leads elsewhere", receiver: &a, pipelines: `logs: {receivers: [otlp], exporters: [nop]}, logs/raw: {receivers: [file_log/a], exporters: [debug]}, ` + events,
			err: `collector.yaml: service::pipelines: receiver "file_log/a" does not lead to a connector that makes incidents`,
		},
		{
			name: "by way of a connector that is not run", pipelines: `logs: {receivers: [otlp], exporters: [routing]}, logs/all: {receivers: [routing], exporters: [nop]}, ` + events,
			err: `collector.yaml: service::pipelines: no receiver leads to a connector that makes incidents`,
		},
		{
			name: "no connector", pipelines: `logs: {receivers: [otlp], processors: [nop], exporters: [debug]}`,
			err: `collector.yaml: service::pipelines: no pipeline of logs or traces leads to a connector that makes incidents`,
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			config, err := configured(t, withPipelines(tc.pipelines))
			require.NoError(t, err)
			w, err := config.wire(tc.receiver)
			if tc.err != "" {
				require.EqualError(t, err, tc.err)
				return
			}
			require.NoError(t, err)
			require.Equal(t, tc.logs, named(w.entries[pipeline.SignalLogs]))
			require.Equal(t, tc.traces, named(w.entries[pipeline.SignalTraces]))
		})
	}
}

func named(ids []pipeline.ID) []string {
	var list []string
	for _, id := range ids {
		list = append(list, id.String())
	}
	return list
}

func TestFaultsOfConfigurations(t *testing.T) {
	for _, tc := range []struct{ name, text, err string }{
		{"no pipelines", declared, "collector.yaml: service::pipelines: there is none"},
		{
			"what is not configured", withPipelines(`logs: {receivers: [kafka], processors: [nop/3], exporters: [otlp]}`),
			"collector.yaml: service::pipelines::logs::receivers: \"kafka\" is not configured\n" +
				"service::pipelines::logs::processors: \"nop/3\" is not configured\n" +
				"service::pipelines::logs::exporters: \"otlp\" is not configured",
		},
		{"a connector that leads back", withPipelines(`logs: {receivers: [otlp, forward], exporters: [forward, nop]}, ` + events), `collector.yaml: service::pipelines: connector "forward" leads back to itself`},
		{"a connector without a pipeline of logs", withPipelines(`logs: {receivers: [otlp], exporters: [nop]}, metrics: {receivers: [nop], exporters: [debug]}`), `collector.yaml: service::pipelines: connector "nop" feeds no pipeline of logs, so it announces nothing`},
		{
			"an option that is not there", strings.Replace(withPipelines(`logs: {receivers: [otlp], exporters: [nop]}, `+events), "{nop: , nop/2", "{nop: {rule: 3}, nop/2", 1),
			"collector.yaml: connectors::nop: ",
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			config, err := configured(t, tc.text)
			if err == nil {
				_, err = (&Replay{Config: config, Tell: func(string, bool) {}, Progress: func(int64, int) {}}).Run(t.Context(), nil)
			}
			require.ErrorContains(t, err, tc.err)
		})
	}
}

func TestConfigurationIsReadAsTheCollectorDoes(t *testing.T) {
	t.Setenv("EXPORTER", "nop")
	config, err := configured(t, withPipelines("logs: {receivers: [otlp], exporters: ['${env:EXPORTER}']}, "+events))
	require.NoError(t, err)
	_, err = config.wire(nil)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile("more.yaml", []byte("service: {pipelines: {logs: {exporters: [nop/2]}, logs/more: {receivers: [nop/2], exporters: [debug]}}}"), 0o600))
	config, err = ReadConfig(t.Context(), []string{"collector.yaml", "more.yaml"}, nothing())
	require.NoError(t, err)
	w, err := config.wire(nil)
	require.NoError(t, err)
	g, err := build(context.Background(), w, &announcer{})
	require.NoError(t, err)
	require.Contains(t, g.edges, component.MustNewIDWithName("nop", "2"), "a later file goes before an earlier one")
}

func TestWhatIsNotRunIsNamedOnce(t *testing.T) {
	config, err := configured(t, declared+`
service:
  extensions: [health_check]
  pipelines:
    logs: {receivers: [otlp, file_log/a], processors: [filter, nop, batch], exporters: [nop, debug, routing, forward]}
    traces: {receivers: [otlp], processors: [nop, batch], exporters: [nop]}
    logs/routed: {receivers: [routing, forward], exporters: [debug]}
    `+events)
	require.NoError(t, err)
	w, err := config.wire(nil)
	require.NoError(t, err)
	require.Equal(t, []string{
		"receivers file_log/a, otlp: the files stand for what they receive",
		"processors batch, filter: what they drop, add or change is as it was recorded",
		"connector routing: nothing passes through it",
		"exporter debug: nothing is sent",
		"extension health_check: no state is read from a storage or kept in one",
	}, w.skipped())
}
