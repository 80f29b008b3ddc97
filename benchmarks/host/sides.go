package main

import (
	"context"

	"github.com/open-telemetry/opentelemetry-collector-contrib/receiver/hostmetricsreceiver"

	"github.com/failuredetector/failuredetector/hostprobereceiver"
)

// ours is the host probe as it comes. It judges and predicts what it reads, and reads pressure, cgroup and
// limits as well. Processes are left out: the scraper of them that the peer has is another one.
func ours(ctx context.Context) (*onDemand, error) {
	return start(ctx, hostprobereceiver.NewFactory(), map[string]any{
		"collection_interval": due.String(),
		"initial_delay":       "0s",
		"scope":               "host",
		"top_consumers":       map[string]any{"count": 0},
	})
}

// peer is the host metrics receiver with the scrapers that read the same resources, and the metrics of them
// that are ratios, as ours are.
func peer(ctx context.Context) (*onDemand, error) {
	enabled := func(names ...string) map[string]any {
		metrics := map[string]any{}
		for _, name := range names {
			metrics[name] = map[string]any{"enabled": true}
		}
		return map[string]any{"metrics": metrics}
	}
	return start(ctx, hostmetricsreceiver.NewFactory(), map[string]any{
		"collection_interval": due.String(),
		"initial_delay":       "0s",
		"scrapers": map[string]any{
			"cpu":        enabled("system.cpu.utilization", "system.cpu.logical.count"),
			"memory":     enabled("system.memory.utilization", "system.memory.limit", "system.linux.memory.available"),
			"filesystem": enabled("system.filesystem.utilization"),
			"load":       nil,
			"paging":     enabled("system.paging.utilization"),
		},
	})
}
