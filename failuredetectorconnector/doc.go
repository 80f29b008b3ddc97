//go:generate go tool -modfile=../tools.mod mdatagen metadata.yaml

// Package failuredetectorconnector turns annotated records into failures that people act on: it
// counts each once, opens, escalates and resolves incidents, and derives metrics. It never classifies.
package failuredetectorconnector
