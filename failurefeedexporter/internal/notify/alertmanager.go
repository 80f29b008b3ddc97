package notify

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/exporter"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.uber.org/zap"
)

const (
	// alertsPath is where Alertmanager takes alerts.
	alertsPath = "api/v2/alerts"
	// maxAlerts is how many are in one request, some hundred KB with texts as they are.
	maxAlerts = 64
	// pause is how long changes are gathered after some were told.
	pause = time.Second
)

// alertmanager tells one Alertmanager what goes on: changes at once, and all of it in intervals. It reads
// that where it is kept, so nothing is lost by what it missed.
type alertmanager struct {
	outbox
	config   *AlertmanagerConfig
	ledger   *ledger
	failures func() []*Failure
	changed  chan struct{}
}

func startAlertmanager(ctx context.Context, name string, config *AlertmanagerConfig, set exporter.Settings, host component.Host, failures func() []*Failure) (*alertmanager, error) {
	a := &alertmanager{config: config, ledger: newLedger(config), failures: failures, changed: make(chan struct{}, 1)}
	address, err := url.JoinPath(config.HTTP.Endpoint, alertsPath)
	if err != nil {
		return nil, withoutAddress(err)
	}
	a.quotes = true // What it says of an alert tells no secret.
	if err := a.open(ctx, name, address, &config.Delivery, set, host, a.push); err != nil {
		return nil, err
	}
	a.worker.Go(a.run)
	return a, nil
}

// wake says that something changed. It never waits.
func (a *alertmanager) wake() {
	select {
	case a.changed <- struct{}{}:
	default: // It is going to look anyway.
	}
}

func (a *alertmanager) run() {
	ticker := time.NewTicker(a.config.ResendInterval)
	defer ticker.Stop()
	a.tell(true)
	for {
		select {
		case <-ticker.C:
			a.tell(true)
		case <-a.changed:
			a.tell(false)
			select {
			case <-time.After(min(pause, a.config.ResendInterval)):
			case <-a.stop:
			}
		case <-a.stop:
			// What has ended is said; what goes on is left to who runs next, or ends by itself.
			a.tell(false)
			return
		}
	}
}

func (a *alertmanager) tell(all bool) {
	for batch := range slices.Chunk(a.ledger.next(time.Now().UTC(), a.failures(), all), maxAlerts) {
		logs := plog.NewLogs()
		for _, told := range batch {
			text, err := json.Marshal(told)
			if err != nil {
				a.logger.Error("an alert cannot be written as JSON", zap.Error(err))
				continue
			}
			addRecord(logs, "", text)
		}
		a.enqueue(logs)
	}
}

func (a *alertmanager) push(ctx context.Context, logs plog.Logs) error {
	list := records(logs)
	texts := make([][]byte, 0, len(list))
	for _, lr := range list {
		texts = append(texts, lr.Body().Bytes().AsRaw())
	}
	return a.post(ctx, http.Header{}, slices.Concat([]byte("["), bytes.Join(texts, []byte(",")), []byte("]")))
}
