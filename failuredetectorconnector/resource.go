package failuredetectorconnector

import (
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/failuredetector/failuredetector/internal/incident"
)

const (
	serviceName      = "service.name"
	serviceNamespace = "service.namespace"
	serviceVersion   = "service.version"
)

// entityKeys are the attributes that identify what a failure_entity names, by what it begins with.
var entityKeys = map[string][]string{
	"host": {"host.id", "host.name", "container.id"},
	"db":   {"db.system.name", "server.address", "server.port", "db.namespace"},
}

// resourceReader reads what identifies the sender of records.
type resourceReader struct {
	groupBy, carry []string
}

func (r *resourceReader) read(attributes pcommon.Map) *incident.Resource {
	res := &incident.Resource{
		Values:    make([]string, len(r.groupBy)),
		Service:   text(attributes, serviceName),
		Namespace: text(attributes, serviceNamespace),
		Version:   text(attributes, serviceVersion),
	}
	for i, key := range r.groupBy {
		res.Values[i] = text(attributes, key)
	}
	res.Carried = pick(r.carry, attributes)
	return res
}

// text gives a scalar attribute as a text that is no longer than a name. Maps, slices and bytes name nothing.
func text(attributes pcommon.Map, key string) string { return textUpTo(attributes, key, maxName) }

// textUpTo is text with another bound, in bytes.
func textUpTo(attributes pcommon.Map, key string, limit int) string {
	value, found := attributes.Get(key)
	if !found {
		return ""
	}
	switch value.Type() {
	case pcommon.ValueTypeStr:
		return clip(value.Str(), limit)
	case pcommon.ValueTypeInt, pcommon.ValueTypeBool, pcommon.ValueTypeDouble:
		return value.AsString()
	default:
		return ""
	}
}

// pick gives the attributes of some keys, each from the first map that has it.
func pick(keys []string, from ...pcommon.Map) []incident.Attribute {
	var picked []incident.Attribute
	for _, key := range keys {
		for _, attributes := range from {
			if value := text(attributes, key); value != "" {
				picked = append(picked, incident.Attribute{Key: key, Value: value})
				break
			}
		}
	}
	return picked
}

// entityAttributes gives what identifies an entity, from its resource or its record.
func entityAttributes(entity string, from ...pcommon.Map) []incident.Attribute {
	kind, _, found := strings.Cut(entity, ":")
	if !found {
		return nil
	}
	return pick(entityKeys[kind], from...)
}
