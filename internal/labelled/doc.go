//go:generate go run ./table ../../testdata/labelled ../../rules/README.md

// Package labelled measures rules on messages of which it is known what they
// report: how many failures the rules find, and what they take for a failure.
package labelled
