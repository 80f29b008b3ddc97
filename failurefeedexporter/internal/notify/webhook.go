package notify

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"slices"
	"strings"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/exporter"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.uber.org/zap"
)

// maxWaiting is how many events wait to be written for one webhook. Writing takes microseconds.
const maxWaiting = 1024

// Reasons for which an event is not put into the queue of its destination.
const (
	// ReasonOverflow is that more events came than could be written.
	ReasonOverflow = "overflow"
	// ReasonTemplate is that the template makes nothing of it.
	ReasonTemplate = "template"
)

// webhook tells one receiver of each event that it wants.
type webhook struct {
	outbox
	config  *WebhookConfig
	body    body
	signer  signer
	waiting chan *Event
	dropped func(id component.ID, reason string)
	// failing says that the template made nothing of the last event.
	failing bool
}

func startWebhook(ctx context.Context, name string, config *WebhookConfig, set exporter.Settings, host component.Host, dropped func(component.ID, string)) (*webhook, error) {
	w := &webhook{config: config, waiting: make(chan *Event, maxWaiting), dropped: dropped}
	var err error
	if w.body, err = newBody(config); err != nil {
		return nil, err
	}
	if config.Secret != nil {
		if w.signer, err = newSigner(string(*config.Secret)); err != nil {
			return nil, err
		}
	}
	if err := w.open(ctx, name, config.HTTP.Endpoint, &config.Delivery, set, host, w.push); err != nil {
		return nil, err
	}
	w.worker.Go(w.run)
	return w, nil
}

// tell never waits.
func (w *webhook) tell(e *Event) {
	if !slices.Contains(w.config.Events, e.Type) || !w.config.wants(e.Failure) {
		return
	}
	select {
	case w.waiting <- e:
	default:
		w.dropped(w.id, ReasonOverflow)
	}
}

func (w *webhook) run() {
	for {
		select {
		case e := <-w.waiting:
			w.write(e)
		case <-w.stop:
			for {
				select {
				case e := <-w.waiting:
					w.write(e)
				default:
					return
				}
			}
		}
	}
}

// write puts a request into the queue.
func (w *webhook) write(e *Event) {
	told := *e
	told.ID = headerSafe(e.ID)
	text, err := w.body.make(&told)
	if err != nil {
		if !w.failing {
			w.logger.Error("the template makes nothing of an event", zap.Error(err))
		}
		w.failing = true
		w.dropped(w.id, ReasonTemplate)
		return
	}
	w.failing = false
	logs := plog.NewLogs()
	addRecord(logs, told.ID, text)
	w.enqueue(logs)
}

func (w *webhook) push(ctx context.Context, logs plog.Logs) error {
	for _, lr := range records(logs) {
		id, _ := lr.Attributes().Get(attrID)
		text := lr.Body().Bytes().AsRaw()
		header := http.Header{}
		w.signer.sign(header, id.Str(), time.Now(), text)
		if err := w.post(ctx, header, text); err != nil {
			return err
		}
	}
	return nil
}

// headerSafe gives an id that may stand in a header and before a dot. A sender chose it.
func headerSafe(id string) string {
	strange := func(r rune) bool {
		return r != '-' && r != '_' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	}
	if id != "" && len(id) <= 128 && !strings.ContainsFunc(id, strange) {
		return id
	}
	sum := sha256.Sum256([]byte(id))
	return hex.EncodeToString(sum[:16])
}
