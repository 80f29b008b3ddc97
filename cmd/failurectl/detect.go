package main

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/failuredetector/failuredetector/detect"
	"github.com/failuredetector/failuredetector/rules"
)

// maxInput is how much of standard input is read, in bytes: far more than the
// 16 KiB of a record that rules see, and little memory.
const maxInput = 4 << 20

var severities = map[string]plog.SeverityNumber{
	"trace": plog.SeverityNumberTrace,
	"debug": plog.SeverityNumberDebug,
	"info":  plog.SeverityNumberInfo,
	"warn":  plog.SeverityNumberWarn,
	"error": plog.SeverityNumberError,
	"fatal": plog.SeverityNumberFatal,
}

// detectOptions are the flags of detect.
type detectOptions struct {
	selection

	output        *choice
	severity      *choice
	exceptionType string
	attributes    []string
}

func newDetect() *cobra.Command {
	var options detectOptions
	cmd := &cobra.Command{
		Use:   "detect [MESSAGE...]",
		Short: "Say what a message is, why, and what to do",
		Long: `Detect recognises the failure in a message, as the processor does in the body of
a log record. It says what it is, which rule and which part of the message show
it, why it happens, and what to do.

The message is what the arguments say, joined with spaces. Without arguments, or
with -, it is all of standard input, up to 4 MiB: one message, of any number of
lines. A message that is a JSON object is read by its keys, as a body is. Put --
before a message that begins with a dash.

Exit codes:
  0  a failure was recognised
  1  none was
  2  the command line is wrong, or the rules cannot be loaded`,
		Example: `  failurectl detect 'ValidationError: OrchestrationContext field required'
  failurectl detect < traceback.txt
  journalctl -k -n 20 | failurectl detect -
  failurectl detect --exception-type psycopg2.OperationalError 'could not connect to server'
  failurectl detect --severity error --attribute db.response.status_code=40P01 'query failed'
  failurectl detect --rules my-rules.yaml --output json 'E1234: the press is jammed'`,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(cmd *cobra.Command, args []string) error {
			record, err := options.record(cmd, args)
			if err != nil {
				return err
			}
			return options.run(cmd, record)
		},
	}
	flags := cmd.Flags()
	options.output = outputFlag(cmd)
	options.addFlags(cmd)
	flags.StringVar(&options.exceptionType, "exception-type", "", "take the message for that of an exception of this `TYPE`")
	flags.StringArrayVar(&options.attributes, "attribute", nil, "attribute of the record, as `KEY=VALUE`; may be given again")
	options.severity = choiceFlag(cmd, "severity", "", "severity of the record, whose codes are evidence from warn on",
		"trace", "debug", "info", "warn", "error", "fatal")
	for _, name := range []string{"exception-type", "attribute"} {
		complete(cmd, name, cobra.NoFileCompletions)
	}
	return cmd
}

// record makes a record of the message and the flags about it.
func (o *detectOptions) record(cmd *cobra.Command, args []string) (rules.Example, error) {
	if err := o.check(); err != nil {
		return rules.Example{}, err
	}
	record := rules.Example{
		ExceptionType: o.exceptionType,
		Severity:      int(severities[o.severity.value]),
		Attributes:    map[string]string{},
	}
	for _, attribute := range o.attributes {
		key, value, ok := strings.Cut(attribute, "=")
		if !ok || key == "" {
			return record, usageError{fmt.Errorf("--attribute %q: write KEY=VALUE", attribute)}
		}
		record.Attributes[key] = value
	}
	if len(args) > 0 && (len(args) > 1 || args[0] != "-") {
		record.Text = strings.Join(args, " ")
		return record, nil
	}
	text, err := readMessage(cmd)
	record.Text = text
	return record, err
}

// readMessage reads standard input. The end of its last line is no part of the
// message, just as the end of a line is no part of a log record.
func readMessage(cmd *cobra.Command) (string, error) {
	if isTerminal(cmd.InOrStdin()) {
		cmd.PrintErrln("failurectl: type or paste the message, then press Ctrl-D on a line of its own.")
	}
	content, err := io.ReadAll(io.LimitReader(cmd.InOrStdin(), maxInput+1))
	if err != nil {
		return "", fmt.Errorf("reading standard input: %w", err)
	}
	if len(content) > maxInput {
		content = content[:maxInput]
		cmd.PrintErrf("failurectl: standard input is longer than %d MiB: the rest was not read.\n", maxInput>>20)
	}
	return strings.TrimRight(string(content), "\r\n"), nil
}

func (o *detectOptions) run(cmd *cobra.Command, record rules.Example) error {
	detector, err := o.detector()
	if err != nil {
		return err
	}
	verdict, reading := detector.Explain(record)
	if reading.Truncated() {
		cmd.PrintErrf("failurectl: the record has %d bytes of text: rules see the first and the last %d KiB.\n",
			len(reading.Text), detect.TextLimit>>11)
	}
	if err := o.print(cmd, verdict, reading); err != nil {
		return err
	}
	if len(verdict.Detections) == 0 {
		return exitError(exitNothing)
	}
	return nil
}

func (o *detectOptions) print(cmd *cobra.Command, verdict detect.Verdict, reading detect.Reading) error {
	if o.output.value == outputJSON {
		text, err := toJSON(attributesOf(verdict))
		return errors.Join(err, emit(cmd, text))
	}
	p := newPage(cmd.OutOrStdout())
	p.verdict(verdict, reading)
	return emit(cmd, p.String())
}
