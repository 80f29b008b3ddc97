// Package incident turns single detections into failures that people act on: it counts each failure
// once, opens an incident for it, escalates, resolves and remembers it.
//
// The state is a pure function of a sequence of arrival times and batches. It has no clock, no
// goroutine and no lock: one caller at a time calls it and tells it the time, so that a replay gives
// what the live run gave. All that it keeps is bounded by Settings.
package incident
