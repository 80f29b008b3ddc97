package rules

import (
	"encoding"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"go.yaml.in/yaml/v3"
)

// decoder fills Go values from YAML nodes. It knows the keys of the format, so
// that each fault is told with file, line and key, and all faults at once. It
// sets only what a file gives: decoding a second node into a value overrides it.
type decoder struct {
	file   file
	faults []error
	// path leads from the head of the file to the value at hand. Only a fault has it written out.
	path []step
}

// step is a key, or a place in a list, which counts from 1.
type step struct {
	key   string
	place int
}

// key writes the path as errors have it.
func (d *decoder) key() string {
	var key string
	for _, s := range d.path {
		if s.place > 0 {
			key += "[" + strconv.Itoa(s.place-1) + "]"
		} else {
			key = join(key, s.key)
		}
	}
	return key
}

// enter begins with an entry of a list of the file.
func (d *decoder) enter(list string, index int) {
	d.path = append(d.path[:0], step{key: list}, step{place: index + 1})
}

// within decodes a part of the value at hand.
func (d *decoder) within(s step, node *yaml.Node, to reflect.Value) {
	d.path = append(d.path, s)
	d.decode(node, to)
	d.path = d.path[:len(d.path)-1]
}

func (d *decoder) fail(node *yaml.Node, key, format string, args ...any) {
	d.faults = append(d.faults, faultAt(d.source(node), key, fmt.Sprintf(format, args...)))
}

func (d *decoder) source(node *yaml.Node) Source { return Source{File: d.file.name, Line: node.Line} }

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

func (d *decoder) decode(node *yaml.Node, to reflect.Value) {
	if to.Type() == nodeType {
		to.Set(reflect.ValueOf(*node))
		return
	}
	if node.Kind == yaml.AliasNode {
		d.fail(node, d.key(), "aliases are not supported: write the value out")
		return
	}
	if node.ShortTag() == "!!null" {
		to.SetZero()
		return
	}
	switch {
	case to.Type() == patternType:
		at := to.Addr().Interface().(*Pattern)
		at.Line = node.Line
		d.decodeScalar(node, reflect.ValueOf(&at.Expr).Elem())
	case to.Type() == exampleType && node.Kind == yaml.ScalarNode:
		*to.Addr().Interface().(*Example) = Example{Text: node.Value, Line: node.Line}
	case to.Kind() == reflect.Struct:
		d.decodeStruct(node, to)
	case to.Kind() == reflect.Pointer:
		fresh := reflect.New(to.Type().Elem())
		d.decode(node, fresh.Elem())
		to.Set(fresh)
	case to.Kind() == reflect.Slice:
		d.decodeSlice(node, to)
	case to.Kind() == reflect.Map:
		d.decodeMap(node, to)
	default:
		d.decodeScalar(node, to)
	}
}

func (d *decoder) decodeStruct(node *yaml.Node, to reflect.Value) {
	if node.Kind != yaml.MappingNode {
		d.fail(node, d.key(), "want keys and values, found %s", kindName(node))
		return
	}
	fields := fieldsOf(to.Type())
	var seen uint64
	for i := 0; i < len(node.Content); i += 2 {
		name := node.Content[i].Value
		index, known := fields[name]
		if !known {
			d.fail(node.Content[i], join(d.key(), name), "unknown key%s", suggest(name, mapKeys(fields)))
			continue
		}
		if seen>>index&1 != 0 {
			d.fail(node.Content[i], join(d.key(), name), "given twice")
			continue
		}
		seen |= 1 << index
		d.within(step{key: name}, node.Content[i+1], to.Field(index))
	}
	switch at := to.Addr().Interface().(type) {
	case *Rule:
		at.Source, at.shipped = d.source(node), d.file.shipped
	case *Veto:
		at.Source, at.shipped = d.source(node), d.file.shipped
	case *Type:
		at.Source = d.source(node)
	case *Example:
		at.Line = node.Line
	}
}

// fieldNames has for each type that was asked for the fields by key.
var fieldNames sync.Map

// fieldsOf gives the fields of a type, of which there are at most 64, by the key that stands for them.
func fieldsOf(of reflect.Type) map[string]int {
	if known, ok := fieldNames.Load(of); ok {
		return known.(map[string]int)
	}
	fields := map[string]int{}
	for i := range of.NumField() {
		if name := of.Field(i).Tag.Get("yaml"); name != "" && name != "-" {
			fields[name] = i
		}
	}
	fieldNames.Store(of, fields)
	return fields
}

func (d *decoder) decodeSlice(node *yaml.Node, to reflect.Value) {
	if node.Kind != yaml.SequenceNode {
		d.fail(node, d.key(), "want a list, found %s", kindName(node))
		return
	}
	list := reflect.MakeSlice(to.Type(), len(node.Content), len(node.Content))
	for i, item := range node.Content {
		d.within(step{place: i + 1}, item, list.Index(i))
	}
	to.Set(list)
}

func (d *decoder) decodeMap(node *yaml.Node, to reflect.Value) {
	if node.Kind != yaml.MappingNode {
		d.fail(node, d.key(), "want keys and values, found %s", kindName(node))
		return
	}
	fresh := reflect.MakeMap(to.Type())
	for i := 0; i < len(node.Content); i += 2 {
		name := node.Content[i].Value
		if fresh.MapIndex(reflect.ValueOf(name)).IsValid() {
			d.fail(node.Content[i], join(d.key(), name), "given twice")
			continue
		}
		value := reflect.New(to.Type().Elem()).Elem()
		d.within(step{key: name}, node.Content[i+1], value)
		fresh.SetMapIndex(reflect.ValueOf(name), value)
	}
	to.Set(fresh)
}

func (d *decoder) decodeScalar(node *yaml.Node, to reflect.Value) {
	if node.Kind != yaml.ScalarNode {
		d.fail(node, d.key(), "want a single value, found %s", kindName(node))
		return
	}
	if text, ok := reflect.TypeAssert[encoding.TextUnmarshaler](to.Addr()); ok {
		if err := text.UnmarshalText([]byte(node.Value)); err != nil {
			d.fail(node, d.key(), "%v", err)
		}
		return
	}
	switch {
	case to.Kind() == reflect.String && node.ShortTag() == "!!str":
		to.SetString(node.Value) // What Decode does, at a tenth of its cost: nearly all values are texts.
	case to.Type() == durationType:
		duration, err := time.ParseDuration(node.Value)
		if err != nil {
			d.fail(node, d.key(), "%q is no duration: write it like 30s, 15m or 24h", node.Value)
		}
		to.SetInt(int64(duration))
	default:
		if err := node.Decode(to.Addr().Interface()); err != nil {
			d.fail(node, d.key(), "%q is no %s", node.Value, scalarName(to.Kind()))
		}
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
