//go:generate go tool -modfile=../tools.mod mdatagen metadata.yaml

// Package hostprobereceiver watches the machine or the container that the Collector runs on. It says that a
// resource is exhausted, that it will be, and that it is over: as metrics, and as events of probes, which the
// failure_detector connector takes for failures like any other.
package hostprobereceiver
