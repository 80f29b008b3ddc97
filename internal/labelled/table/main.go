// Command table writes the figures of the catalogue into rules/README.md. It is
// run by go generate.
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/failuredetector/failuredetector/detect"
	"github.com/failuredetector/failuredetector/internal/labelled"
	"github.com/failuredetector/failuredetector/rules"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: table MESSAGES-DIRECTORY README")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2], time.Now().UTC()); err != nil {
		fmt.Fprintln(os.Stderr, "table:", err)
		os.Exit(1)
	}
}

// run measures the shipped rules, as they are used where nothing is configured.
func run(directory, readme string, now time.Time) error {
	files, err := filepath.Glob(filepath.Join(directory, "*.jsonl"))
	if err != nil {
		return err
	}
	messages, err := labelled.ReadFiles(files...)
	if err != nil {
		return err
	}
	set, err := rules.Load(rules.NewDefaultConfig())
	if err != nil {
		return err
	}
	d, err := detect.New(set, detect.Options{BodyKeys: detect.DefaultBodyKeys(), Attributes: detect.DefaultAttributes()})
	if err != nil {
		return err
	}
	result, err := labelled.Measure(d, messages)
	if err != nil {
		return err
	}
	old, err := os.ReadFile(readme)
	if err != nil {
		return err
	}
	updated, err := replace(string(old), render(set, result, len(messages)), now.Format(time.DateOnly))
	if err != nil {
		return fmt.Errorf("%s: %w", readme, err)
	}
	return os.WriteFile(readme, []byte(updated), 0o644)
}
