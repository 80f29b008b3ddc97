package main

import (
	"errors"
	"time"

	"github.com/spf13/cobra"

	"github.com/failuredetector/failuredetector/internal/survey"
)

// scanOptions are the flags of scan.
type scanOptions struct {
	logFiles

	output *choice
}

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
	started := time.Now()
	each := func([]survey.Result) error { return nil }
	lines := newResultLines(cmd.OutOrStdout())
	if o.output.value == outputJSON {
		each = lines.write
	}
	summary, trouble, err := o.read(cmd, args, detector, each)
	if err := errors.Join(err, lines.flush()); err != nil {
		return err
	}
	if o.output.value == outputText {
		p := newPage(cmd.OutOrStdout())
		p.summary(summary, max(len(args), 1), time.Since(started))
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
