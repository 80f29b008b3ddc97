// Package virtualtime lets a host keep the time of the components that it starts, in place of the clock on
// the wall. The Collector is no such host: it is for what runs components over telemetry of the past.
package virtualtime

import (
	"time"

	"go.opentelemetry.io/collector/component"
)

// Host is a host that keeps time. What it starts neither reads a clock, nor watches files, nor keeps
// anything in a storage: it depends on its configuration and on what it is sent alone.
type Host interface {
	component.Host
	// Now is what time it is.
	Now() time.Time
	// Follow asks to be told of each whole second that passes, before anything is sent at that time. The
	// answer is whether time alone can change nothing: then seconds need not be told until something is sent.
	Follow(pass func(now time.Time) (idle bool))
}

// Of gives a host that keeps time, or nil where that is left to the clock on the wall.
func Of(host component.Host) Host {
	h, _ := host.(Host)
	return h
}
