// Package probe is what the receivers that watch something share: conditions that hold, are about to hold
// or are over, told as probe events; and one collection that serves metrics and logs.
//
// A receiver describes each [Signal] once: its failure type, its limits and how a person would say it. A
// [Set] then has one condition per signal and entity, and is told of every scan:
//
//	set.Begin(now)
//	set.Measure(disk, mount, probe.Reading{Sample: signal.Of(0.93), Capacity: total})
//	set.Unknown(disk, other, "statfs did not answer within 2s")
//	set.End(logs)
//
// End appends the events that the scan gives rise to: failure.observed when a condition is raised, changes
// its level, and with every heartbeat; failure.predicted while it is about to be; failure.cleared when it
// is over. An entity that was neither measured nor unknown in a scan is gone, and what it had is over; so a
// receiver that could not find out which entities there are calls [Set.UnknownSignal]. A measurement that
// fails changes nothing, and after five scans is a condition of its own, COLLECTION_STALE; one that was left
// out because another signal says why is not, see [Set.Skip].
//
// A condition that ended while no probe ran is still open in a connector that remembers. Where a signal says so,
// [Signal.DeniedAtStart], a probe tells once after its start that it does not hold, by a failure.cleared that
// has no opening; a connector that knows of no such condition ignores it.
//
// A signal that supports others raises nothing. While it is up it stands as evidence on the conditions of
// those with the same entity, and makes critical what is only a warning.
//
// A [Registry] makes one collection of the receivers that the Collector creates for one configuration, one
// per kind of telemetry. A receiver package has one registry; its factory hands over a [Source], which is
// made, started, asked on schedule and shut down once:
//
//	var instances = probe.NewRegistry()
//
//	func createMetrics(_ context.Context, set receiver.Settings, cfg component.Config, next consumer.Metrics) (receiver.Metrics, error) {
//		return instances.Metrics(set, cfg, schedule(cfg), next, newSource)
//	}
package probe
