package detect_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/failuredetector/failuredetector/detect"
	"github.com/failuredetector/failuredetector/rules"
)

const lintedHead = `pack: mine
types:
  - {type: MINE, category: own, severity: low, explain: {cause: c, actions: [{do: wait, risk: safe}]}}
rules:
`

// linted gives a pack whose one rule has the patterns given.
func linted(patterns string) string {
	return lintedHead + `
  - id: mine-one
    type: MINE
    confidence: 0.5
    match: {patterns: [` + patterns + `], codes: {c: ["7"]}}
    examples:
      match: [{severity: 17, attributes: {c: "7"}}, {severity: 13, attributes: {c: "7"}}]
      ignore: [x, y]
`
}

func TestLint(t *testing.T) {
	for _, tc := range []struct {
		name string
		pack string
		want []string
	}{
		{"is content with a good rule", linted(`'disk (?P<name>\w+) is .{0,40}? full'`), nil},
		{"lets a gap at an end be", linted(`'\A.*?disk full.*\z'`), nil},
		{"a short literal", linted(`'\berr\d'`), []string{
			`m.yaml:9: rule "mine-one": match.patterns[0]: one way to match needs only "err", so it is tried on many healthy records: lengthen it by what stands beside it in such messages, to at least 4 bytes`,
		}},
		{"one branch without a literal", linted(`'disk full|\d+'`), []string{
			`m.yaml:9: rule "mine-one": match.patterns[0]: no word that every match must have, so it is tried on every record: put a text of at least 4 bytes into \d+, one that all such messages have`,
		}},
		{"no literal at all", linted(`'[a-z|)]+\|(?:\d|x)+'`), []string{
			`m.yaml:9: rule "mine-one": match.patterns[0]: no word that every match must have, so it is tried on every record: put a text of at least 4 bytes into [a-z|)]+\|(?:\d|x)+, one that all such messages have`,
		}},
		{"short words that white space parts", linted(`'disk full|\bis\s+not\s+on\b'`), []string{
			`m.yaml:9: rule "mine-one": match.patterns[0]: one way to match needs only "not", so it is tried on many healthy records: lengthen it by what stands beside it in such messages, to at least 4 bytes; write is\s+not\s+on as "is not on", which is one text`,
		}},
		{"a word of healthy logs", linted(`'disk full|\berror\s+in\s+\d'`), []string{
			`m.yaml:9: rule "mine-one": match.patterns[0]: one way to match needs only "error", which is on about one of 16 healthy lines: ask for a rarer text as well, or for more of what stands beside it; write error\s+in as "error in", which is one text`,
		}},
		{"words of healthy logs", linted(`'\binfo\b.{0,20}\bserver\s+\d{3}\b|\bserver\s+down\b'`), []string{
			`m.yaml:9: rule "mine-one": match.patterns[0]: one way to match needs only "server" and "info", of which the rarest, "server", is on about one of 19 healthy lines: ask for a rarer text as well, or for more of what stands beside it`,
		}},
		{"a word of healthy logs with a rare one", linted(`'\berror\b.{0,40}deadlock'`), nil},
		{"what no automaton holds", linted(`'disk full: (?:item [0-9], ){0,1000}end'`), []string{
			`m.yaml:9: rule "mine-one": match.patterns[0]: it is too large for an automaton, so it is tried by package regexp, which takes far longer over a text: split it, or let (?:item [0-9], ){0,1000} repeat less often`,
		}},
		{"a gap without bound", linted(`'disk.+?full'`), []string{
			`m.yaml:9: rule "mine-one": match.patterns[0]: the gap .+? has no bound, and a dot also matches the end of a line: it joins texts from anywhere in a record: write disk.{0,80}?full with as much as the message needs, or disk[^\n]*full to stay on the line`,
		}},
		{"a wide gap in a group", linted(`'disk (?:is.{2,401}quite )?full'`), []string{
			`m.yaml:9: rule "mine-one": match.patterns[0]: the gap .{2,401} is wider than 400 characters: it joins texts that have nothing to do with each other: write is.{0,80}?quite with as much as the message needs, or is[^\n]{0,80}quite to stay on the line`,
		}},
		{"gaps that meet", linted(`'disk full.*\b(.{3,})'`), []string{
			`m.yaml:9: rule "mine-one": match.patterns[0]: the gaps .* and .{3,} meet, and share one text in every possible way: write one of them, .* or .{3,}`,
		}},
		{"gaps with a word between them", linted(`'\A.*disk full.*\z'`), nil},
		{"more captures than a record takes", linted(`'disk ` + strings.Repeat(`(\w)`, 9) + ` ` + names(9) + `'`), []string{
			`m.yaml:9: rule "mine-one": match.patterns[0]: has 9 captures, and a record takes 8: capture what the explanation needs, and write the other groups as (?:…)`,
		}},
		{"supports are judged for gaps alone, vetoes not at all", strings.Replace(linted(`disk full`), "    examples:", "    all_of: ['a.*b']\n    none_of: ['\\d.*\\d']\n    examples:", 1), []string{
			`m.yaml:10: rule "mine-one": all_of[0]: the gap .* has no bound, and a dot also matches the end of a line: it joins texts from anywhere in a record: write a.{0,80}?b with as much as the message needs, or a[^\n]*b to stay on the line`,
			`m.yaml:13: rule "mine-one": examples.match: the rule does not match "": widen a pattern or narrow a veto until it does`,
			`m.yaml:13: rule "mine-one": examples.match: the rule does not match "": widen a pattern or narrow a veto until it does`,
		}},
		{"ids, their order, and few examples", lintedHead + `
  - {id: mine-two, type: MINE, confidence: 1, match: {patterns: [disk full]}, examples: {match: [disk full, the disk full], ignore: [a, b]}}
  - {id: full, type: MINE, confidence: 1, match: {patterns: [disk full]}, examples: {match: [disk full], ignore: [a, b]}}
`, []string{
			`m.yaml:7: rule "full": id: does not begin with the name of its pack: call it mine-full, so that ids of different packs never collide`,
			`m.yaml:7: rule "full": examples: has 1 matching and 2 near-miss texts: give at least 2 of each, such as real systems print`,
			`m.yaml:7: rule "full": id: comes after "mine-two": sort the rules of a file by id, so that they are found`,
		}},
		{"a type without actions", "pack: mine\ntypes:\n  - {type: MINE, category: own, severity: low, explain: {cause: c}}\n", []string{
			`m.yaml:3: type MINE: explain.actions: empty: say what to look at first, as a safe action`,
		}},
		{"examples that fail, those of a stable rule with what follows", lintedHead + `
  - {id: mine-one, type: MINE, confidence: 1, match: {patterns: [disk full]}, examples: {match: [disk full, a disk], ignore: [a, b]}}
  - {id: mine-two, type: MINE, confidence: 1, maturity: stable, match: {patterns: [disk full]}, examples: {match: [disk full, disk full], ignore: [disk full, b]}}
`, []string{
			`m.yaml:6: rule "mine-one": examples.match: the rule does not match "a disk": widen a pattern or narrow a veto until it does`,
			`m.yaml:7: rule "mine-two": examples.ignore: the rule matches "disk full": narrow the pattern, or add an all_of or none_of; the rule is stable, so the collector refuses it until then`,
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			set, err := rules.Parse("m.yaml", []byte(tc.pack))
			require.NoError(t, err)
			findings, err := detect.Lint(set)
			require.NoError(t, err)
			var got []string
			for _, f := range findings {
				got = append(got, f.String())
			}
			require.Equal(t, tc.want, got)
		})
	}
}

func names(n int) string {
	var groups strings.Builder
	for i := range n {
		groups.WriteString(`(?P<n` + string(rune('a'+i)) + `>\w)`)
	}
	return groups.String()
}

func TestLintRefusesWhatDoesNotCompile(t *testing.T) {
	set, err := rules.Parse("m.yaml", []byte(lintedHead+`
  - {id: mine-one, type: MINE, confidence: 1, match: {patterns: [disk full]}, condition: {log: 'nonsense('}}
`))
	require.NoError(t, err)
	_, err = detect.Lint(set)
	require.ErrorContains(t, err, `m.yaml:6: rule "mine-one": condition.log: `)
}
