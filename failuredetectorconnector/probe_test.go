package failuredetectorconnector

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/failuredetector/failuredetector/failure"
	"github.com/failuredetector/failuredetector/internal/probe"
	"github.com/failuredetector/failuredetector/internal/signal"
)

// probed is a probe of one disk whose events go to a connector, scan after scan.
type probed struct {
	*harness
	set *probe.Set
}

var (
	probedDisk = &probe.Signal{
		ID: "disk.util", Type: "DISK_SPACE_LOW", Category: "resource", Title: "Disk space is low", Subject: "disk space", Quantity: "used",
		Limits:   signal.Limits{Warn: signal.InARow(.90, 2), Critical: signal.Once(.97), Clear: .87, Hold: 4},
		Forecast: true,
	}
	probedMount = &probe.Entity{ID: "host:node-7/data", Name: "/data of node-7", Scope: "host", Captures: []probe.Attribute{{Key: "path", Value: "/data"}}}
)

func newProbed(t *testing.T) *probed {
	t.Helper()
	h := newHarness(t, defaultConfig())
	h.start()
	resource := pcommon.NewResource()
	resource.Attributes().PutStr("host.name", "node-7")
	return &probed{h, probe.NewSet(probe.Settings{Component: "host_probe", Resource: resource, Interval: 30 * time.Second})}
}

// scan measures the disk, or finds it gone.
func (p *probed) scan(measure func(*probe.Set)) {
	p.t.Helper()
	p.set.Begin(time.Now())
	measure(p.set)
	logs := plog.NewLogs()
	p.set.End(logs)
	if logs.LogRecordCount() > 0 {
		require.NoError(p.t, p.logsToMetrics.ConsumeLogs(context.Background(), logs))
		require.NoError(p.t, p.logsToLogs.ConsumeLogs(context.Background(), logs))
	}
	p.wait(30 * time.Second)
}

func (p *probed) values(values ...float64) {
	p.t.Helper()
	for _, v := range values {
		p.scan(func(set *probe.Set) { set.Measure(probedDisk, probedMount, probe.Reading{Sample: signal.Of(v)}) })
	}
}

// incidents gives the events as "opened high active".
func (p *probed) incidents() []string {
	var list []string
	for _, lr := range p.records() {
		get := func(key string) string {
			v, _ := lr.Attributes().Get(key)
			return v.AsString()
		}
		require.Equal(p.t, "host:node-7/data", get(failure.AttrEntity))
		list = append(list, fmt.Sprintf("%s %s %s", strings.TrimPrefix(lr.EventName(), failure.EventPrefix), get(failure.AttrSeverity), get(failure.AttrStatus)))
	}
	return list
}

func TestWhatAProbeSaysIsAnIncident(t *testing.T) {
	for name, tc := range map[string]struct {
		steps func(p *probed)
		want  []string
	}{
		"opened, escalated, better, resolved": {func(p *probed) {
			p.values(.5, .91, .92, .98, .93, .93, .93, .93, .5, .5, .5, .5)
		}, []string{"opened high active", "escalated critical active", "ongoing high active", "resolved high resolved"}},
		"heartbeats keep it from being stale": {func(p *probed) {
			p.values(.5, .91)
			for range 110 {
				p.values(.92)
			}
		}, []string{"opened high active"}},
		"what can no longer be measured is stale, and is heard of again": {func(p *probed) {
			p.values(.5, .91, .92)
			for range 40 {
				p.scan(func(set *probe.Set) { set.Unknown(probedDisk, probedMount, "statfs did not answer within 2s") })
			}
			p.values(.92)
		}, []string{
			"opened high active", "opened medium active", "ongoing high stale", "resolved medium resolved", "ongoing high active",
		}},
		"what vanishes is resolved": {func(p *probed) {
			p.values(.5, .98)
			p.scan(func(*probe.Set) {})
		}, []string{"opened critical active", "resolved critical resolved"}},
		"predicted, more urgently, and there": {func(p *probed) {
			for v := .60; v < .92; v += .08 / 120 {
				p.values(v)
			}
		}, []string{
			"predicted medium predicted", "ongoing medium predicted", "predicted high predicted", "ongoing high predicted", "opened high active",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			inTime(t, func(t *testing.T) {
				t.Helper()
				p := newProbed(t)
				tc.steps(p)
				require.Equal(t, tc.want, p.incidents())
			})
		})
	}
}

func TestAnIncidentSaysWhatTheProbeSays(t *testing.T) {
	inTime(t, func(t *testing.T) {
		t.Helper()
		p := newProbed(t)
		p.values(.5, .91, .92, .98, .93, .93, .93, .93, .5, .5, .5, .5)
		p.values(.98)
		for range 40 {
			p.scan(func(set *probe.Set) { set.Skip(probedDisk, probedMount) })
		}
		var said []string
		for _, lr := range p.records() {
			said = append(said, lr.Body().Str())
		}
		require.Equal(t, []string{
			"DISK_SPACE_LOW: Disk space is low on /data of node-7 (high): 92.0% used, the threshold is 90.0%.",
			"DISK_SPACE_LOW: Disk space is low on /data of node-7 (now critical): 98.0% used, the threshold is 97.0%.",
			"DISK_SPACE_LOW goes on: Disk space is low on /data of node-7 (better, now high): 93.0% used, the threshold is 90.0%.",
			"DISK_SPACE_LOW: Disk space is low on /data of node-7: over after 5 minutes, 50.0% used, at worst 98.0%.",
			"DISK_SPACE_LOW is back: Disk space is low on /data of node-7 (critical): 98.0% used, the threshold is 97.0%.",
			"DISK_SPACE_LOW, stale: nothing heard from its probe for 15m; its last word: Disk space is low on /data of node-7 (critical): 98.0% used, the threshold is 97.0%.",
		}, said)

		p.wait(25 * time.Hour)
		records := p.records()
		require.Equal(t, "DISK_SPACE_LOW on host:node-7/data is over, given up: nothing heard from its probe for 24h: there were 2 failures within 5m0s.",
			records[len(records)-1].Body().Str())
	})
}
