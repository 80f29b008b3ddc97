package notify

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/exporter"
	"go.opentelemetry.io/collector/exporter/exporterhelper"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.uber.org/zap"
)

// farewell is how long a destination has at the end to take what waits for it.
const farewell = 5 * time.Second

// attrID is the attribute of a record in the queue that has the id of what it is.
const attrID = "id"

// outbox is the way to one destination. What is sent waits in the Collector's queue as log records, so that
// queue, storage, retries and what is counted of them are those of every exporter.
type outbox struct {
	id       component.ID
	logger   *zap.Logger
	exporter exporter.Logs
	poster   *poster
	// quotes says that errors may quote what the destination answers.
	quotes bool
	// stop tells the worker that nothing more comes, and worker waits for it.
	stop   chan struct{}
	worker sync.WaitGroup
	// life ends what is on its way when cut is called.
	life context.Context //nolint:containedctx // Requests of the queue have a context that never ends.
	cut  context.CancelFunc
}

// open makes the way to an address. The name is that of the destination in the configuration.
func (o *outbox) open(ctx context.Context, name, address string, d *Delivery, set exporter.Settings, host component.Host, push consumer.ConsumeLogsFunc) error {
	set.ID = destinationID(set.ID, name)
	set.Logger = set.Logger.With(zap.String("destination", name))
	o.id, o.logger, o.stop = set.ID, set.Logger, make(chan struct{})
	o.life, o.cut = context.WithCancel(context.Background())
	var err error
	if o.poster, err = newPoster(ctx, d, address, host, set.TelemetrySettings); err != nil {
		return fmt.Errorf("notify: %s: %w", name, err)
	}
	o.poster.quotes = o.quotes
	o.exporter, err = exporterhelper.NewLogs(ctx, set, d, push,
		exporterhelper.WithQueue(d.Queue), exporterhelper.WithRetry(d.Retry),
		exporterhelper.WithTimeout(exporterhelper.TimeoutConfig{})) // The client has its own.
	if err != nil {
		return fmt.Errorf("notify: %s: %w", name, err)
	}
	if err := o.exporter.Start(ctx, host); err != nil {
		return errors.Join(fmt.Errorf("notify: %s: %w", name, err), o.exporter.Shutdown(ctx))
	}
	return nil
}

// destinationID is what metrics call a destination of a feed: failure_feed/webhooks/0.
func destinationID(feed component.ID, name string) component.ID {
	if feed.Name() != "" {
		name = feed.Name() + "/" + name
	}
	return component.NewIDWithName(feed.Type(), name)
}

// enqueue puts records into the queue. What finds no room there is counted and said by it.
func (o *outbox) enqueue(logs plog.Logs) { _ = o.exporter.ConsumeLogs(o.life, logs) }

// post sends one request. It ends with the context and with the destination.
func (o *outbox) post(ctx context.Context, header http.Header, body []byte) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(o.life, cancel)()
	header.Set("Content-Type", "application/json")
	return o.poster.post(ctx, header, body)
}

// addRecord adds what is sent to those that are sent with it.
func addRecord(logs plog.Logs, id string, body []byte) {
	if logs.ResourceLogs().Len() == 0 {
		logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty()
	}
	lr := logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().AppendEmpty()
	lr.Attributes().PutStr(attrID, id)
	lr.Body().SetEmptyBytes().FromRaw(body)
}

// records gives what a request of the queue has.
func records(logs plog.Logs) []plog.LogRecord {
	var list []plog.LogRecord
	for _, rl := range logs.ResourceLogs().All() {
		for _, sl := range rl.ScopeLogs().All() {
			for _, lr := range sl.LogRecords().All() {
				list = append(list, lr)
			}
		}
	}
	return list
}

// close sends what waits, and gives up what does not get through by the farewell or the end of the context.
func (o *outbox) close(ctx context.Context) error {
	limited, cancel := context.WithTimeout(ctx, farewell)
	defer cancel()
	defer context.AfterFunc(limited, o.cut)()
	close(o.stop)
	o.worker.Wait()
	err := o.exporter.Shutdown(ctx)
	o.cut()
	o.poster.client.CloseIdleConnections()
	return err
}
