package failurefeedexporter

import (
	"context"
	"net/url"
	"strconv"
	"strings"
	"time"

	"go.opentelemetry.io/collector/component"

	"github.com/failuredetector/failuredetector/failure"
	"github.com/failuredetector/failuredetector/failurefeedexporter/internal/notify"
)

func (f *feed) startNotifier(ctx context.Context, host component.Host) error {
	var err error
	f.notifier, err = notify.Start(ctx, &f.config.Notify, &notify.Settings{
		Exporter: f.settings, Failures: f.notable, Dropped: f.telemetry.countUnnotified,
	}, host)
	return err
}

// tell tells those who listen, and those who are notified.
func (f *feed) tell(name string, shown *shownFailure) {
	m := f.hub.publish(name, shown)
	if m == nil || len(f.config.Notify.Alertmanager)+len(f.config.Notify.Webhooks) == 0 {
		return
	}
	f.notifier.Tell(&notify.Event{Type: m.kind, ID: deliveryID(m), Message: m.text, Failure: f.notified(shown)})
}

// deliveryID is the id of an event wherever it is told. A probe numbers nothing, so only this feed can; and
// that a failure is stale may be found out by the clock alone.
func deliveryID(m *message) string {
	if m.failure.sequence == 0 {
		return m.id
	}
	id := m.failure.ID + "-" + strconv.FormatInt(m.failure.sequence, 10)
	if m.failure.Status == failure.StatusStale {
		return id + "-stale"
	}
	return id
}

// notable gives what is not over.
func (f *feed) notable() []*notify.Failure {
	kept := f.store.all(func(s *shownFailure) bool { return s.Status != failure.StatusResolved })
	list := make([]*notify.Failure, 0, len(kept))
	for _, s := range kept {
		list = append(list, f.notified(s))
	}
	return list
}

// heldBack says whether a failure that was announced is explained by another now. The connector says so in
// one event, and in the next that it goes on all the same.
func heldBack(last *shownFailure, e *event) bool {
	return e.name == failure.EventOngoing && e.SuppressedBy != "" && e.SuppressedBy != last.SuppressedBy
}

func (f *feed) notified(s *shownFailure) *notify.Failure {
	n := &notify.Failure{
		ID: s.ID, Status: s.Status, FailureType: s.FailureType, Severity: s.Severity, Category: s.Category, Service: s.Service, Place: s.place(),
		Entity: s.Entity, Rule: s.Rule, Fingerprint: s.Fingerprint, Message: s.Message, Count: s.Count,
		FirstSeen: s.FirstSeen, LastSeen: s.LastSeen, RootCause: s.RootCause,
		UserActionRequired: or(s.UserActionRequired), Transient: or(s.Transient), Confidence: or(s.Confidence),
		Origin: s.Origin, Path: s.Path, SuppressedBy: s.SuppressedBy, Held: s.held,
		PredictedEarliest: or(s.PredictedEarliest), PredictedLatest: or(s.PredictedLatest),
		Captures: s.Captures, Resource: s.Resource, TraceID: s.TraceID, TraceURL: s.TraceURL,
	}
	for _, step := range s.RecoverySteps {
		n.RecoverySteps = append(n.RecoverySteps, notify.Step{Do: step.Do, Risk: step.Risk})
	}
	for _, e := range s.Evidence {
		n.Evidence = append(n.Evidence, notify.Evidence{Kind: e.Kind, Text: e.Text})
	}
	if address := f.config.Notify.ExternalURL; address != "" {
		n.URL = strings.TrimSuffix(address, "/") + "/#" + url.PathEscape(s.ID)
	}
	return n
}

// or gives what a pointer points at, or nothing.
func or[T bool | float64 | time.Time](value *T) T {
	if value == nil {
		var none T
		return none
	}
	return *value
}
