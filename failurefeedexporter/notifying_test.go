package failurefeedexporter

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/metric/metricdata/metricdatatest"
	"go.yaml.in/yaml/v3"

	"github.com/failuredetector/failuredetector/failure"
	"github.com/failuredetector/failuredetector/failurefeedexporter/internal/metadatatest"
	"github.com/failuredetector/failuredetector/failurefeedexporter/internal/notify"
)

// delivery is what a destination got.
type delivery struct {
	id   string
	body []byte
}

// destination is a server that is notified.
type destination struct {
	t   *testing.T
	url string
	got chan delivery
}

func newDestination(t *testing.T) *destination {
	t.Helper()
	d := &destination{t: t, got: make(chan delivery, 100)}
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if body, err := io.ReadAll(r.Body); err == nil {
			d.got <- delivery{id: r.Header.Get("Webhook-Id"), body: body}
		}
	}))
	t.Cleanup(server.Close)
	d.url = server.URL
	return d
}

func (d *destination) next() delivery {
	d.t.Helper()
	select {
	case got := <-d.got:
		return got
	case <-time.After(patience):
		require.FailNow(d.t, "nothing arrives")
		return delivery{}
	}
}

// alert is an alert as Alertmanager gets it.
type alert struct {
	Labels       map[string]string `json:"labels"`
	EndsAt       time.Time         `json:"endsAt"`
	GeneratorURL string            `json:"generatorURL"`
}

func (d *destination) alerts() []alert {
	d.t.Helper()
	var list []alert
	got := d.next()
	require.NoError(d.t, json.Unmarshal(got.body, &list), "%s", got.body)
	return list
}

// notifying configures who is notified.
func notifying(t *testing.T, text string) func(*Config) {
	t.Helper()
	return func(c *Config) {
		var raw map[string]any
		require.NoError(t, yaml.Unmarshal([]byte(text), &raw))
		require.NoError(t, confmap.NewFromStringMap(map[string]any{"notify": raw}).Unmarshal(c))
		require.NoError(t, confmap.Validate(c))
	}
}

func TestEveryMessageOfTheStreamCanBeNotified(t *testing.T) {
	require.ElementsMatch(t, notify.EventTypes, slices.Collect(maps.Values(kinds)))
}

func TestWebhooksAreToldWhatTheStreamTells(t *testing.T) {
	d := newDestination(t)
	h := newHarness(t, notifying(t, "{webhooks: [{endpoint: '"+d.url+"'}, {endpoint: '"+d.url+"', events: [failure_ongoing]}]}"))
	client := h.webSocket("")
	client.next()
	h.send(incident("a", 1, failure.EventOpened))
	opened := d.next()
	require.Equal(t, "a-1", opened.id, "the id of the event, the same from each feed that is told of it")
	require.Equal(t, client.next(), decode(t, string(opened.body)))

	h.send(probe(failure.EventObserved, "high", start))
	require.Equal(t, client.next()["event_id"], d.next().id, "a probe numbers nothing")

	h.send(incident("a", 2, failure.EventOngoing))
	require.Equal(t, "a-2", d.next().id, "reminders go to who wants them")
	h.send(incident("a", 3, failure.EventResolved))
	require.Equal(t, "a-3", d.next().id)

	h.send(incident("b", 1, failure.EventOpened))
	require.Equal(t, "b-1", d.next().id)
	h.feed.tellStale(time.Now().Add(24 * time.Hour))
	require.ElementsMatch(t, []bool{true, false}, []bool{d.next().id == "b-1-stale", d.next().id == "b-1-stale"}, "what was found out later is no repetition")
}

func TestWhoWantsAHostIsToldOfIt(t *testing.T) {
	d := newDestination(t)
	h := newHarness(t, notifying(t, "{webhooks: [{endpoint: '"+d.url+"', services: [node-7]}]}"))
	on := func(host string) plog.Logs {
		logs := incident(host, 1, failure.EventOpened)
		logs.ResourceLogs().At(0).Resource().Attributes().Clear()
		logs.ResourceLogs().At(0).Resource().Attributes().PutStr("host.name", host)
		return logs
	}
	h.send(on("node-6"), on("node-7"))
	require.Equal(t, "node-7-1", d.next().id, "as service= of the API names it")
}

func TestAlertsOfAnIncident(t *testing.T) {
	d := newDestination(t)
	h := newHarness(t, notifying(t, "{external_url: 'https://feed.example/', alertmanager: [{endpoint: '"+d.url+"', resend_interval: 100ms}]}"))
	h.send(incident("a b", 1, failure.EventOpened))
	told := d.alerts()
	require.Len(t, told, 1)
	require.Equal(t, "checkout", told[0].Labels["service_name"])
	require.Equal(t, "DATABASE_TIMEOUT", told[0].Labels["alertname"])
	require.Equal(t, "https://feed.example/#a%20b", told[0].GeneratorURL)
	require.Equal(t, told[0].Labels, d.alerts()[0].Labels, "and again")

	h.send(incident("a b", 2, failure.EventResolved))
	for d.alerts()[0].EndsAt.After(time.Now()) {
		continue // Of what was told before, some may be on its way.
	}
}

// TestVictimsOfACascade follows an incident that was announced before its origin was known: the connector
// says once that the cascade explains it, and once that it goes on all the same.
func TestVictimsOfACascade(t *testing.T) {
	h := newHarness(t, nil)
	held := func() map[string]bool {
		list := map[string]bool{}
		for _, f := range h.feed.notable() {
			list[f.ID] = f.Held
		}
		return list
	}
	byCascade := with(map[string]any{failure.AttrSuppressedBy: "c"})
	for i, step := range []struct {
		event plog.Logs
		want  bool
	}{
		{incident("a", 1, failure.EventOpened), false},
		{incident("a", 2, failure.EventOngoing, byCascade), true},
		{incident("a", 3, failure.EventOngoing, byCascade), false},
		{incident("a", 4, failure.EventOngoing), false},
		{incident("late", 1, failure.EventOpened, byCascade), false},
	} {
		h.send(step.event)
		require.Equal(t, step.want, held()["a"], "step %d", i)
	}
	require.False(t, held()["late"], "one that is announced after all speaks for itself")
}

func TestAlertsGoOnAfterARestart(t *testing.T) {
	s, d := &shelf{content: map[string][]byte{}}, newDestination(t)
	change := func(c *Config) {
		s.use(c)
		notifying(t, "{alertmanager: [{endpoint: '"+d.url+"'}]}")(c)
	}
	// live gives the labels of what was told that it goes on, once a victim is among it.
	live := func() []map[string]string {
		for {
			var list []map[string]string
			victim := false
			for _, a := range d.alerts() {
				if a.EndsAt.After(time.Now()) {
					list = append(list, a.Labels)
					victim = victim || a.Labels["failure_cascade"] == "victim"
				}
			}
			if victim {
				return list
			}
		}
	}
	var before []map[string]string
	t.Run("before", func(t *testing.T) {
		h := newHarness(t, change, hostWith{shelfID: s})
		h.send(incident("a", 1, failure.EventOpened), incident("a", 2, failure.EventOngoing, with(map[string]any{failure.AttrSuppressedBy: "c"})),
			incident("c", 1, failure.EventOpened, with(map[string]any{failure.AttrType: failure.TypeCascade, failure.AttrOrigin: "stock"})))
		before = live()
	})
	t.Run("after", func(t *testing.T) {
		newHarness(t, change, hostWith{shelfID: s})
		after := live()
		require.Len(t, after, 2)
		require.Subset(t, after, before, "with the same labels")
	})
}

func TestLostNotificationsAreCounted(t *testing.T) {
	d := newDestination(t)
	h := newHarness(t, notifying(t, "{webhooks: [{endpoint: '"+d.url+"', template: '{{if gt .Count 5}}{{index .Path 99}}{{end}}1'}]}"))
	h.send(incident("a", 6, failure.EventOpened), incident("b", 1, failure.EventOpened))
	require.Equal(t, "b-1", d.next().id)
	metadatatest.AssertEqualExporterFailureFeedDroppedNotifications(t, h.reading, []metricdata.DataPoint[int64]{{
		Value: 1, Attributes: attribute.NewSet(attribute.String("exporter", h.feed.settings.ID.String()+"/webhooks/0"), attribute.String("reason", "template")),
	}}, metricdatatest.IgnoreTimestamp())
	require.Eventually(t, func() bool {
		sent, err := h.reading.GetMetric("otelcol_exporter_sent_log_records")
		if err != nil {
			return false // It is counted once the answer is there.
		}
		points := sent.Data.(metricdata.Sum[int64]).DataPoints
		by, _ := points[0].Attributes.Value("exporter")
		return len(points) == 1 && points[0].Value == 1 && by.AsString() == h.feed.settings.ID.String()+"/webhooks/0"
	}, patience, time.Millisecond, "what was sent is counted as for any exporter")
}
