package detect

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/failuredetector/failuredetector/detect/internal/automaton"
	"github.com/failuredetector/failuredetector/failure"
	"github.com/failuredetector/failuredetector/internal/redact"
	"github.com/failuredetector/failuredetector/rules"
)

// Verdict is what a detector finds in one record. The zero value means nothing.
type Verdict struct {
	// Detections has one entry for each failure type, the primary one first and
	// the others from the most specific.
	Detections []Detection
	// Shadow has what rules in shadow mode found: to be counted, not annotated.
	Shadow []Detection
	// Clears lists the types that the record ends. It is empty where the record
	// is itself a failure.
	Clears []string
	// Fingerprint identifies the primary detection, or an exception that no rule
	// recognised: "v1:" and 16 hex digits. It is empty for any other record. The
	// same failure has the same one wherever it shows.
	Fingerprint string
	// ConditionErrors counts OTTL conditions that could not be evaluated; such a
	// rule does not match.
	ConditionErrors int
	// CutShort says that the record has the literals of so many rules that not
	// all of them were tried.
	CutShort bool
}

// Detection is one rule's match.
type Detection struct {
	Rule *rules.Rule
	// Source is the attribute key that was evidence, "body", or "status.message".
	Source string
	// Start and End delimit the evidence in the text of the source, in bytes. In
	// a JSON body they count in the value of the key that Source names.
	Start, End int
	// Text is the evidence, cut to 256 bytes.
	Text string
	// Pattern is the expression that matched; empty where an exception type or code did.
	Pattern string
	// Fingerprint identifies the failure, as Verdict.Fingerprint does.
	Fingerprint string
	// Captures are what the pattern's named groups hold, at most failure.MaxCaptures.
	Captures []Capture
}

// Capture is a named part of a match, redacted, printable and at most failure.MaxCaptureBytes long.
type Capture struct {
	Name, Value string
}

// maxContext is how much text on each side of a match is searched for secrets,
// in bytes: enough for the key that says that a value is one.
const maxContext = 256

// captures copies the named groups of a match, without the secrets in them.
func captures(e *automaton.Expression, text string, match []int) []Capture {
	names := e.Groups()
	if len(names) == 1 {
		return nil
	}
	from := max(match[0]-maxContext, 0)
	around := text[from:min(match[1]+maxContext, len(text))]
	secrets := redact.Find(around)
	var list []Capture
	for i, name := range names {
		if name == "" || match[2*i] < 0 || len(list) == failure.MaxCaptures {
			continue
		}
		value := redact.Slice(around, secrets, match[2*i]-from, match[2*i+1]-from)
		list = append(list, Capture{Name: name, Value: printable(truncate(value, failure.MaxCaptureBytes))})
	}
	return list
}

// printable copies a text with a space for every character that could confuse
// a terminal or a backend: controls, invisible formatting and broken UTF-8.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if r == utf8.RuneError || !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, text)
}

// Cause is the explanation's sentence with the captures filled in.
func (d *Detection) Cause() string { return d.fill(d.Rule.Explain.Cause) }

// Actions are the explanation's actions, filled in, in the form of failure_actions.
func (d *Detection) Actions() []string {
	list := make([]string, 0, len(d.Rule.Explain.Actions))
	for _, action := range d.Rule.Explain.Actions {
		list = append(list, d.fill(action.String()))
	}
	return list
}

// fill puts captures in place of {{name}}. One that the match lacks becomes
// "the name", so that the sentence still reads.
func (d *Detection) fill(text string) string {
	var filled strings.Builder
	for {
		before, rest, found := strings.Cut(text, "{{")
		filled.WriteString(before)
		if !found {
			return filled.String()
		}
		name, after, closed := strings.Cut(rest, "}}")
		if !closed {
			filled.WriteString("{{" + rest)
			return filled.String()
		}
		filled.WriteString(d.captured(name))
		text = after
	}
}

func (d *Detection) captured(name string) string {
	for _, c := range d.Captures {
		if c.Name == name && strings.TrimSpace(c.Value) != "" {
			return c.Value
		}
	}
	return "the " + strings.ReplaceAll(name, "_", " ")
}

// ordering knows which of several types is the primary one.
type ordering struct {
	// position is the catalogue order of types.
	position map[string]int
	// refines[a] has every type that a is a special case of, at any distance.
	refines map[string]map[string]bool
	// before[a] has every type that a goes before, directly or through others.
	before map[string]map[string]bool
}

func newOrdering(set *rules.Set) ordering {
	o := ordering{position: map[string]int{}, refines: map[string]map[string]bool{}, before: map[string]map[string]bool{}}
	for i, t := range set.Types {
		o.position[t.Name] = i
		general := map[string]bool{}
		for next := t.Refines; next != ""; next = set.TypeByName(next).Refines {
			general[next] = true
		}
		o.refines[t.Name] = general
		reached := map[string]bool{}
		reach(set, t, reached)
		o.before[t.Name] = reached
	}
	return o
}

func reach(set *rules.Set, t *rules.Type, reached map[string]bool) {
	for _, name := range t.Precedence {
		if !reached[name] {
			reached[name] = true
			reach(set, set.TypeByName(name), reached)
		}
	}
}

// compare orders rules by the catalogue order of their types, and within a type the surest first.
func (o *ordering) compare(a, b *rules.Rule) int {
	return cmp.Or(
		cmp.Compare(o.position[a.Type], o.position[b.Type]),
		cmp.Compare(b.Severity, a.Severity),
		cmp.Compare(b.Confidence, a.Confidence),
	)
}

// numbers gives each of some rules its place in that order. Equals keep theirs.
func (o *ordering) numbers(list []*rules.Rule) []int32 {
	sorted := make([]int, len(list))
	for i := range sorted {
		sorted[i] = i
	}
	slices.SortStableFunc(sorted, func(i, j int) int { return o.compare(list[i], list[j]) })
	numbers := make([]int32, len(list))
	for place, i := range sorted {
		numbers[i] = int32(place)
	}
	return numbers
}

// arrange keeps the surest detection of each type, the first one among equals, and puts
// the primary one first. It orders in place.
func (o *ordering) arrange(matched []Detection) []Detection {
	if len(matched) < 2 {
		return matched
	}
	slices.SortStableFunc(matched, func(a, b Detection) int { return o.compare(a.Rule, b.Rule) })
	matched = slices.CompactFunc(matched, func(a, b Detection) bool { return a.Rule.Type == b.Rule.Type })
	for rest := matched; len(rest) > 1; rest = rest[1:] {
		best := o.primary(rest)
		first := rest[best]
		copy(rest[1:best+1], rest[:best])
		rest[0] = first
	}
	return matched
}

// primary picks the detection that no other one comes before: one whose type
// no other refines, then by precedence, then by severity, then by catalogue order.
func (o *ordering) primary(among []Detection) int {
	best := -1
	for i := range among {
		if o.beaten(among[i].Rule.Type, among, o.refines) || o.outranked(i, among) {
			continue
		}
		if best < 0 || among[i].Rule.Severity > among[best].Rule.Severity {
			best = i
		}
	}
	return max(best, 0)
}

// beaten says whether a type stands in the relation of another one among the detections.
func (o *ordering) beaten(name string, among []Detection, relation map[string]map[string]bool) bool {
	return slices.ContainsFunc(among, func(d Detection) bool { return relation[d.Rule.Type][name] })
}

// outranked says whether another detection that is itself not refined goes before this one.
func (o *ordering) outranked(i int, among []Detection) bool {
	name := among[i].Rule.Type
	return slices.ContainsFunc(among, func(d Detection) bool {
		return o.before[d.Rule.Type][name] && !o.beaten(d.Rule.Type, among, o.refines)
	})
}

// clears gives the types of rules, each once, in catalogue order.
func (o *ordering) clears(cleared []*rules.Rule) []string {
	var list []string
	for _, r := range cleared {
		if !slices.Contains(list, r.Type) {
			list = append(list, r.Type)
		}
	}
	slices.SortFunc(list, func(a, b string) int { return cmp.Compare(o.position[a], o.position[b]) })
	return list
}
