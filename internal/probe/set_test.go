package probe_test

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/failuredetector/failuredetector/failure"
	"github.com/failuredetector/failuredetector/internal/fingerprint"
	"github.com/failuredetector/failuredetector/internal/probe"
	"github.com/failuredetector/failuredetector/internal/signal"
)

const interval = 30 * time.Second

var start = time.Date(2026, 3, 4, 10, 0, 0, 0, time.UTC)

var (
	disk = &probe.Signal{
		ID: "disk.util", Type: "DISK_SPACE_LOW", Category: "resource",
		Title: "Disk space is low", Subject: "disk space", Quantity: "used",
		Limits:   signal.Limits{Warn: signal.InARow(.90, 2), Critical: signal.Once(.97), Clear: .87, Hold: 4},
		Forecast: true,
	}
	swap = &probe.Signal{
		ID: "mem.swap", Subject: "swap", Quantity: "used", Supports: []string{"disk.util"},
		Limits: signal.Limits{Warn: signal.InARow(.80, 2), Clear: .70, Hold: 2},
	}
	data = &probe.Entity{
		ID: "host:node-7/data", Name: "/data of node-7", Scope: "host",
		Attributes: []probe.Attribute{{Key: "system.filesystem.mountpoint", Value: "/data"}},
		Captures:   []probe.Attribute{{Key: "path", Value: "/data"}},
	}
)

// scans drives a set through time.
type scans struct {
	t   *testing.T
	set *probe.Set
	now time.Time
}

func newScans(t *testing.T, change ...func(*probe.Settings)) *scans {
	t.Helper()
	resource := pcommon.NewResource()
	resource.Attributes().PutStr("host.name", "node-7")
	settings := probe.Settings{Component: "host_probe", ScopeName: "scope", Resource: resource, Interval: interval}
	for _, c := range change {
		c(&settings)
	}
	return &scans{t: t, set: probe.NewSet(settings), now: start}
}

// scan gives the events of a scan.
func (s *scans) scan(measure func(set *probe.Set)) []plog.LogRecord {
	s.set.Begin(s.now)
	measure(s.set)
	logs := plog.NewLogs()
	s.set.End(logs)
	s.now = s.now.Add(interval)
	var records []plog.LogRecord
	for _, rl := range logs.ResourceLogs().All() {
		for _, sl := range rl.ScopeLogs().All() {
			for _, lr := range sl.LogRecords().All() {
				records = append(records, lr)
			}
		}
	}
	return records
}

// value measures the disk.
func value(v float64) func(*probe.Set) {
	return func(set *probe.Set) { set.Measure(disk, data, probe.Reading{Sample: signal.Of(v)}) }
}

func unreadable(set *probe.Set) { set.Unknown(disk, data, "statfs did not answer within 2s") }

func gone(*probe.Set) {}

// values measures the disk once with each value.
func (s *scans) values(values ...float64) []plog.LogRecord {
	var records []plog.LogRecord
	for _, v := range values {
		records = append(records, s.scan(value(v))...)
	}
	return records
}

func text(lr plog.LogRecord, key string) string {
	v, found := lr.Attributes().Get(key)
	if !found {
		return ""
	}
	return v.AsString()
}

// bodies gives events as "observed high: the body".
func bodies(records []plog.LogRecord) []string {
	list := []string{}
	for _, lr := range records {
		name := strings.TrimPrefix(lr.EventName(), failure.EventPrefix)
		list = append(list, fmt.Sprintf("%s %s: %s", name, text(lr, failure.AttrSeverity), lr.Body().Str()))
	}
	return list
}

// eventCase is what a set tells of some scans.
type eventCase struct {
	steps func(s *scans) []plog.LogRecord
	want  []string
}

func TestEvents(t *testing.T) {
	requireEvents(t, map[string]eventCase{
		"raised, worse, better and over": {
			func(s *scans) []plog.LogRecord {
				return s.values(.5, .91, .92, .98, .93, .93, .93, .93, .6, .6, .6, .6, .6)
			},
			[]string{
				"observed high: Disk space is low on /data of node-7 (high): 92.0% used, the threshold is 90.0%.",
				"observed critical: Disk space is low on /data of node-7 (now critical): 98.0% used, the threshold is 97.0%.",
				"observed high: Disk space is low on /data of node-7 (better, now high): 93.0% used, the threshold is 90.0%.",
				"cleared high: Disk space is low on /data of node-7: over after 5 minutes, 60.0% used, at worst 98.0%.",
			},
		},
		"a heartbeat every five minutes": {
			func(s *scans) []plog.LogRecord {
				records := s.values(.5, .91)
				for range 22 {
					records = append(records, s.values(.92)...)
				}
				return records
			},
			[]string{
				"observed high: Disk space is low on /data of node-7 (high): 92.0% used, the threshold is 90.0%.",
				"observed high: Disk space is low on /data of node-7 (high, for 5 minutes): 92.0% used, the threshold is 90.0%, at worst 92.0%.",
				"observed high: Disk space is low on /data of node-7 (high, for 10 minutes): 92.0% used, the threshold is 90.0%, at worst 92.0%.",
			},
		},
		"what vanishes is over": {
			func(s *scans) []plog.LogRecord {
				return append(s.values(.5, .91, .92, .92), append(s.scan(gone), s.scan(gone)...)...)
			},
			[]string{
				"observed high: Disk space is low on /data of node-7 (high): 92.0% used, the threshold is 90.0%.",
				"cleared high: Disk space is low on /data of node-7: over after 60 seconds, since it is gone, at worst 92.0%.",
			},
		},
		"what was well and vanishes is nothing": {
			func(s *scans) []plog.LogRecord { return append(s.values(.5, .5), s.scan(gone)...) },
			[]string{},
		},
	})
}

func TestEventsOfWhatCannotBeMeasured(t *testing.T) {
	requireEvents(t, map[string]eventCase{
		"what cannot be measured is stale, once, and is not said to go on": {
			func(s *scans) []plog.LogRecord {
				records := s.values(.5, .91, .92)
				for range 15 {
					records = append(records, s.scan(unreadable)...)
				}
				return append(records, s.values(.92, .92)...)
			},
			[]string{
				"observed high: Disk space is low on /data of node-7 (high): 92.0% used, the threshold is 90.0%.",
				"observed medium: Disk space of /data of node-7 could not be measured for 2 minutes: statfs did not answer within 2s.",
				"observed medium: Disk space of /data of node-7 could not be measured for 7 minutes: statfs did not answer within 2s.",
				"cleared medium: Disk space of /data of node-7 is measured again, after 8 minutes.",
				"observed high: Disk space is low on /data of node-7 (high, for 8 minutes): 92.0% used, the threshold is 90.0%, at worst 92.0%.",
			},
		},
		"what is stale and vanishes": {
			func(s *scans) []plog.LogRecord {
				records := s.values(.5)
				for range 5 {
					records = append(records, s.scan(unreadable)...)
				}
				return append(records, s.scan(gone)...)
			},
			[]string{
				"observed medium: Disk space of /data of node-7 could not be measured for 2 minutes: statfs did not answer within 2s.",
				"cleared medium: Disk space of /data of node-7 is gone, after 3 minutes.",
			},
		},
		"a value that is no number is unknown": {
			func(s *scans) []plog.LogRecord {
				records := s.values(.5)
				for range 5 {
					records = append(records, s.values(math.NaN())...)
				}
				return records
			},
			[]string{"observed medium: Disk space of /data of node-7 could not be measured for 2 minutes: what was read is no number."},
		},
	})
}

func requireEvents(t *testing.T, cases map[string]eventCase) {
	t.Helper()
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, tc.want, bodies(tc.steps(newScans(t))))
		})
	}
}

func TestWhatAnEventHas(t *testing.T) {
	s := newScans(t)
	evidence := 0
	var records []plog.LogRecord
	for range 3 {
		records = append(records, s.scan(func(set *probe.Set) {
			set.Measure(disk, data, probe.Reading{
				Sample:   signal.Of(.92),
				Evidence: func() []string { evidence++; return []string{"/data/log grew by 2 GiB"} },
			})
		})...)
	}
	require.Len(t, records, 1)
	require.Equal(t, 1, evidence, "asked only where an event is written")
	lr := records[0]
	require.Equal(t, map[string]any{
		"failure_event": "failure.observed", "failure_type": "DISK_SPACE_LOW", "failure_severity": "high",
		"failure_category": "resource", "failure_confidence": 1.0, "failure_rule": "host_probe/disk.util",
		"failure_fingerprint": fingerprint.Probe("DISK_SPACE_LOW", "disk.util", "host:node-7/data"),
		"failure_entity":      "host:node-7/data", "failure_scope": "host", "failure_value": .92, "failure_threshold": .90,
		"failure_evidence":     []any{"observed: 92.0% used, the threshold is 90.0%", "observed: /data/log grew by 2 GiB"},
		"failure_capture.path": "/data", "system.filesystem.mountpoint": "/data",
	}, lr.Attributes().AsRaw())
	require.Equal(t, "failure.observed", lr.EventName())
	require.Equal(t, plog.SeverityNumberError, lr.SeverityNumber())
	require.Equal(t, start.Add(2*interval), lr.Timestamp().AsTime())

	records = s.values(.5, .5, .5, .5)
	require.Len(t, records, 1)
	require.Equal(t, plog.SeverityNumberInfo, records[0].SeverityNumber())
	require.Equal(t, "2m0s", text(records[0], "failure_capture.duration"))
	require.Equal(t, "0.92", text(records[0], "failure_capture.peak"))
	require.Equal(t, text(lr, failure.AttrFingerprint), text(records[0], failure.AttrFingerprint))

	records = append(s.values(.99), s.scan(gone)...)
	require.Equal(t, "gone", text(records[1], "failure_capture.reason"))
}

func TestResourceOfEvents(t *testing.T) {
	s := newScans(t)
	s.values(.5)
	s.set.Begin(s.now)
	value(.99)(s.set)
	logs := plog.NewLogs()
	s.set.End(logs)
	require.Equal(t, 1, logs.ResourceLogs().Len())
	require.Equal(t, map[string]any{"host.name": "node-7"}, logs.ResourceLogs().At(0).Resource().Attributes().AsRaw())
	require.Equal(t, "scope", logs.ResourceLogs().At(0).ScopeLogs().At(0).Scope().Name())
}

func TestEvidenceStandsOnWhatItSupports(t *testing.T) {
	s := newScans(t)
	both := func(used, swapped float64) func(*probe.Set) {
		return func(set *probe.Set) {
			value(used)(set)
			set.Measure(swap, data, probe.Reading{Sample: signal.Of(swapped)})
		}
	}
	var records []plog.LogRecord
	for range 5 {
		records = append(records, s.scan(both(.5, .85))...)
	}
	require.Empty(t, records, "evidence alone is no failure")
	inodes := *disk
	inodes.ID = "disk.inode"
	for range 4 {
		records = append(records, s.scan(func(set *probe.Set) {
			both(.5, .85)(set)
			set.Measure(&inodes, data, probe.Reading{Sample: signal.Of(.91)})
		})...)
	}
	require.Len(t, records, 1, "it is no evidence for another signal")
	records = nil
	require.Len(t, s.scan(both(.5, .85)), 1, "the other is gone")
	for range 4 {
		records = append(records, s.scan(both(.91, .85))...)
	}
	require.Equal(t, []string{
		"observed high: Disk space is low on /data of node-7 (high): 91.0% used, the threshold is 90.0%.",
		"observed critical: Disk space is low on /data of node-7 (now critical): 91.0% used, the threshold is 90.0%.",
	}, bodies(records))
	require.Equal(t, `["observed: 91.0% used, the threshold is 90.0%","observed: swap: 85.0% used, the threshold is 80.0%"]`, text(records[1], failure.AttrEvidence))
}

func TestWhatCouldNotBeListedIsNotGone(t *testing.T) {
	s := newScans(t)
	s.values(.5, .91, .92)
	require.Empty(t, s.scan(func(set *probe.Set) { set.UnknownSignal(disk, "mountinfo: permission denied") }))
	require.Empty(t, s.values(.92))
	require.NotEmpty(t, s.scan(gone))
}

func TestWhatWasSkippedStaysAsItIs(t *testing.T) {
	s := newScans(t)
	skip := func(set *probe.Set) { set.Skip(disk, data) }
	require.Empty(t, s.scan(skip), "there is none")
	require.Len(t, s.values(.5, .91, .92), 1)
	for range 20 {
		require.Empty(t, s.scan(skip))
	}
	require.Len(t, s.scan(gone), 1)
}

func TestWhatVanishedAndComesBack(t *testing.T) {
	s := newScans(t)
	s.values(.5, .98)
	require.Len(t, s.scan(gone), 1)
	require.Len(t, s.values(.5, .98), 1)
}

func TestTooManyConditionsAreLeftOutAndCounted(t *testing.T) {
	s := newScans(t, func(settings *probe.Settings) { settings.MaxConditions = 2 })
	measure := func(set *probe.Set) {
		for i := range 5 {
			set.Measure(disk, &probe.Entity{ID: fmt.Sprint("host:node-7/", i)}, probe.Reading{Sample: signal.Of(.99)})
		}
	}
	s.scan(measure)
	require.Len(t, s.scan(measure), 2)
	require.Equal(t, 3, s.set.LeftOut())
	s.scan(gone)
	require.Zero(t, s.set.LeftOut())
	s.values(.5)
	require.Len(t, s.values(.99), 1, "there is room again")
}

func TestConditionsForMetrics(t *testing.T) {
	s := newScans(t)
	s.values(.5, .98)
	var conditions []probe.Condition
	for c := range s.set.Conditions() {
		conditions = append(conditions, c)
	}
	require.Len(t, conditions, 1)
	require.Equal(t, signal.Firing, conditions[0].Phase)
	require.Equal(t, signal.Critical, conditions[0].Level)
	require.InDelta(t, .98, conditions[0].Value, 1e-9)
	require.True(t, conditions[0].Known)
	s.scan(unreadable)
	for c := range s.set.Conditions() {
		require.False(t, c.Known)
		require.Equal(t, signal.Firing, c.Phase)
	}
}

func TestAClockThatIsSetChangesNothing(t *testing.T) {
	s := newScans(t)
	s.now = time.Now() // With a monotonic reading, which counts.
	s.values(.5, .91)
	records := s.values(.91)
	require.Len(t, records, 1)
}
