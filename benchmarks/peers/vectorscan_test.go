//go:build vectorscan

package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/failuredetector/failuredetector/benchmarks/internal/translate"
)

func TestVectorscanFindsTheSame(t *testing.T) {
	e, err := vectorscan(translate.Expressions(fruitRules(t)))
	require.NoError(t, err)
	require.Equal(t, "Vectorscan compiles 3 of 3 expressions.", e.note)
	requireFinds(t, e)
}

func TestVectorscanNamesWhatItCannotCompile(t *testing.T) {
	e, err := vectorscan([]translate.Expression{
		{Rule: "apples", Expr: `apples`}, {Rule: "pears", Expr: `(pears)\1`}, {Rule: "plums", Expr: `plums`},
	})
	require.NoError(t, err)
	require.Contains(t, e.note, "compiles 2 of 3 expressions. It was not given those of pears (")
	seen, err := e.find("plums and apples")
	require.NoError(t, err)
	require.Equal(t, []int{0, 2}, seen)
}
