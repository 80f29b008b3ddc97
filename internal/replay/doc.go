// Package replay runs the components of a collector's configuration over recorded telemetry, with a clock
// of its own: what happened when comes from the records.
package replay
