package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/failuredetector/failuredetector/benchmarks/internal/plain"
	"github.com/failuredetector/failuredetector/benchmarks/internal/translate"
	"github.com/failuredetector/failuredetector/rules"
)

// found has what is to be found of fruitRules in some texts.
var found = map[string][]int{
	"three APPLES missing":               {0},
	"basket\nof pears, and\nit is empty": {1},
	"pears stolen, apples missing":       {0, 2},
	"oranges are there":                  nil,
}

func fruitRules(t *testing.T) *rules.Set {
	t.Helper()
	set, err := plain.Set([]plain.Rule{
		{ID: "apples", Type: "APPLES", Patterns: []string{`\bapples? missing`, `basket.{0,40}empty`}},
		{ID: "pears", Type: "PEARS", Patterns: []string{`(?P<fruit>pears) (?:eaten|stolen)$|pears stolen,`}},
	})
	require.NoError(t, err)
	return set
}

func requireFinds(t *testing.T, e *engine) {
	t.Helper()
	for text, wanted := range found {
		got, err := e.find(text)
		require.NoError(t, err)
		require.ElementsMatch(t, wanted, got, "%s in %q", e.name, text)
	}
	pass := e.prepare([]string{"oranges", "", "apples missing"})
	pass()
	pass()
}

func TestGoEnginesFindTheSame(t *testing.T) {
	flagged := translate.Flagged(translate.Expressions(fruitRules(t)))
	for _, compile := range []func([]string) (*engine, error){standard, re2} {
		e, err := compile(flagged)
		require.NoError(t, err)
		requireFinds(t, e)
	}
}

func TestBrokenExpressionIsTold(t *testing.T) {
	for _, compile := range []func([]string) (*engine, error){standard, re2} {
		_, err := compile([]string{"apples("})
		require.Error(t, err)
	}
}

func TestSlowEnginesGetFewLines(t *testing.T) {
	lines := make([]string, 1_000)
	require.Len(t, (&engine{most: 20}).sample(lines), 20)
	require.Len(t, (&engine{}).sample(lines), 1_000)
}
