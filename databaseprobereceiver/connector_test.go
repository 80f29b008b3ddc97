//go:build servers

package databaseprobereceiver

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/connector"
	"go.opentelemetry.io/collector/connector/connectortest"
	"go.opentelemetry.io/collector/consumer/consumertest"

	"github.com/failuredetector/failuredetector/failure"
	"github.com/failuredetector/failuredetector/failuredetectorconnector"
)

// incidents is a connector that gets what a probe tells.
type incidents struct {
	*harness
	connector connector.Logs
	events    *consumertest.LogsSink
}

func newIncidents(h *harness) *incidents {
	h.t.Helper()
	i := &incidents{harness: h, events: new(consumertest.LogsSink)}
	factory := failuredetectorconnector.NewFactory()
	var err error
	i.connector, err = factory.CreateLogsToLogs(h.t.Context(), connectortest.NewNopSettings(factory.Type()), factory.CreateDefaultConfig(), i.events)
	require.NoError(h.t, err)
	require.NoError(h.t, i.connector.Start(context.Background(), componenttest.NewNopHost()))
	h.t.Cleanup(func() { require.NoError(h.t, i.connector.Shutdown(context.Background())) })
	return i
}

// scan scans once and hands on what is told.
func (i *incidents) scan() {
	i.t.Helper()
	i.harness.scan()
	require.NoError(i.t, i.connector.ConsumeLogs(context.Background(), i.last.Events))
}

// have says whether there is an incident of a type of which the connector tells by an event.
func (i *incidents) have(event, failureType string) bool {
	for _, logs := range i.events.AllLogs() {
		for _, rl := range logs.ResourceLogs().All() {
			for _, lr := range rl.ScopeLogs().At(0).LogRecords().All() {
				is, _ := lr.Attributes().Get(failure.AttrType)
				_, incident := lr.Attributes().Get(failure.AttrIncidentID)
				if lr.EventName() == event && is.AsString() == failureType && incident {
					return true
				}
			}
		}
	}
	return false
}

// await waits for such an event: the connector sends when it comes to it.
func (i *incidents) await(event, failureType string) {
	i.t.Helper()
	require.Eventually(i.t, func() bool { return i.have(event, failureType) }, 5*time.Second, 20*time.Millisecond, "%s %s", event, failureType)
}

// TestFailuresOfServersBecomeIncidents wants each failure to open an incident of its type within one interval, and to
// resolve it when it is over.
func TestFailuresOfServersBecomeIncidents(t *testing.T) {
	for name, tc := range map[string]struct {
		failureType string
		make        func(*testing.T) trouble
	}{
		"a server that is stopped":             {typeConnection, stopped},
		"a server killed during a check":       {typeConnection, killed},
		"a wrong password":                     {typeConnection, wrongPassword},
		"a certificate that is not trusted":    {typeConnection, wrongCertificate},
		"as many connections as there can be":  {typePool, full},
		"a pooler without servers to give":     {typePool, queued},
		"a deadlock":                           {typeRollback, deadlocked},
		"transactions that are rolled back":    {typeRollback, rolledBack},
		"a wait for a lock":                    {typeTimeout, locked},
		"a statement that takes too long":      {typeTimeout, slow},
		"a transaction that waits for nothing": {typeTimeout, idle},
		"a database that never answers":        {typeTimeout, mute},
		"an endpoint that never answers":       {typeNetwork, muteEndpoint},
		"a replica that an error stops":        {typeConnection, brokenReplica},
	} {
		t.Run(name, func(t *testing.T) {
			is := tc.make(t)
			h := newHarness(t, is.target)
			if is.change != nil {
				is.change(h.probe.targets[0].signals)
			}
			i := newIncidents(h)
			for range 4 { // What is so since the start is judged, and found well.
				i.scan()
			}
			require.False(t, i.have(failure.EventOpened, tc.failureType))
			is.fail()
			i.scan()
			i.await(failure.EventOpened, tc.failureType)
			require.False(t, i.have(failure.EventResolved, tc.failureType))
			is.end()
			for range 15 { // Rates are about five minutes.
				i.scan()
			}
			i.await(failure.EventResolved, tc.failureType)
		})
	}
}
