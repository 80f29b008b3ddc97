package notify

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/exporter"
)

// Settings are what a notifier needs of the feed.
type Settings struct {
	Exporter exporter.Settings
	// Failures gives what goes on, is predicted, or is stale.
	Failures func() []*Failure
	// Dropped counts an event that did not get into the queue of a destination.
	Dropped func(destination component.ID, reason string)
}

// Notifier tells all destinations.
type Notifier struct {
	webhooks      []*webhook
	alertmanagers []*alertmanager
}

// Start opens the ways to all destinations. None of them has to be there.
func Start(ctx context.Context, config *Config, set *Settings, host component.Host) (*Notifier, error) {
	n := &Notifier{}
	for i := range config.Alertmanager {
		a, err := startAlertmanager(ctx, fmt.Sprintf("alertmanager/%d", i), &config.Alertmanager[i], set.Exporter, host, set.Failures)
		if err != nil {
			return nil, errors.Join(err, n.Shutdown(ctx))
		}
		n.alertmanagers = append(n.alertmanagers, a)
	}
	for i := range config.Webhooks {
		w, err := startWebhook(ctx, fmt.Sprintf("webhooks/%d", i), &config.Webhooks[i], set.Exporter, host, set.Dropped)
		if err != nil {
			return nil, errors.Join(err, n.Shutdown(ctx))
		}
		n.webhooks = append(n.webhooks, w)
	}
	return n, nil
}

// Tell tells of an event. It never waits.
func (n *Notifier) Tell(e *Event) {
	for _, w := range n.webhooks {
		w.tell(e)
	}
	for _, a := range n.alertmanagers {
		a.wake()
	}
}

// Shutdown gives all destinations the same while to take what waits for them.
func (n *Notifier) Shutdown(ctx context.Context) error {
	var all sync.WaitGroup
	faults := make([]error, len(n.webhooks)+len(n.alertmanagers))
	for i, w := range n.webhooks {
		all.Go(func() { faults[i] = w.close(ctx) })
	}
	for i, a := range n.alertmanagers {
		all.Go(func() { faults[len(n.webhooks)+i] = a.close(ctx) })
	}
	all.Wait()
	return errors.Join(faults...)
}
