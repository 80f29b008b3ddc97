// Package plain makes rule sets of nothing but match patterns.
package plain

import (
	"go.yaml.in/yaml/v3"

	"github.com/failuredetector/failuredetector/rules"
)

// Rule is a rule that has match patterns and nothing else.
type Rule struct {
	ID, Type string
	Patterns []string
}

// Set loads rules the way a user's file is loaded. Types are listed in the order of their first rules.
func Set(list []Rule) (*rules.Set, error) {
	p := pack{Pack: "plain"}
	known := map[string]bool{}
	for _, r := range list {
		if !known[r.Type] {
			known[r.Type] = true
			p.Types = append(p.Types, packType{
				Type: r.Type, Category: "plain", Severity: "low", Explain: map[string]string{"cause": "It is made up."},
			})
		}
		rule := packRule{ID: r.ID, Type: r.Type, Confidence: 0.5, Maturity: rules.Incubating}
		rule.Match.Patterns = r.Patterns
		p.Rules = append(p.Rules, rule)
	}
	content, err := yaml.Marshal(p)
	if err != nil {
		return nil, err
	}
	return rules.Parse("plain.yaml", content)
}

// pack is the part of the format of a pack that is written here.
type pack struct {
	Pack  string     `yaml:"pack"`
	Types []packType `yaml:"types"`
	Rules []packRule `yaml:"rules"`
}

type packType struct {
	Type     string            `yaml:"type"`
	Category string            `yaml:"category"`
	Severity string            `yaml:"severity"`
	Explain  map[string]string `yaml:"explain"`
}

type packRule struct {
	ID         string         `yaml:"id"`
	Type       string         `yaml:"type"`
	Confidence float64        `yaml:"confidence"`
	Maturity   rules.Maturity `yaml:"maturity"`
	Match      struct {
		Patterns []string `yaml:"patterns"`
	} `yaml:"match"`
}
