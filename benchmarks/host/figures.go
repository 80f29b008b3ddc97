package main

import (
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"
)

// figures finds points of one collection. The two receivers give some attributes different names.
type figures struct{ pmetric.Metrics }

// sum adds the points of a metric whose attributes have one of the values under one of the names, and tells
// how many they are.
func (f figures) sum(metric string, names []string, values ...string) (total float64, points int) {
	for _, rm := range f.ResourceMetrics().All() {
		for _, sm := range rm.ScopeMetrics().All() {
			for _, m := range sm.Metrics().All() {
				if m.Name() != metric {
					continue
				}
				for _, point := range pointsOf(m).All() {
					if has(point.Attributes(), names, values) {
						total += valueOf(point)
						points++
					}
				}
			}
		}
	}
	return total, points
}

func pointsOf(m pmetric.Metric) pmetric.NumberDataPointSlice {
	switch m.Type() {
	case pmetric.MetricTypeGauge:
		return m.Gauge().DataPoints()
	case pmetric.MetricTypeSum:
		return m.Sum().DataPoints()
	default:
		return pmetric.NewNumberDataPointSlice()
	}
}

func valueOf(point pmetric.NumberDataPoint) float64 {
	if point.ValueType() == pmetric.NumberDataPointValueTypeInt {
		return float64(point.IntValue())
	}
	return point.DoubleValue()
}

// has tells whether an attribute has one of the values. Without names, every point has.
func has(attributes pcommon.Map, names, values []string) bool {
	for _, name := range names {
		value, found := attributes.Get(name)
		for _, wanted := range values {
			if found && value.Str() == wanted {
				return true
			}
		}
	}
	return len(names) == 0
}
