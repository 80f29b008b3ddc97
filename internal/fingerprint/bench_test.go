package fingerprint

import "testing"

// BenchmarkMessage is what it costs to identify a line of log.
func BenchmarkMessage(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		Message("NETWORK_ERROR", "2026-03-04T10:15:32.482Z ERROR [pool-3] ActiveRecord::ConnectionNotEstablished: could not translate host name \"db.internal\" to address: Name or service not known")
	}
}
