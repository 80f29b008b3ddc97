// Package fingerprint gives the same failure the same identity wherever it
// shows: in a log record, in a span event, in a traceback in a body.
//
// The algorithm is part of the wire contract. What it gives for a text never
// changes under one version; a change of it is a new version. Golden values in
// the tests of this package pin it.
package fingerprint
