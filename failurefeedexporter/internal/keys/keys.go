// Package keys finds typing errors in a configuration.
package keys

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"go.opentelemetry.io/collector/confmap"
)

// Check refuses keys that a configuration does not have. Decoding lets them pass where the keys of a client
// or a server stand beside others, and a filter with a typing error would let everything through.
func Check(conf *confmap.Conf, config any) error {
	known := keysOf(reflect.TypeOf(config))
	for _, key := range slices.Sorted(maps.Keys(conf.ToStringMap())) {
		if !slices.Contains(known, key) {
			return fmt.Errorf("%q is no key here: use %s", key, strings.Join(known, ", "))
		}
	}
	return nil
}

func keysOf(t reflect.Type) []string {
	var keys []string
	for field := range t.Fields() {
		name, options, _ := strings.Cut(field.Tag.Get(confmap.MapstructureTag), ",")
		switch {
		case strings.Contains(options, "squash"):
			keys = append(keys, keysOf(field.Type)...)
		case field.IsExported() && name != "" && name != "-":
			keys = append(keys, name)
		}
	}
	slices.Sort(keys)
	return keys
}
