package probe_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/failuredetector/failuredetector/failure"
	"github.com/failuredetector/failuredetector/internal/probe"
	"github.com/failuredetector/failuredetector/internal/signal"
)

// rise fills the disk by 8 points an hour, from 60% to a value.
func (s *scans) rise(from, to float64) []plog.LogRecord {
	var records []plog.LogRecord
	for v := from; v < to; v += .08 / 120 {
		records = append(records, s.values(v)...)
	}
	return records
}

func TestPrediction(t *testing.T) {
	s := newScans(t)
	records := s.rise(.60, .86)
	require.NotEmpty(t, records)
	first := records[0]
	require.Equal(t, failure.EventPredicted, first.EventName())
	require.Regexp(t, `^Disk space of /data of node-7 is expected to run out \(medium\) in about 4 hours, between 2026-03-04 \d\d:\d\d UTC and 2026-03-04 \d\d:\d\d UTC: \d\d\.\d% used\.$`, first.Body().Str())
	require.Regexp(t, `^\["observed: \d\d\.\d% used","inferred: it rises by 8\.0% an hour, measured over the last 60 minutes, and is exhausted in about 4 hours \(.*\)"\]$`, text(first, failure.AttrEvidence))
	earliest, err := time.Parse(time.RFC3339Nano, text(first, failure.AttrPredictedEarliest))
	require.NoError(t, err)
	latest, err := time.Parse(time.RFC3339Nano, text(first, failure.AttrPredictedLatest))
	require.NoError(t, err)
	full := start.Add(time.Duration(.40 / .08 * float64(time.Hour)))
	require.WithinDuration(t, full, earliest, 10*time.Minute)
	require.WithinDuration(t, full, latest, 10*time.Minute)

	last := ""
	for i, lr := range records {
		require.Equal(t, failure.EventPredicted, lr.EventName())
		if severity := text(lr, failure.AttrSeverity); severity != last {
			last = severity
			continue
		}
		require.WithinDuration(t, records[i-1].Timestamp().AsTime().Add(5*time.Minute), lr.Timestamp().AsTime(), 0, "said again with each heartbeat")
	}
	require.Equal(t, "high", last)
}

func TestWhatWasPredictedComes(t *testing.T) {
	s := newScans(t)
	s.rise(.60, .86)
	records := s.rise(.86, .93)
	last := records[len(records)-1]
	require.Equal(t, failure.EventObserved, last.EventName(), "what holds is no longer predicted")
	require.Contains(t, text(last, failure.AttrEvidence), "inferred: at this rate it is exhausted in about")
	var cleared []plog.LogRecord
	for range 30 {
		cleared = append(cleared, s.values(.5)...)
	}
	require.Equal(t, []string{"cleared"}, kinds(cleared))
}

func TestPredictionThatDoesNotComeTrue(t *testing.T) {
	s := newScans(t)
	require.NotEmpty(t, s.rise(.60, .80))
	var records []plog.LogRecord
	for range 60 {
		records = append(records, s.values(.62)...)
	}
	last := records[len(records)-1]
	require.Equal(t, failure.EventCleared, last.EventName())
	require.Equal(t, "Disk space of /data of node-7 is no longer expected to run out: 62.0% used.", last.Body().Str())
	require.Equal(t, plog.SeverityNumberInfo, last.SeverityNumber())
}

func TestPredictionOfWhatVanishes(t *testing.T) {
	s := newScans(t)
	require.NotEmpty(t, s.rise(.60, .80))
	require.Equal(t, []string{"cleared medium: Disk space of /data of node-7 is gone."}, bodies(s.scan(gone)))
}

func TestForecastForgetsWhatWasEnlarged(t *testing.T) {
	s := newScans(t)
	sized := func(v, capacity float64) []plog.LogRecord {
		return s.scan(func(set *probe.Set) {
			set.Measure(disk, data, probe.Reading{Sample: signal.Of(v), Capacity: capacity})
		})
	}
	for range 200 {
		sized(.95, 100)
	}
	var records []plog.LogRecord
	for v := .60; v < .80; v += .08 / 120 {
		records = append(records, sized(v, 200)...)
	}
	require.Contains(t, kinds(records), "predicted", "that it was fuller before does not count")
}

func kinds(records []plog.LogRecord) []string {
	var list []string
	for _, lr := range records {
		if kind := lr.EventName()[len(failure.EventPrefix):]; len(list) == 0 || list[len(list)-1] != kind {
			list = append(list, kind)
		}
	}
	return list
}
