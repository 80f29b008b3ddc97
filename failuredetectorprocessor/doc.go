//go:generate go tool -modfile=../tools.mod mdatagen metadata.yaml

// Package failuredetectorprocessor recognises failures in logs and traces and
// writes what it found on the records: type, severity, confidence, rule and
// captured values. It never drops or delays telemetry and keeps no state about it.
package failuredetectorprocessor
