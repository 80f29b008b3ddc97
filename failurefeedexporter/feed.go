package failurefeedexporter

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componentstatus"
	"go.opentelemetry.io/collector/config/confighttp"
	"go.opentelemetry.io/collector/exporter"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.uber.org/zap"

	"github.com/failuredetector/failuredetector/failure"
	"github.com/failuredetector/failuredetector/failurefeedexporter/internal/notify"
)

// sweepInterval is how often the feed looks for what is stale or long over, which are told in minutes, and
// how much a kill takes of what is saved.
const sweepInterval = 10 * time.Second

// feed keeps what failure events say and serves it.
type feed struct {
	config    *Config
	settings  exporter.Settings
	telemetry *telemetry
	reader    reader
	store     *store
	hub       *hub
	guard     *guard

	classifier *classifier
	saver      *saver
	notifier   *notify.Notifier

	// order is held from taking an event to telling of it, so that clients hear of a failure in the order in
	// which it is kept, though several pipelines may bring events at once.
	order sync.Mutex

	server *http.Server
	// stop ends what runs in the background, and background counts it.
	stop       context.CancelFunc
	background sync.WaitGroup
}

func newFeed(config *Config, set exporter.Settings) (*feed, error) {
	f := &feed{
		config: config, settings: set, reader: reader{traceURL: config.TraceURL, tenant: config.Tenant.ResourceAttribute},
		store: newStore(config, time.Now()), guard: newGuard(config),
		classifier: newClassifier(config.Rules),
	}
	var err error
	if f.telemetry, err = newTelemetry(set); err != nil {
		return nil, err
	}
	f.hub = newHub(config, set.Logger, f.telemetry.countMissed)
	return f, f.telemetry.observe(f)
}

// start listens. The background context is the feed's own: the one that is handed in ends with the start.
func (f *feed) start(ctx context.Context, host component.Host) error {
	if err := f.classifier.start(f.settings.Logger); err != nil {
		return err
	}
	var err error
	if f.saver, err = openSaver(ctx, f, host); err != nil {
		return errors.Join(err, f.classifier.close())
	}
	if err = f.startNotifier(ctx, host); err != nil {
		return errors.Join(err, f.saver.close(ctx), f.classifier.close())
	}
	if err = f.listen(ctx, host); err != nil {
		return errors.Join(err, f.notifier.Shutdown(ctx), f.saver.close(ctx), f.classifier.close())
	}
	return nil
}

func (f *feed) listen(ctx context.Context, host component.Host) error {
	listener, err := f.config.HTTP.ToListener(ctx)
	if err != nil {
		return fmt.Errorf("endpoint: %w", err)
	}
	f.server, err = f.config.HTTP.ToServer(ctx, host.GetExtensions(), f.settings.TelemetrySettings, f.routes(),
		confighttp.WithErrorHandler(f.refuse))
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	f.server.Handler = f.guard.protect(f.server.Handler)
	f.server.MaxHeaderBytes = maxHeaderBytes
	f.server.ConnState = newConnections(f.config).watch
	background, stop := context.WithCancel(context.Background())
	f.stop = stop
	f.background.Go(func() { f.serve(host, listener) })
	f.background.Go(func() { f.sweep(background) })
	f.background.Go(f.hub.wake)
	f.settings.Logger.Info("the failure feed listens", zap.Stringer("address", listener.Addr()))
	return nil
}

func (f *feed) serve(host component.Host, listener net.Listener) {
	if err := f.server.Serve(listener); err != nil && !errors.Is(err, http.ErrServerClosed) {
		componentstatus.ReportStatus(host, componentstatus.NewFatalErrorEvent(fmt.Errorf("serving: %w", err)))
	}
}

func (f *feed) sweep(ctx context.Context) {
	ticker := time.NewTicker(sweepInterval)
	defer ticker.Stop()
	for {
		select {
		case now := <-ticker.C:
			f.tellStale(now)
			f.saver.save(ctx)
		case <-ctx.Done():
			return
		}
	}
}

func (f *feed) tellStale(now time.Time) {
	f.order.Lock()
	defer f.order.Unlock()
	for _, stale := range f.store.sweep(now) {
		f.tell(failure.EventOngoing, stale)
	}
}

// refuse answers what confighttp refuses: who may not read, and bodies that it cannot read. A browser asks
// for a password only where it is told that one is wanted.
func (f *feed) refuse(w http.ResponseWriter, _ *http.Request, detail string, status int) {
	if status == http.StatusUnauthorized {
		// Why it was refused is nobody's business who was.
		detail = "this server wants to know who asks"
		w.Header().Set("WWW-Authenticate", f.challenge())
	}
	writeProblem(w, status, detail)
}

func (f *feed) challenge() string {
	if auth := f.config.HTTP.Auth.Get(); auth != nil && strings.Contains(auth.Config.AuthenticatorID.String(), "basic") {
		return `Basic realm="failure_feed", charset="UTF-8"`
	}
	return `Bearer realm="failure_feed"`
}

// shutdown ends the streams first, since a server waits for its answers to end.
func (f *feed) shutdown(ctx context.Context) error {
	defer f.telemetry.shutdown()
	if f.stop == nil {
		return nil
	}
	f.stop()
	err := f.hub.close(ctx)
	if stopped := f.server.Shutdown(ctx); stopped != nil {
		err = errors.Join(err, stopped, f.server.Close())
	}
	f.background.Wait()
	f.stop = nil
	return errors.Join(err, f.notifier.Shutdown(ctx), f.saver.close(ctx), f.classifier.close())
}

// consume takes failure events. It never waits: neither for a client nor for a disk.
func (f *feed) consume(ctx context.Context, logs plog.Logs) error {
	now := time.Now()
	var results [outcomes]int64
	for _, rl := range logs.ResourceLogs().All() {
		for _, sl := range rl.ScopeLogs().All() {
			for _, lr := range sl.LogRecords().All() {
				results[f.take(rl.Resource(), lr, now)]++
			}
		}
	}
	f.telemetry.countRecords(ctx, &results)
	return nil
}

func (f *feed) take(resource pcommon.Resource, lr plog.LogRecord, now time.Time) outcome {
	e, isEvent := f.reader.read(resource, lr, now)
	if !isEvent {
		return foreign
	}
	f.order.Lock()
	defer f.order.Unlock()
	shown, name, became := f.store.apply(e)
	if shown != nil {
		f.tell(name, shown)
	}
	return became
}
