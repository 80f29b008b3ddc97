package probe

import (
	"context"
	"sync"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/receiver"
	"go.opentelemetry.io/collector/receiver/receiverhelper"
	"go.uber.org/zap"
)

const (
	// format is how the Collector's own telemetry calls what is received.
	format = "pdata"
	// maxUnsent bounds the events that wait until what follows takes them again.
	maxUnsent = 1000
)

// outlet is the receiver of one kind of telemetry: where what a collection gives is sent to.
type outlet struct {
	shared *shared
	logger *zap.Logger
	report *receiverhelper.ObsReport
	// One of them is where it leads to; the other is nil.
	metrics consumer.Metrics
	events  consumer.Logs

	// sending is held while something is sent, so that nothing is sent once it has stopped.
	sending sync.Mutex
	running context.Context //nolint:containedctx // It ends what is being sent when the outlet stops.
	cancel  context.CancelFunc
	started bool
	stop    sync.Once

	// unsent are the events that what follows did not take. One that is lost is not made up for: that a
	// condition is over is said once.
	unsent plog.Logs
}

func newOutlet(set receiver.Settings) (*outlet, error) {
	report, err := receiverhelper.NewObsReport(receiverhelper.ObsReportSettings{ReceiverID: set.ID, ReceiverCreateSettings: set})
	if err != nil {
		return nil, err
	}
	o := &outlet{logger: set.Logger, report: report, unsent: plog.NewLogs()}
	o.running, o.cancel = context.WithCancel(context.Background())
	return o, nil
}

// Start lets it send, and sets the collection going where it is the first.
func (o *outlet) Start(ctx context.Context, host component.Host) error {
	if err := o.shared.join(ctx, host); err != nil {
		return err
	}
	o.sending.Lock()
	defer o.sending.Unlock()
	o.started = true
	return nil
}

// Shutdown lets it send no more, and ends the collection where it is the last.
func (o *outlet) Shutdown(ctx context.Context) error {
	var err error
	o.stop.Do(func() {
		o.cancel()
		o.sending.Lock()
		started := o.started
		o.started = false
		o.sending.Unlock()
		o.shared.registry.remove(o)
		if started {
			err = o.shared.leave(ctx)
		}
	})
	return err
}

// within ends what is sent with the collection or with the outlet, whichever ends first.
func (o *outlet) within(ctx context.Context) (context.Context, context.CancelFunc) {
	sending, cancel := context.WithCancel(ctx)
	stop := context.AfterFunc(o.running, cancel)
	return sending, func() { stop(); cancel() }
}

func (o *outlet) sendMetrics(ctx context.Context, metrics pmetric.Metrics) {
	o.sending.Lock()
	defer o.sending.Unlock()
	n := metrics.DataPointCount()
	if !o.started || n == 0 {
		return
	}
	ctx, cancel := o.within(ctx)
	defer cancel()
	ctx = o.report.StartMetricsOp(ctx)
	err := o.metrics.ConsumeMetrics(ctx, metrics)
	o.report.EndMetricsOp(ctx, format, n, err)
}

func (o *outlet) sendEvents(ctx context.Context, events plog.Logs) {
	o.sending.Lock()
	defer o.sending.Unlock()
	if !o.started {
		return
	}
	events.ResourceLogs().MoveAndAppendTo(o.unsent.ResourceLogs())
	n := o.unsent.LogRecordCount()
	if n == 0 {
		return
	}
	sent := plog.NewLogs()
	o.unsent.CopyTo(sent)
	ctx, cancel := o.within(ctx)
	defer cancel()
	ctx = o.report.StartLogsOp(ctx)
	err := o.events.ConsumeLogs(ctx, sent)
	o.report.EndLogsOp(ctx, format, n, err)
	if err == nil || consumererror.IsPermanent(err) {
		o.unsent = plog.NewLogs()
		return
	}
	o.forget(n)
}

// forget drops the oldest events where too many wait.
func (o *outlet) forget(n int) {
	dropped := 0
	o.unsent.ResourceLogs().RemoveIf(func(rl plog.ResourceLogs) bool {
		if n-dropped <= maxUnsent {
			return false
		}
		for _, sl := range rl.ScopeLogs().All() {
			dropped += sl.LogRecords().Len()
		}
		return true
	})
	if dropped > 0 {
		o.logger.Warn("events were dropped, since what follows has not taken any for long", zap.Int("events", dropped))
	}
}
