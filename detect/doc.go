// Package detect recognises failures in telemetry records: it reads what a log
// record, span or span event offers as evidence and runs a compiled rule set on it.
//
// A Detector is immutable and safe for concurrent use. It changes no record and
// keeps nothing of one after a call. A record that matches nothing costs no
// allocation.
package detect
