package main

import (
	"context"
	"fmt"
	"regexp"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/ottl"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/ottl/contexts/ottllog"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/ottl/ottlfuncs"
	"github.com/wasilibs/go-re2/experimental"
	"go.opentelemetry.io/collector/component/componenttest"

	"github.com/failuredetector/failuredetector/benchmarks/internal/measure"
	"github.com/failuredetector/failuredetector/benchmarks/internal/sample"
	"github.com/failuredetector/failuredetector/benchmarks/internal/translate"
	"github.com/failuredetector/failuredetector/detect"
	"github.com/failuredetector/failuredetector/rules"
)

// engine is a way of finding the catalogue's rules in text.
type engine struct {
	name string
	// prepare readies one pass over texts, outside of what is timed.
	prepare func(texts []string) func()
	// find gives the positions of the expressions that match a text; nil where an
	// engine is not asked for them.
	find func(text string) ([]int, error)
	// most is how many lines the engine is measured on, 0 for all: those that take
	// milliseconds for one get few.
	most int
	// lines and traces say how many times cheaper ours should be; 0 where nothing is expected.
	lines, traces float64
	// note tells what of the catalogue an engine was not given.
	note string
}

// slowLines is how many lines engines get that take tens of milliseconds for one.
const slowLines = 50

// sample gives those of the lines that the engine is measured on.
func (e *engine) sample(lines []string) []string {
	if e.most == 0 {
		return lines
	}
	return lines[:e.most]
}

func (e *engine) side(texts []string) measure.Side {
	return measure.Side{Pass: e.prepare(texts), Operations: len(texts)}
}

// ours reads records as the processor does: bodies without attributes.
func ours(d *detect.Detector) *engine {
	return &engine{name: "this project", prepare: func(texts []string) func() {
		rl, sl := sample.Bare(texts)
		records := sl.LogRecords()
		return func() {
			for i := range records.Len() {
				d.Log(rl, sl, records.At(i))
			}
		}
	}}
}

// transform runs what users of the transform processor would write.
func transform(set *rules.Set) (*engine, error) {
	settings := componenttest.NewNopTelemetrySettings()
	parser, err := ottllog.NewParser(ottlfuncs.StandardFuncs[*ottllog.TransformContext](), settings)
	if err != nil {
		return nil, fmt.Errorf("ottl: %w", err)
	}
	statements, err := parser.ParseStatements(translate.Statements(set, "body"))
	if err != nil {
		return nil, fmt.Errorf("ottl: %w", err)
	}
	sequence := ottllog.NewStatementSequence(statements, settings, ottllog.WithStatementSequenceErrorMode(ottl.IgnoreError))
	return &engine{name: "OTTL `IsMatch`", most: slowLines, lines: variant(2_500, 1_200), traces: 800, prepare: func(texts []string) func() {
		rl, sl := sample.Bare(texts)
		records := sl.LogRecords()
		ctx := context.Background()
		return func() {
			for i := range records.Len() {
				record := ottllog.NewTransformContextPtr(rl, sl, records.At(i))
				// Errors are ignored by the mode above; there is none to give.
				_ = sequence.Execute(ctx, record)
				record.Close()
			}
		}
	}}, nil
}

// standard tries one expression of the standard library after the other.
func standard(expressions []string) (*engine, error) {
	compiled := make([]*regexp.Regexp, 0, len(expressions))
	for _, expr := range expressions {
		re, err := regexp.Compile(expr)
		if err != nil {
			return nil, fmt.Errorf("regexp: %w", err)
		}
		compiled = append(compiled, re)
	}
	find := func(text string) ([]int, error) {
		var found []int
		for i, re := range compiled {
			if re.MatchString(text) {
				found = append(found, i)
			}
		}
		return found, nil
	}
	return &engine{name: "`regexp`, one by one", most: slowLines, find: find, prepare: passOf(find)}, nil
}

// re2Memory is what the automaton of a set may take, in bytes. With the default
// of 128 MiB it does not fit, and RE2 gives up on some texts.
const re2Memory = 1 << 30

// re2 runs RE2, compiled to WebAssembly, on all expressions as one set.
func re2(expressions []string) (*engine, error) {
	set, err := experimental.CompileSetWithOptions(expressions, experimental.CompileOptions{MaxMem: re2Memory})
	if err != nil {
		return nil, fmt.Errorf("go-re2: %w", err)
	}
	find := func(text string) ([]int, error) { return set.FindAllStringWithError(text, -1) }
	return &engine{name: "`go-re2` Set", most: 100, find: find, prepare: passOf(find)}, nil
}

// passOf finds all in all texts. What goes wrong showed in the comparison of
// what the engines find, which comes first.
func passOf(find func(string) ([]int, error)) func([]string) func() {
	return func(texts []string) func() {
		return func() {
			for _, text := range texts {
				_, _ = find(text)
			}
		}
	}
}
