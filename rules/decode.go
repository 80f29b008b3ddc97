package rules

import (
	"encoding"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// decoder fills Go values from YAML nodes. It knows the keys of the format, so
// that each fault is told with file, line and key, and all faults at once. It
// sets only what a file gives: decoding a second node into a value overrides it.
type decoder struct {
	file   string
	faults []error
}

func (d *decoder) fail(node *yaml.Node, key, format string, args ...any) {
	d.faults = append(d.faults, faultAt(Source{File: d.file, Line: node.Line}, key, fmt.Sprintf(format, args...)))
}

// faultAt is the one form in which rule errors are written.
func faultAt(source Source, key, problem string) error {
	if key != "" {
		problem = key + ": " + problem
	}
	return fmt.Errorf("%s:%d: %s", source.File, source.Line, problem)
}

var (
	patternType  = reflect.TypeFor[Pattern]()
	exampleType  = reflect.TypeFor[Example]()
	durationType = reflect.TypeFor[time.Duration]()
	nodeType     = reflect.TypeFor[yaml.Node]()
)

func (d *decoder) decode(node *yaml.Node, to reflect.Value, key string) {
	if to.Type() == nodeType {
		to.Set(reflect.ValueOf(*node))
		return
	}
	if node.Kind == yaml.AliasNode {
		d.fail(node, key, "aliases are not supported: write the value out")
		return
	}
	if node.ShortTag() == "!!null" {
		to.SetZero()
		return
	}
	switch {
	case to.Type() == patternType:
		var expr string
		d.decodeScalar(node, reflect.ValueOf(&expr).Elem(), key)
		to.Set(reflect.ValueOf(Pattern{Expr: expr, Line: node.Line}))
	case to.Type() == exampleType && node.Kind == yaml.ScalarNode:
		to.Set(reflect.ValueOf(Example{Text: node.Value, Line: node.Line}))
	case to.Kind() == reflect.Struct:
		d.decodeStruct(node, to, key)
	case to.Kind() == reflect.Pointer:
		fresh := reflect.New(to.Type().Elem())
		d.decode(node, fresh.Elem(), key)
		to.Set(fresh)
	case to.Kind() == reflect.Slice:
		d.decodeSlice(node, to, key)
	case to.Kind() == reflect.Map:
		d.decodeMap(node, to, key)
	default:
		d.decodeScalar(node, to, key)
	}
}

func (d *decoder) decodeStruct(node *yaml.Node, to reflect.Value, key string) {
	if node.Kind != yaml.MappingNode {
		d.fail(node, key, "want keys and values, found %s", kindName(node))
		return
	}
	fields := map[string]int{}
	for i := range to.NumField() {
		if name := to.Type().Field(i).Tag.Get("yaml"); name != "" && name != "-" {
			fields[name] = i
		}
	}
	seen := map[string]bool{}
	for i := 0; i < len(node.Content); i += 2 {
		name := node.Content[i].Value
		index, known := fields[name]
		if !known {
			d.fail(node.Content[i], join(key, name), "unknown key%s", suggest(name, mapKeys(fields)))
			continue
		}
		if seen[name] {
			d.fail(node.Content[i], join(key, name), "given twice")
			continue
		}
		seen[name] = true
		d.decode(node.Content[i+1], to.Field(index), join(key, name))
	}
	switch at := to.Addr().Interface().(type) {
	case *Rule:
		at.Source = Source{File: d.file, Line: node.Line}
	case *Veto:
		at.Source = Source{File: d.file, Line: node.Line}
	case *Type:
		at.Source = Source{File: d.file, Line: node.Line}
	case *Example:
		at.Line = node.Line
	}
}

func (d *decoder) decodeSlice(node *yaml.Node, to reflect.Value, key string) {
	if node.Kind != yaml.SequenceNode {
		d.fail(node, key, "want a list, found %s", kindName(node))
		return
	}
	list := reflect.MakeSlice(to.Type(), len(node.Content), len(node.Content))
	for i, item := range node.Content {
		d.decode(item, list.Index(i), key+"["+strconv.Itoa(i)+"]")
	}
	to.Set(list)
}

func (d *decoder) decodeMap(node *yaml.Node, to reflect.Value, key string) {
	if node.Kind != yaml.MappingNode {
		d.fail(node, key, "want keys and values, found %s", kindName(node))
		return
	}
	fresh := reflect.MakeMap(to.Type())
	for i := 0; i < len(node.Content); i += 2 {
		name := reflect.ValueOf(node.Content[i].Value)
		if fresh.MapIndex(name).IsValid() {
			d.fail(node.Content[i], join(key, name.String()), "given twice")
			continue
		}
		value := reflect.New(to.Type().Elem()).Elem()
		d.decode(node.Content[i+1], value, join(key, name.String()))
		fresh.SetMapIndex(name, value)
	}
	to.Set(fresh)
}

func (d *decoder) decodeScalar(node *yaml.Node, to reflect.Value, key string) {
	if node.Kind != yaml.ScalarNode {
		d.fail(node, key, "want a single value, found %s", kindName(node))
		return
	}
	if text, ok := reflect.TypeAssert[encoding.TextUnmarshaler](to.Addr()); ok {
		if err := text.UnmarshalText([]byte(node.Value)); err != nil {
			d.fail(node, key, "%v", err)
		}
		return
	}
	if to.Type() == durationType {
		duration, err := time.ParseDuration(node.Value)
		if err != nil {
			d.fail(node, key, "%q is no duration: write it like 30s, 15m or 24h", node.Value)
		}
		to.SetInt(int64(duration))
		return
	}
	if err := node.Decode(to.Addr().Interface()); err != nil {
		d.fail(node, key, "%q is no %s", node.Value, scalarName(to.Kind()))
	}
}

func kindName(node *yaml.Node) string {
	switch node.Kind {
	case yaml.MappingNode:
		return "keys and values"
	case yaml.SequenceNode:
		return "a list"
	default:
		return "the value " + strconv.Quote(node.Value)
	}
}

func scalarName(kind reflect.Kind) string {
	switch kind {
	case reflect.Bool:
		return "true or false"
	case reflect.Float64:
		return "number"
	case reflect.Int:
		return "whole number"
	default:
		return "text"
	}
}

func join(key, name string) string {
	if key == "" {
		return name
	}
	return key + "." + name
}

func mapKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

// suggest names the known word that a mistyped one most resembles, or nothing.
func suggest(word string, known []string) string {
	best, bestDistance := "", 1+len(word)/3
	for _, candidate := range known {
		if distance := editDistance(strings.ToLower(word), strings.ToLower(candidate)); distance <= bestDistance {
			if best == "" || distance < bestDistance {
				best, bestDistance = candidate, distance
			}
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf(", did you mean %q?", best)
}

// editDistance counts the insertions, deletions and replacements between two words.
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		diagonal := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := diagonal
			if a[i-1] != b[j-1] {
				cost = 1 + min(diagonal, row[j], row[j-1])
			}
			diagonal, row[j] = row[j], cost
		}
	}
	return row[len(b)]
}
