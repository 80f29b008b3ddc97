package main

import (
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/failuredetector/failuredetector/benchmarks/internal/translate"
	"github.com/failuredetector/failuredetector/rules"
)

// variant is one way of setting the collector up.
type variant struct {
	name string
	// processors are the one processor of the pipeline, if any, by its name.
	processors map[string]any
	// batch is how many records a request has. Where a record takes tens of
	// milliseconds, a request has few, so that it is answered in time.
	batch int
}

// variants are those that are compared; the first is what the others are compared with.
func variants(set *rules.Set) []variant {
	return []variant{
		{name: "no processor", batch: 1_000},
		{name: "failure_detector", batch: 1_000, processors: map[string]any{"failure_detector": nil}},
		{name: "transform", batch: 10, processors: map[string]any{"transform": map[string]any{
			"error_mode":     "ignore",
			"log_statements": []any{map[string]any{"context": "log", "statements": escaped(translate.Statements(set, "log.body"))}},
		}}},
	}
}

// escaped writes what the collector would read as a reference to a variable.
func escaped(statements []string) []string {
	list := make([]string, 0, len(statements))
	for _, s := range statements {
		list = append(list, strings.ReplaceAll(s, "$", "$$"))
	}
	return list
}

// configuration is a collector that takes logs at an address and drops them in the end.
func (v variant) configuration(address string) ([]byte, error) {
	names := make([]string, 0, len(v.processors))
	for name := range v.processors {
		names = append(names, name)
	}
	return yaml.Marshal(map[string]any{
		"receivers":  map[string]any{"otlp": map[string]any{"protocols": map[string]any{"grpc": map[string]any{"endpoint": address}}}},
		"processors": v.processors,
		"exporters":  map[string]any{"nop": nil},
		"service": map[string]any{
			"telemetry": map[string]any{
				"metrics": map[string]any{"level": "none"},
				"logs":    map[string]any{"level": "warn"},
			},
			"pipelines": map[string]any{"logs": map[string]any{
				"receivers": []string{"otlp"}, "processors": names, "exporters": []string{"nop"},
			}},
		},
	})
}
