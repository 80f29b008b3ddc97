//go:build !vectorscan

package main

import "github.com/failuredetector/failuredetector/benchmarks/internal/translate"

// vectorscan is left out where its library or a C compiler is missing.
func vectorscan([]translate.Expression) (*engine, error) { return nil, nil }
