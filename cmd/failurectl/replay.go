package main

import (
	"bufio"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"time"

	"github.com/spf13/cobra"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/connector"
	"go.opentelemetry.io/collector/processor"

	"github.com/failuredetector/failuredetector/failuredetectorconnector"
	"github.com/failuredetector/failuredetector/failuredetectorprocessor"
	"github.com/failuredetector/failuredetector/internal/logfile"
	"github.com/failuredetector/failuredetector/internal/replay"
)

// replayOptions are the flags of replay.
type replayOptions struct {
	configs, data []string
	input, output *choice
	baseline      string
	receiver      string
	wait          time.Duration

	// told has what was told already: a baseline is replayed over the same files.
	told map[string]bool
}

func newReplay() *cobra.Command {
	var options replayOptions
	cmd := &cobra.Command{
		Use:   "replay --config FILE --data FILE...",
		Short: "Run a collector's configuration over recorded telemetry",
		Long: `Replay runs the failure_detector components of a collector's configuration over
recorded telemetry, and tells which incidents open, get worse and end. Time is
that of the records: a day takes as long as it takes to read it.

The data are what scan reads: OTLP JSON as the Collector's file exporter writes
it, text, and JSON lines, each perhaps compressed with gzip. Several files are
merged by time. A record arrives when it says that it was observed, a log record
without that when it happened, a span when it ended; none arrives before one
that it follows in its file. A recording may tell better: see docs/replay.md.

All other components of the configuration are named and not run. Mutes hold as
in a collector; no file is watched, and no state is read from a storage.

With --baseline the data are replayed twice, and what differs is told: the
baseline is another configuration, or rules that stand in for those that the
configuration adds to the shipped ones, or the word builtin for none.

Exit codes:
  0  there were incidents; with --baseline, nothing differs
  1  there were none; with --baseline, something differs
  2  the command line is wrong, or a file cannot be read`,
		Example: `  failurectl replay --config collector.yaml --data /var/log/otel/*.json.gz
  failurectl replay --config collector.yaml --data yesterday.json --wait 1h --output json
  failurectl replay --config collector.yaml --data yesterday.json --baseline ../released/my-rules.yaml`,
		RunE: options.run,
	}
	cmd.Flags().StringArrayVar(&options.configs, "config", nil, "configuration `FILE` of a collector; of several, later ones go before earlier ones")
	cmd.Flags().StringArrayVar(&options.data, "data", nil, "`FILE` of recorded telemetry, - is standard input; may be given again, and further files may follow")
	cmd.Flags().StringVar(&options.baseline, "baseline", "", "configuration, or rule `FILE` or directory, to compare with, or builtin")
	cmd.Flags().StringVar(&options.receiver, "receiver", "", "`ID` of the receiver whose telemetry was recorded, where others have other pipelines")
	cmd.Flags().DurationVar(&options.wait, "wait", 0, "how `LONG` time passes after the last record, such as 1h")
	options.input, options.output, options.told = inputFlag(cmd), outputFlag(cmd), map[string]bool{}
	for _, flag := range []string{"receiver", "wait"} {
		complete(cmd, flag, cobra.NoFileCompletions)
	}
	return cmd
}

// components are those that a replay runs. The processors look at each record by itself.
func components() replay.Factories {
	return replay.Factories{
		Processors: []processor.Factory{failuredetectorprocessor.NewFactory()},
		Connectors: []connector.Factory{failuredetectorconnector.NewFactory()},
		// Named, not linked: a probe brings the drivers of all that it looks at.
		Probes: []component.Type{component.MustNewType("host_probe"), component.MustNewType("database_probe")},
	}
}

func (o *replayOptions) check(args []string) error {
	o.data = append(o.data, args...)
	switch {
	case len(o.configs) == 0:
		return usageError{errors.New("--config: name the configuration of a collector")}
	case len(o.data) == 0:
		return usageError{errors.New("--data: name a file of recorded telemetry, or - for standard input")}
	case o.wait < 0:
		return usageError{fmt.Errorf("--wait: %v is less than 0", o.wait)}
	case o.baseline != "" && slices.Contains(o.data, "-"):
		return usageError{errors.New("--baseline: standard input cannot be read twice, name a file")}
	}
	return nil
}

func (o *replayOptions) run(cmd *cobra.Command, args []string) error {
	if err := o.check(args); err != nil {
		return err
	}
	config, err := replay.ReadConfig(cmd.Context(), o.configs, components())
	if err != nil {
		return err
	}
	if o.baseline != "" {
		return o.compare(cmd, config)
	}
	told := timeline{out: bufio.NewWriterSize(cmd.OutOrStdout(), 64<<10), page: newPage(cmd.OutOrStdout()), live: isTerminal(cmd.OutOrStdout())}
	each := told.line
	if o.output.value == outputJSON {
		each = told.object
	}
	var incidents replay.Incidents
	started := time.Now()
	summary, trouble, err := o.replay(cmd, config, func(e replay.Event) error {
		incidents.Add(&e)
		return each(&e)
	})
	if err == nil && o.output.value == outputText {
		err = told.end(summary, &incidents, time.Since(started))
	}
	if err == nil {
		err = told.flush()
	}
	switch {
	case err != nil:
		return err
	case trouble:
		return exitError(exitTrouble)
	case len(incidents.All) == 0:
		return exitError(exitNothing)
	}
	return nil
}

// replay runs a configuration. Trouble says that a file cannot be read whole, which has been told by then.
func (o *replayOptions) replay(cmd *cobra.Command, config *replay.Config, each func(replay.Event) error) (summary *replay.Summary, trouble bool, err error) {
	bar := newProgress(cmd.ErrOrStderr(), sizeOf(o.data))
	defer bar.clear()
	// What is kept is little beside what passes.
	defer debug.SetGCPercent(debug.SetGCPercent(scanGCPercent))
	r := replay.Replay{
		Config: config,
		Open:   func(path string) (*logfile.Reader, error) { return openLog(cmd, path, o.input) },
		Now:    time.Now(),
		Wait:   o.wait,
		Each: func(e replay.Event) error {
			bar.clear()
			return each(e)
		},
		Progress: func(read int64, events int) { bar.show(read, events, "event") },
		Tell: func(message string, isTrouble bool) {
			bar.clear()
			if trouble = trouble || isTrouble; !o.told[message] {
				o.told[message] = true
				cmd.PrintErrln("failurectl: " + visible(message))
			}
		},
	}
	if o.receiver != "" {
		r.Receiver = new(component.ID)
		if err := r.Receiver.UnmarshalText([]byte(o.receiver)); err != nil {
			return nil, false, usageError{fmt.Errorf("--receiver: %w", err)}
		}
	}
	summary, err = r.Run(cmd.Context(), o.data)
	return summary, trouble, err
}
