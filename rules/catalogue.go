package rules

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"reflect"
	"slices"

	"go.yaml.in/yaml/v3"
)

// catalogue gathers packs; a later file may override what an earlier one gave.
type catalogue struct {
	packs  []*Pack
	vetoes []*Veto
	types  []*Type
	rules  []*Rule
	ruleAt map[string]int
	faults []error
}

// Pack is the head of one file and its entries, which stay undecoded until it
// is known what they override.
type Pack struct {
	Name        string `yaml:"pack"`
	Description string `yaml:"description"`
	// Override drops the rules of the earlier pack of this name first.
	Override bool        `yaml:"override"`
	Vetoes   []yaml.Node `yaml:"vetoes"`
	Types    []yaml.Node `yaml:"types"`
	Rules    []yaml.Node `yaml:"rules"`

	source Source
}

func newCatalogue() *catalogue { return &catalogue{ruleAt: map[string]int{}} }

func (c *catalogue) addFile(f file) {
	d := &decoder{file: f}
	defer func() { c.faults = append(c.faults, d.faults...) }()

	root, err := parseYAML(f.content)
	if err != nil {
		d.faults = append(d.faults, fmt.Errorf("%s: %w", f.name, err))
		return
	}
	pack := &Pack{source: Source{File: f.name, Line: root.Line}}
	d.decode(root, reflect.ValueOf(pack).Elem())
	if len(d.faults) > 0 {
		return
	}
	if !packName.MatchString(pack.Name) {
		d.fail(root, "pack", "%q is no pack name: use lower case letters, digits and dashes", pack.Name)
		return
	}
	if !c.addPack(d, root, pack) {
		return
	}
	for i := range pack.Vetoes {
		d.enter("vetoes", i)
		c.addVeto(d, &pack.Vetoes[i])
	}
	for i := range pack.Types {
		d.enter("types", i)
		c.addType(d, &pack.Types[i], pack)
	}
	for i := range pack.Rules {
		d.enter("rules", i)
		c.addRule(d, &pack.Rules[i], pack)
	}
	// The nodes are ten times as large as what was made of them.
	pack.Vetoes, pack.Types, pack.Rules = nil, nil, nil
}

// clone gives a catalogue that can be added to. It shares the entries, which are never changed: what
// overrides one is an entry of its own.
func (c *catalogue) clone() *catalogue {
	return &catalogue{
		packs:  slices.Clone(c.packs),
		vetoes: slices.Clone(c.vetoes),
		types:  slices.Clone(c.types),
		rules:  slices.Clone(c.rules),
		ruleAt: maps.Clone(c.ruleAt),
	}
}

// dropFile takes out what a file gave.
func (c *catalogue) dropFile(name string) {
	c.packs = slices.DeleteFunc(c.packs, func(p *Pack) bool { return p.source.File == name })
	c.vetoes = slices.DeleteFunc(c.vetoes, func(v *Veto) bool { return v.Source.File == name })
	c.types = slices.DeleteFunc(c.types, func(t *Type) bool { return t.Source.File == name })
	c.rules = slices.DeleteFunc(c.rules, func(r *Rule) bool { return r.Source.File == name })
	c.locateRules()
}

// parseYAML gives the one document that a pack is.
func parseYAML(content []byte) (*yaml.Node, error) {
	stream := yaml.NewDecoder(bytes.NewReader(content))
	var document yaml.Node
	if err := stream.Decode(&document); errors.Is(err, io.EOF) {
		return nil, errors.New("the file is empty: a pack begins with `pack: <name>`")
	} else if err != nil {
		return nil, err
	}
	if err := stream.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		return nil, errors.New("the file has a second document: write one pack a file")
	}
	return document.Content[0], nil
}

func (c *catalogue) addPack(d *decoder, root *yaml.Node, pack *Pack) bool {
	earlier := slices.IndexFunc(c.packs, func(p *Pack) bool { return p.Name == pack.Name })
	switch {
	case earlier < 0 && pack.Override:
		d.fail(root, "override", "there is no earlier pack %q to override%s", pack.Name, suggest(pack.Name, c.packNames()))
		return false
	case earlier >= 0 && !pack.Override:
		d.fail(root, "pack", "%q is already in %s: choose another name, or set `override: true` to replace that pack's rules",
			pack.Name, c.packs[earlier].source.File)
		return false
	case earlier >= 0:
		c.dropRules(pack.Name)
		c.packs[earlier] = pack
	default:
		c.packs = append(c.packs, pack)
	}
	return true
}

func (c *catalogue) packNames() []string {
	names := make([]string, 0, len(c.packs))
	for _, p := range c.packs {
		names = append(names, p.Name)
	}
	return names
}

func (c *catalogue) typeNames() []string {
	names := make([]string, 0, len(c.types))
	for _, t := range c.types {
		names = append(names, t.Name)
	}
	return names
}

func (c *catalogue) addVeto(d *decoder, node *yaml.Node) {
	fresh := &Veto{}
	d.decode(node, reflect.ValueOf(fresh).Elem())
	earlier := slices.IndexFunc(c.vetoes, func(v *Veto) bool { return v.Name == fresh.Name })
	switch {
	case earlier >= 0 && !fresh.Override:
		d.fail(node, d.key(), "veto %q is already defined at %s:%d: choose another name, or set `override: true` to replace it",
			fresh.Name, c.vetoes[earlier].Source.File, c.vetoes[earlier].Source.Line)
	case earlier >= 0:
		c.vetoes[earlier] = fresh
	case fresh.Override:
		d.fail(node, d.key(), "there is no earlier veto %q to override%s", fresh.Name, suggest(fresh.Name, vetoNames(c.vetoes)))
	default:
		c.vetoes = append(c.vetoes, fresh)
	}
}

func vetoNames(vetoes []*Veto) []string {
	names := make([]string, 0, len(vetoes))
	for _, v := range vetoes {
		names = append(names, v.Name)
	}
	return names
}

func (c *catalogue) addType(d *decoder, node *yaml.Node, pack *Pack) {
	name, override := scalarAt(node, "type"), scalarAt(node, "override") == "true" || pack.Override
	earlier := slices.IndexFunc(c.types, func(t *Type) bool { return t.Name == name })
	fresh := &Type{Pack: pack.Name}
	switch {
	case earlier >= 0 && !override:
		d.fail(node, d.key(), "type %s is already defined at %s:%d: set `override: true` to change it",
			name, c.types[earlier].Source.File, c.types[earlier].Source.Line)
		return
	case earlier >= 0:
		*fresh = *c.types[earlier]
	case scalarAt(node, "override") == "true":
		d.fail(node, d.key(), "there is no earlier type %q to override%s", name, suggest(name, c.typeNames()))
		return
	}
	d.decode(node, reflect.ValueOf(fresh).Elem())
	if earlier >= 0 {
		c.types[earlier] = fresh
	} else {
		c.types = append(c.types, fresh)
	}
}

func (c *catalogue) addRule(d *decoder, node *yaml.Node, pack *Pack) {
	id, override := scalarAt(node, "id"), scalarAt(node, "override") == "true"
	earlier, known := c.ruleAt[id]
	fresh := &Rule{Pack: pack.Name, Maturity: Incubating, Mode: Annotate}
	switch {
	case known && !override:
		d.fail(node, d.key(), "rule %q is already defined at %s:%d: choose another id, or set `override: true` to change it",
			id, c.rules[earlier].Source.File, c.rules[earlier].Source.Line)
		return
	case known:
		*fresh = *c.rules[earlier]
	case override:
		d.fail(node, d.key(), "there is no earlier rule %q to override%s", id, suggest(id, mapKeys(c.ruleAt)))
		return
	}
	d.decode(node, reflect.ValueOf(fresh).Elem())
	if known {
		c.rules[earlier] = fresh
		return
	}
	c.ruleAt[id] = len(c.rules)
	c.rules = append(c.rules, fresh)
}

func (c *catalogue) dropRules(pack string) {
	c.rules = slices.DeleteFunc(c.rules, func(r *Rule) bool { return r.Pack == pack })
	c.locateRules()
}

func (c *catalogue) locateRules() {
	clear(c.ruleAt)
	for i, r := range c.rules {
		c.ruleAt[r.ID] = i
	}
}

// scalarAt reads one key of an entry ahead of its decoding.
func scalarAt(node *yaml.Node, key string) string {
	if node.Kind != yaml.MappingNode {
		return ""
	}
	for i := 0; i < len(node.Content); i += 2 {
		if node.Content[i].Value == key {
			return node.Content[i+1].Value
		}
	}
	return ""
}
