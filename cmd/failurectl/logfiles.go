package main

import (
	"os"
	"runtime/debug"
	"time"

	"github.com/spf13/cobra"

	"github.com/failuredetector/failuredetector/internal/logfile"
	"github.com/failuredetector/failuredetector/internal/survey"
)

// logFiles is the flags that say how to read log files, and with which rules.
type logFiles struct {
	selection

	input *choice
	// unknown says that results have the text of errors that no rule recognised.
	unknown bool
}

func (l *logFiles) addFlags(cmd *cobra.Command) {
	l.input = inputFlag(cmd)
	l.selection.addFlags(cmd)
}

func inputFlag(cmd *cobra.Command) *choice {
	return choiceFlag(cmd, "input", string(logfile.Auto), "form of the files",
		string(logfile.Auto), string(logfile.Text), string(logfile.JSONLines), string(logfile.OTLP))
}

// scanGCPercent lets the heap grow to five times what is in use: some 100 MB.
const scanGCPercent = 400

// read classifies the records of files, or of standard input without any. Trouble
// says that one of them cannot be read whole, which has been told by then.
func (l *logFiles) read(cmd *cobra.Command, files []string, detector survey.Detector, each func([]survey.Result) error) (summary *survey.Summary, trouble bool, err error) {
	if len(files) == 0 {
		files = []string{"-"}
	}
	bar := newProgress(cmd.ErrOrStderr(), sizeOf(files))
	// A scan keeps little, so to collect garbage less often costs little memory.
	defer debug.SetGCPercent(debug.SetGCPercent(scanGCPercent))
	s := survey.Survey{
		Detector: detector,
		Unknown:  l.unknown,
		Open:     func(path string) (*logfile.Reader, error) { return openLog(cmd, path, l.input) },
		Now:      time.Now(),
		Each:     each,
		Progress: func(read int64, summary *survey.Summary) { bar.show(read, summary.Failures, "failure") },
		Tell: func(message string, isTrouble bool) {
			bar.clear()
			cmd.PrintErrln("failurectl: " + visible(message))
			trouble = trouble || isTrouble
		},
	}
	summary, err = s.Run(cmd.Context(), files)
	bar.clear()
	return summary, trouble, err
}

// openLog opens a file, or standard input, of a form.
func openLog(cmd *cobra.Command, path string, form *choice) (*logfile.Reader, error) {
	if path != "-" {
		return logfile.Open(path, logfile.Form(form.value))
	}
	if isTerminal(cmd.InOrStdin()) {
		cmd.PrintErrln("failurectl: type or paste the log, then press Ctrl-D on a line of its own.")
	}
	return logfile.NewReader("-", cmd.InOrStdin(), logfile.Form(form.value)), nil
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
