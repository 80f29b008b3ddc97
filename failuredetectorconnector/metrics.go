package failuredetectorconnector

import (
	"context"
	"time"

	"go.opentelemetry.io/collector/connector"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.uber.org/zap"

	"github.com/failuredetector/failuredetector/failure"
	"github.com/failuredetector/failuredetector/failuredetectorconnector/internal/metadata"
	"github.com/failuredetector/failuredetector/internal/circuit"
	"github.com/failuredetector/failuredetector/internal/incident"
)

const (
	// peerKey and stateAttribute tell the series of failure.circuit.state apart.
	peerKey        = "service.peer.name"
	stateAttribute = "state"
)

// overflowKey marks a series that stands for all beyond a limit, as the SDKs do.
const overflowKey = "otel.metric.overflow"

// metricsWriter writes the derived metrics.
type metricsWriter struct {
	config   *Config
	resource pcommon.Resource
	version  string
	lastSent int64
}

func newMetricsWriter(config *Config, set connector.Settings, instanceID string) *metricsWriter {
	w := &metricsWriter{config: config, resource: pcommon.NewResource(), version: set.BuildInfo.Version}
	set.Resource.CopyTo(w.resource)
	if instanceID != "" {
		w.resource.Attributes().PutStr(serviceInstanceID, instanceID)
	}
	return w
}

// sendMetrics sends the derived metrics. Those that cannot be sent are in the next ones: a sum says
// all that came before, and a delta counts from what was sent.
func (c *core) sendMetrics(ctx context.Context, now time.Time) {
	c.sending.Lock()
	defer c.sending.Unlock()
	next := c.metricsConsumer()
	if next == nil {
		c.forgetEnded()
		return
	}
	c.mu.Lock()
	metrics, commit := c.metrics.write(c.state, now.UnixNano())
	c.mu.Unlock()
	if metrics.DataPointCount() == 0 {
		return
	}
	if err := next.ConsumeMetrics(ctx, metrics); err != nil {
		c.logger.Warn("derived metrics could not be sent; the next ones include them", zap.Error(err))
		return
	}
	c.mu.Lock()
	commit()
	c.mu.Unlock()
}

// forgetEnded lets go of series that ended, where no pipeline takes metrics that would say so.
func (c *core) forgetEnded() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.state.TakeEnded()
	c.state.Circuits()
}

// metricsConsumer gives the way out for metrics. The caller holds the sending lock.
func (c *core) metricsConsumer() consumer.Metrics {
	for _, e := range c.edges {
		if e.metrics != nil && !e.stopped {
			return e.metrics
		}
	}
	return nil
}

// sum is a metric whose series the state keeps.
type sum struct {
	name, description, unit string
	family                  *incident.Family
	ended                   []*incident.Series
	monotonic               bool
}

// write gives the metrics of a moment, and what notes that they were sent.
func (w *metricsWriter) write(state *incident.State, now int64) (metrics pmetric.Metrics, commit func()) {
	metrics = pmetric.NewMetrics()
	rm := metrics.ResourceMetrics().AppendEmpty()
	w.resource.CopyTo(rm.Resource())
	sm := rm.ScopeMetrics().AppendEmpty()
	sm.Scope().SetName(metadata.ScopeName)
	sm.Scope().SetVersion(w.version)

	ended := state.TakeEnded()
	sums := []sum{
		{"failure.occurrences", "Failures, each counted once.", "{failure}", state.Occurrences, ended.Occurrences, true},
		{"failure.incident.active", "Incidents that go on.", "{incident}", state.Active, ended.Active, false},
		{"failure.incident.transitions", "Changes of incidents.", "{transition}", state.Transitions, ended.Transitions, true},
		{"failure.unclassified", "Exceptions that no rule recognised.", "{record}", state.Unclassified, ended.Unclassified, true},
	}
	sent := map[*incident.Series]int64{}
	for i := range sums {
		w.writeSum(sm.Metrics(), &sums[i], now, sent)
	}
	if w.config.Duties.Incidents {
		w.writeGauges(sm.Metrics(), state, ended.Groups, now)
	}
	return metrics, func() {
		for series, value := range sent {
			series.Delivered, series.Begun, series.Exemplar = value, true, incident.Exemplar{}
		}
		w.lastSent = now
	}
}

func (w *metricsWriter) writeSum(metrics pmetric.MetricSlice, s *sum, now int64, sent map[*incident.Series]int64) {
	if len(s.family.Series)+len(s.ended) == 0 {
		return
	}
	m := metrics.AppendEmpty()
	m.SetName(s.name)
	m.SetDescription(s.description)
	m.SetUnit(s.unit)
	data := m.SetEmptySum()
	data.SetIsMonotonic(s.monotonic)
	data.SetAggregationTemporality(pmetric.AggregationTemporalityCumulative)
	delta := s.monotonic && w.config.Metrics.Temporality == Delta
	if delta {
		data.SetAggregationTemporality(pmetric.AggregationTemporalityDelta)
	}
	points := data.DataPoints()
	points.EnsureCapacity(len(s.family.Series))
	for _, series := range s.family.Series {
		if delta {
			w.writeDelta(points, s.family, series, now)
		} else {
			w.writeCumulative(points, s.family, series, now)
		}
		sent[series] = series.Value
	}
	if delta {
		return // A delta ends by not being sent.
	}
	for _, series := range s.ended {
		point := w.point(points, s.family, series, now)
		point.SetStartTimestamp(pcommon.Timestamp(series.Start))
		point.SetFlags(pmetric.DefaultDataPointFlags.WithNoRecordedValue(true))
	}
}

// writeCumulative writes a count from its beginning. A series that begins is sent as 0 at its start
// first, so that a backend sees its first failures as an increase.
func (w *metricsWriter) writeCumulative(points pmetric.NumberDataPointSlice, f *incident.Family, series *incident.Series, now int64) {
	if !series.Begun {
		zero := w.point(points, f, series, series.Start)
		zero.SetStartTimestamp(pcommon.Timestamp(series.Start))
		zero.SetIntValue(0)
	}
	point := w.point(points, f, series, now)
	point.SetStartTimestamp(pcommon.Timestamp(series.Start))
	point.SetIntValue(series.Value)
	writeExemplar(point, series)
}

func (w *metricsWriter) writeDelta(points pmetric.NumberDataPointSlice, f *incident.Family, series *incident.Series, now int64) {
	n := series.Value - series.Delivered
	if n == 0 {
		return
	}
	point := w.point(points, f, series, now)
	point.SetStartTimestamp(pcommon.Timestamp(max(series.Start, w.lastSent)))
	point.SetIntValue(n)
	writeExemplar(point, series)
}

func (w *metricsWriter) point(points pmetric.NumberDataPointSlice, f *incident.Family, series *incident.Series, at int64) pmetric.NumberDataPoint {
	point := points.AppendEmpty()
	point.SetTimestamp(pcommon.Timestamp(at))
	attributes := point.Attributes()
	if series.Group != nil {
		w.writeGroup(attributes, series.Group)
	}
	for i, value := range series.Labels {
		attributes.PutStr(f.Labels[i], value)
	}
	if series.Overflow || series.Group != nil && series.Group.Overflow {
		attributes.PutBool(overflowKey, true)
	}
	return point
}

func (w *metricsWriter) writeGroup(attributes pcommon.Map, g *incident.Group) {
	for i, key := range w.config.GroupBy {
		if g.Values[i] != "" {
			attributes.PutStr(key, g.Values[i])
		}
	}
	if !w.config.Metrics.Carry {
		return
	}
	for _, a := range g.Carried {
		attributes.PutStr(a.Key, a.Value)
	}
}

func writeExemplar(point pmetric.NumberDataPoint, series *incident.Series) {
	e := &series.Exemplar
	if e.Time == 0 {
		return
	}
	exemplar := point.Exemplars().AppendEmpty()
	exemplar.SetTimestamp(pcommon.Timestamp(e.Time))
	exemplar.SetIntValue(1)
	exemplar.SetTraceID(e.TraceID)
	exemplar.SetSpanID(e.SpanID)
	exemplar.FilteredAttributes().PutStr(failure.AttrFingerprint, e.Fingerprint)
}

func (w *metricsWriter) writeGauges(metrics pmetric.MetricSlice, state *incident.State, ended []*incident.Group, now int64) {
	groups := state.Groups()
	if len(groups)+len(ended) == 0 {
		return
	}
	health := newGauge(metrics, "failure.health.score", "How well a group is, from 1 to 0.")
	for _, g := range groups {
		w.gaugePoint(health, g, now).SetDoubleValue(state.Health(g))
	}
	thresholds := pmetric.NewMetricSlice()
	used := newGauge(thresholds, "failure.threshold.utilization", "Failures within the hour as a share of their threshold.")
	for _, g := range groups {
		for _, use := range state.Uses(g) {
			point := w.gaugePoint(used, g, now)
			point.Attributes().PutStr(failure.AttrThresholdName, use.Threshold)
			point.SetDoubleValue(use.Share)
		}
	}
	for _, g := range ended {
		w.gaugePoint(health, g, now).SetFlags(pmetric.DefaultDataPointFlags.WithNoRecordedValue(true))
		for _, use := range state.Uses(g) {
			point := w.gaugePoint(used, g, now)
			point.Attributes().PutStr(failure.AttrThresholdName, use.Threshold)
			point.SetFlags(pmetric.DefaultDataPointFlags.WithNoRecordedValue(true))
		}
	}
	if used.Len() > 0 {
		thresholds.MoveAndAppendTo(metrics)
	}
	w.writeCircuits(metrics, state, now)
}

// writeCircuits tells the state of calls that were broken once: 1 for the one that it is, 0 for the others.
func (w *metricsWriter) writeCircuits(metrics pmetric.MetricSlice, state *incident.State, now int64) {
	circuits, ended := state.Circuits()
	if len(circuits)+len(ended) == 0 {
		return
	}
	points := newGauge(metrics, "failure.circuit.state", "What a circuit breaker between a service and what it calls would be.")
	metrics.At(metrics.Len() - 1).SetUnit("")
	point := func(c incident.Circuit, named circuit.State) pmetric.NumberDataPoint {
		p := w.gaugePoint(points, c.Group, now)
		p.Attributes().PutStr(peerKey, c.Peer)
		p.Attributes().PutStr(stateAttribute, named.String())
		return p
	}
	for _, c := range circuits {
		for _, named := range circuit.States() {
			value := int64(0)
			if named == c.State {
				value = 1
			}
			point(c, named).SetIntValue(value)
		}
	}
	for _, c := range ended {
		for _, named := range circuit.States() {
			point(c, named).SetFlags(pmetric.DefaultDataPointFlags.WithNoRecordedValue(true))
		}
	}
}

func newGauge(metrics pmetric.MetricSlice, name, description string) pmetric.NumberDataPointSlice {
	m := metrics.AppendEmpty()
	m.SetName(name)
	m.SetDescription(description)
	m.SetUnit("1")
	return m.SetEmptyGauge().DataPoints()
}

func (w *metricsWriter) gaugePoint(points pmetric.NumberDataPointSlice, g *incident.Group, now int64) pmetric.NumberDataPoint {
	point := points.AppendEmpty()
	point.SetTimestamp(pcommon.Timestamp(now))
	w.writeGroup(point.Attributes(), g)
	if g.Overflow {
		point.Attributes().PutBool(overflowKey, true)
	}
	return point
}
