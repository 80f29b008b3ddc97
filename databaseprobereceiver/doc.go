//go:generate go tool -modfile=../tools.mod mdatagen metadata.yaml

// Package databaseprobereceiver checks databases and other servers from the outside: whether each stage on the
// way to an answer works, how full the server is, and what its transactions suffer. It says so as metrics, and
// as events of probes, which the failure_detector connector takes for failures like any other.
package databaseprobereceiver
