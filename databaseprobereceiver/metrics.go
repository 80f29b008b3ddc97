package databaseprobereceiver

import (
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/receiver"

	"github.com/failuredetector/failuredetector/databaseprobereceiver/internal/check"
	"github.com/failuredetector/failuredetector/databaseprobereceiver/internal/metadata"
)

// recorder writes what checks found as metrics.
type recorder struct {
	builder *metadata.MetricsBuilder
}

func newRecorder(config *Config, set receiver.Settings) *recorder {
	// A server counts from its own start: when that was is not told.
	return &recorder{builder: metadata.NewMetricsBuilder(config.MetricsBuilderConfig, set, metadata.WithStartTime(0))}
}

// record takes what a check of a target found.
func (r *recorder) record(t *target, result *check.Result, at time.Time) {
	now := pcommon.NewTimestampFromTime(at)
	r.recordStages(t, result, now)
	if f := result.Figures; f != nil {
		r.recordFigures(t, f, now)
	}
	for c := range t.set.Conditions() {
		r.builder.RecordDatabaseprobeSignalStateDataPoint(now, int64(c.Phase), c.Signal.ID)
		if c.Foreseen {
			r.builder.RecordDatabaseprobeExhaustionEtaDataPoint(now, c.Forecast.ETA.Seconds(), c.Signal.ID)
		}
	}
	r.builder.EmitForResource(metadata.WithResource(t.resource))
}

func (r *recorder) recordStages(t *target, result *check.Result, now pcommon.Timestamp) {
	up := int64(1)
	var reason []metadata.MetricAttributeOption
	if f := result.Failure; f != nil {
		up = 0
		reason = append(reason, metadata.WithErrorTypeMetricAttribute(f.Code))
	}
	r.builder.RecordDatabaseprobeUpDataPoint(now, up, reason...)
	for _, stage := range t.stages() {
		timing, name := result.Timings[stage], metadata.MapAttributeDatabaseprobeStage[stage.String()]
		switch {
		case timing.Passed:
			r.builder.RecordDatabaseprobeStageUpDataPoint(now, 1, name)
		case result.Failure != nil && result.Failure.Stage == stage:
			r.builder.RecordDatabaseprobeStageUpDataPoint(now, 0, name, reason...)
		default:
			r.builder.RecordDatabaseprobeStageUpDataPoint(now, 0, name)
		}
		if timing.Reached {
			r.builder.RecordDatabaseprobeStageDurationDataPoint(now, timing.Took.Seconds(), name)
		}
	}
}

// stages are those that a target has.
func (t *target) stages() []check.Stage {
	stages := []check.Stage{check.DNS, check.TCP}
	if t.encrypted {
		stages = append(stages, check.TLS)
	}
	if t.config.Type != typeTCP {
		stages = append(stages, check.Auth, check.Query)
	}
	return stages
}

func (r *recorder) recordFigures(t *target, f *check.Figures, now pcommon.Timestamp) {
	b := r.builder
	r.recordMissing(f, now)
	if f.Connections > 0 {
		b.RecordDatabaseprobeConnectionUsageDataPoint(now, f.Connections)
	}
	if f.Usable > 0 {
		b.RecordDatabaseprobeConnectionLimitDataPoint(now, f.Usable)
		b.RecordDatabaseprobeConnectionUtilizationDataPoint(now, float64(f.Connections)/float64(f.Usable))
	}
	for _, s := range f.Sessions {
		b.RecordDatabaseprobeSessionCountDataPoint(now, s.Count, metadata.MapAttributeDbClientConnectionState[s.State])
	}
	if counted := f.Transactions; counted != nil {
		b.RecordDatabaseprobeTransactionsCommittedDataPoint(now, counted.Commits)
		b.RecordDatabaseprobeTransactionsRolledBackDataPoint(now, counted.Rollbacks)
		if counted.Deadlocks != nil {
			b.RecordDatabaseprobeDeadlocksDataPoint(now, *counted.Deadlocks)
		}
		if share, enough := t.rates.share(); enough {
			b.RecordDatabaseprobeTransactionRollbackRatioDataPoint(now, share)
		}
	}
	if running := f.Running; running != nil {
		b.RecordDatabaseprobeTransactionLongestDataPoint(now, running.Longest.Seconds())
		if running.Idle != nil {
			b.RecordDatabaseprobeTransactionIdleDataPoint(now, running.Idle.Seconds())
		}
		b.RecordDatabaseprobeSessionWaitingDataPoint(now, running.Waiting)
		b.RecordDatabaseprobeLockLongestDataPoint(now, running.LongestWait.Seconds())
	}
	if queue := f.Queue; queue != nil {
		b.RecordDatabaseprobeQueueWaitingDataPoint(now, queue.Waiting)
		b.RecordDatabaseprobeQueueLongestDataPoint(now, queue.Longest.Seconds())
	}
	if f.Lag != nil {
		b.RecordDatabaseprobeReplicationLagDataPoint(now, f.Lag.Seconds())
	}
	if f.Replica != nil {
		follows := int64(0)
		if f.Replica.State == check.Following {
			follows = 1
		}
		b.RecordDatabaseprobeReplicationUpDataPoint(now, follows)
	}
	if f.Wraparound != nil {
		b.RecordDatabaseprobeWraparoundUtilizationDataPoint(now, f.Wraparound.Share)
	}
	if f.Memory != nil {
		b.RecordDatabaseprobeMemoryUtilizationDataPoint(now, *f.Memory)
	}
}

// recordMissing says whether the user is told all.
func (r *recorder) recordMissing(f *check.Figures, now pcommon.Timestamp) {
	if len(f.Missing) == 0 {
		r.builder.RecordDatabaseprobeDegradedDataPoint(now, 0)
	}
	for _, grant := range f.Missing {
		r.builder.RecordDatabaseprobeDegradedDataPoint(now, 1, metadata.WithDatabaseprobeGrantMetricAttribute(grant))
	}
}

func (r *recorder) emit() pmetric.Metrics { return r.builder.Emit() }
