package rules

import (
	"slices"
	"strings"
	"time"

	"github.com/failuredetector/failuredetector/failure"
)

// Source is the place a type, rule or pattern was read from.
type Source struct {
	// File is the path as the user gave it, or "builtin/<pack>.yaml".
	File string `json:"file"`
	// Line counts from 1.
	Line int `json:"line"`
}

// BuiltIn says whether the place is in a pack that ships with the project.
func (s Source) BuiltIn() bool { return strings.HasPrefix(s.File, builtinDir) }

// Type is a kind of failure and what all rules for it share.
type Type struct {
	Name     string `yaml:"type"     json:"type"`
	Category string `yaml:"category" json:"category"`
	// Refines names the type that this one is a special case of, or "".
	Refines string `yaml:"refines" json:"refines,omitempty"`
	// Precedence lists unrelated types that this one goes before when both match.
	Precedence []string         `yaml:"precedence" json:"precedence,omitempty"`
	Severity   failure.Severity `yaml:"severity"   json:"severity"`
	Resolve    Resolve          `yaml:"resolve"    json:"resolve"`
	Explain    Explain          `yaml:"explain"    json:"explain"`
	Override   bool             `yaml:"override"   json:"-"`

	Pack   string `yaml:"-" json:"pack"`
	Source Source `yaml:"-" json:"-"`
}

// Resolve says how a failure of a type ends when nothing clears it.
type Resolve struct {
	// After is the quiet time that ends it.
	After time.Duration `yaml:"after" json:"after,omitempty"`
}

// Explain is what a person is told about a failure. Cause and Do may name
// captures as {{name}}.
type Explain struct {
	Cause   string   `yaml:"cause"   json:"cause,omitempty"`
	Actions []Action `yaml:"actions" json:"actions,omitempty"`
	// UserActionRequired says whether it stays until a person acts.
	UserActionRequired *bool `yaml:"user_action_required" json:"user_action_required,omitempty"`
	// Transient says whether it commonly goes away by itself.
	Transient  *bool  `yaml:"transient"   json:"transient,omitempty"`
	RunbookURL string `yaml:"runbook_url" json:"runbook_url,omitempty"`
}

// Action is one thing to do about a failure.
type Action struct {
	Do   string `yaml:"do"   json:"do"`
	Risk Risk   `yaml:"risk" json:"risk"`
}

// String gives the form that the attribute failure_actions uses.
func (a Action) String() string { return string(a.Risk) + ": " + a.Do }

// Risk says whether an action can make things worse.
type Risk string

// The risks of an action.
const (
	Safe  Risk = "safe"
	Risky Risk = "risky"
)

// Maturity says how settled a rule is.
type Maturity string

// The maturities, from the least settled.
const (
	Experimental Maturity = "experimental"
	Incubating   Maturity = "incubating"
	Stable       Maturity = "stable"
)

var maturities = []Maturity{Experimental, Incubating, Stable}

// AtLeast reports whether m is as settled as least.
func (m Maturity) AtLeast(least Maturity) bool {
	return slices.Index(maturities, m) >= slices.Index(maturities, least)
}

// Mode says what happens when a rule matches.
type Mode string

// The modes of a rule.
const (
	// Annotate writes the detection on the record.
	Annotate Mode = "annotate"
	// Shadow only counts it.
	Shadow Mode = "shadow"
)

// Rule recognises one way in which a failure is said.
type Rule struct {
	ID         string  `yaml:"id"         json:"id"`
	Type       string  `yaml:"type"       json:"type"`
	Confidence float64 `yaml:"confidence" json:"confidence"`
	// Maturity is incubating where the file does not say.
	Maturity Maturity `yaml:"maturity" json:"maturity"`
	// Mode is annotate where the file does not say.
	Mode Mode `yaml:"mode" json:"mode"`
	// Severity, Resolve and Explain come from the type where the file does not
	// say; Explain does so key by key.
	Severity failure.Severity `yaml:"severity"       json:"severity"`
	Resolve  Resolve          `yaml:"resolve"        json:"resolve"`
	Explain  Explain          `yaml:"explain"        json:"explain"`
	Match    Match            `yaml:"match"          json:"match"`
	AllOf    []Pattern        `yaml:"all_of"         json:"all_of,omitempty"`
	NoneOf   []Pattern        `yaml:"none_of"        json:"none_of,omitempty"`
	// Vetoes names lists of patterns that veto as those of NoneOf do.
	Vetoes        []string  `yaml:"vetoes"         json:"vetoes,omitempty"`
	Condition     Condition `yaml:"condition"      json:"condition"`
	ClearPatterns []Pattern `yaml:"clear_patterns" json:"clear_patterns,omitempty"`
	Examples      Examples  `yaml:"examples"       json:"examples"`
	Override      bool      `yaml:"override"       json:"-"`

	Pack     string `yaml:"-" json:"pack"`
	Category string `yaml:"-" json:"category"`
	Source   Source `yaml:"-" json:"-"`
	// shipped says that the rule is written in a pack of the project.
	shipped bool
}

// Veto is a list of patterns that many rules share: what is no failure, however
// much of one is quoted in it.
type Veto struct {
	Name     string    `yaml:"veto"     json:"veto"`
	Patterns []Pattern `yaml:"patterns" json:"patterns"`
	Override bool      `yaml:"override" json:"-"`

	Source Source `yaml:"-" json:"-"`
	// shipped is as that of a rule.
	shipped bool
}

// Match lists what is evidence by itself: any one of it makes a match.
type Match struct {
	Patterns []Pattern `yaml:"patterns" json:"patterns,omitempty"`
	// ExceptionTypes match exactly or as a suffix after a dot.
	ExceptionTypes []string `yaml:"exception_types" json:"exception_types,omitempty"`
	// Codes maps attribute keys to values; a value may end in * to stand for all that begin so.
	Codes map[string][]string `yaml:"codes" json:"codes,omitempty"`
}

// Pattern is an RE2 expression, read case-insensitively and with a dot that
// matches a newline.
type Pattern struct {
	Expr string
	Line int
}

// MarshalText writes the expression as the file has it.
func (p Pattern) MarshalText() ([]byte, error) { return []byte(p.Expr), nil }

// Condition holds OTTL boolean expressions, one for each kind of record. An
// empty one holds.
type Condition struct {
	Log       string `yaml:"log"       json:"log,omitempty"`
	Span      string `yaml:"span"      json:"span,omitempty"`
	SpanEvent string `yaml:"spanevent" json:"spanevent,omitempty"`
}

// Examples are records that a rule must match and near misses that it must not.
type Examples struct {
	Match  []Example `yaml:"match"  json:"match,omitempty"`
	Ignore []Example `yaml:"ignore" json:"ignore,omitempty"`
}

// Example is one record: in a file either a string, which is the text, or an
// object.
type Example struct {
	Text          string            `yaml:"text"           json:"text,omitempty"`
	ExceptionType string            `yaml:"exception_type" json:"exception_type,omitempty"`
	Severity      int               `yaml:"severity"       json:"severity,omitempty"`
	Attributes    map[string]string `yaml:"attributes"     json:"attributes,omitempty"`

	Line int `yaml:"-" json:"-"`
}

// Set is a validated choice of types and rules. It is never changed once loaded.
type Set struct {
	// Types are in catalogue order: built-in packs by name, then the user's files in their order.
	Types []*Type
	// Rules are in catalogue order, those that the configuration leaves out are not among them.
	Rules []*Rule
	// Vetoes are in catalogue order.
	Vetoes []*Veto
	// Hash is 16 hex digits that are the same for the same types and rules.
	Hash string

	types map[string]*Type
}

// Exclusions gives the patterns that veto a rule of the set: its own, then those
// of each list that it names.
func (s *Set) Exclusions(r *Rule) [][]Pattern {
	lists := make([][]Pattern, 0, 1+len(r.Vetoes))
	lists = append(lists, r.NoneOf)
	for _, name := range r.Vetoes {
		if v := s.veto(name); v != nil {
			lists = append(lists, v.Patterns)
		}
	}
	return lists
}

func (s *Set) veto(name string) *Veto {
	if at := slices.IndexFunc(s.Vetoes, func(v *Veto) bool { return v.Name == name }); at >= 0 {
		return s.Vetoes[at]
	}
	return nil
}

// TypeByName gives a type of the set, or nil.
func (s *Set) TypeByName(name string) *Type { return s.types[name] }
