package main

import (
	"errors"
	"os"
	"runtime/debug"
	"time"

	"github.com/spf13/cobra"

	"github.com/failuredetector/failuredetector/internal/logfile"
	"github.com/failuredetector/failuredetector/internal/survey"
)

// scanOptions are the flags of scan.
type scanOptions struct {
	selection

	output *choice
	input  *choice
}

// scanGCPercent lets the heap grow to five times what is in use: some 100 MB.
const scanGCPercent = 400

func newScan() *cobra.Command {
	var options scanOptions
	cmd := &cobra.Command{
		Use:   "scan [FILE...]",
		Short: "Find the failures in log files",
		Long: `Scan recognises the failures in files of any size, as the processor does in
telemetry, and sums them up: by type, severity and service, and those that are
alike with how many there are, when, and the first example.

A file may be compressed with gzip. Without files, or with -, standard input is
read. --input says how records stand in the files:
  text   lines as programs print them; the lines of a stack trace, and of other
         messages of several lines, are joined, also where each has a prefix
  jsonl  JSON lines: an object with "text", and perhaps with "exception_type"
         and "attributes"
  otlp   OTLP JSON, a request a line, as the Collector's file exporter writes it
  auto   one of these, found for each file from its name and first line

--output json gives one object a record, each on a line, in the order of the
input, and nothing else on standard output.

Exit codes:
  0  failures were recognised
  1  none were
  2  the command line is wrong, or a file or the rules cannot be read`,
		Example: `  failurectl scan /var/log/syslog /var/log/app/*.log.gz
  kubectl logs --since 1h my-pod | failurectl scan
  failurectl scan --output json --input jsonl messages.jsonl > found.jsonl`,
		RunE: options.run,
	}
	options.output = outputFlag(cmd)
	options.input = choiceFlag(cmd, "input", string(logfile.Auto), "form of the files",
		string(logfile.Auto), string(logfile.Text), string(logfile.JSONLines), string(logfile.OTLP))
	options.addFlags(cmd)
	return cmd
}

func (o *scanOptions) run(cmd *cobra.Command, args []string) error {
	if err := o.check(); err != nil {
		return err
	}
	detector, err := o.detector()
	if err != nil {
		return err
	}
	if len(args) == 0 {
		args = []string{"-"}
	}
	bar := newProgress(cmd.ErrOrStderr(), sizeOf(args))
	trouble := false
	started := time.Now()
	// A scan keeps little, so to collect garbage less often costs little memory.
	defer debug.SetGCPercent(debug.SetGCPercent(scanGCPercent))
	s := survey.Survey{
		Detector: detector,
		Open:     func(path string) (*logfile.Reader, error) { return o.open(cmd, path) },
		Now:      started,
		Each:     func([]survey.Result) error { return nil },
		Progress: bar.show,
		Tell: func(message string, isTrouble bool) {
			bar.clear()
			cmd.PrintErrln("failurectl: " + visible(message))
			trouble = trouble || isTrouble
		},
	}
	lines := newResultLines(cmd.OutOrStdout())
	if o.output.value == outputJSON {
		s.Each = lines.write
	}
	summary, err := s.Run(cmd.Context(), args)
	bar.clear()
	if err := errors.Join(err, lines.flush()); err != nil {
		return err
	}
	if o.output.value == outputText {
		p := newPage(cmd.OutOrStdout())
		p.summary(summary, len(args), time.Since(started))
		if err := emit(cmd, p.String()); err != nil {
			return err
		}
	}
	switch {
	case trouble:
		return exitError(exitTrouble)
	case summary.Failures == 0:
		return exitError(exitNothing)
	}
	return nil
}

func (o *scanOptions) open(cmd *cobra.Command, path string) (*logfile.Reader, error) {
	if path != "-" {
		return logfile.Open(path, logfile.Form(o.input.value))
	}
	if isTerminal(cmd.InOrStdin()) {
		cmd.PrintErrln("failurectl: type or paste the log, then press Ctrl-D on a line of its own.")
	}
	return logfile.NewReader("-", cmd.InOrStdin(), logfile.Form(o.input.value)), nil
}

// sizeOf adds the sizes of files up. It is 0 where one of them is not known.
func sizeOf(paths []string) int64 {
	var size int64
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil || !info.Mode().IsRegular() {
			return 0
		}
		size += info.Size()
	}
	return size
}
