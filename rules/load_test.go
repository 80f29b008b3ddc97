package rules_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/failuredetector/failuredetector/failure"
	"github.com/failuredetector/failuredetector/rules"
)

const head = `pack: mine
types:
  - {type: MINE, category: own, severity: low, resolve: {after: 5m}, explain: {cause: type cause, actions: [{do: wait, risk: safe}], transient: true}}
rules:
`

func rule(body string) string {
	return head + "  - " + strings.ReplaceAll(strings.TrimSpace(body), "\n", "\n    ") + "\n"
}

func TestParseFillsIn(t *testing.T) {
	set, err := rules.Parse("mine.yaml", []byte(rule(`
id: mine-own
type: MINE
confidence: 0.5
severity: high
explain: {cause: 'rule cause for {{what}}'}
match: {patterns: ['broken (?P<what>\w+)']}
examples:
  match: [a text, {text: b, exception_type: E, severity: 13, attributes: {k: v}}]`)))
	require.NoError(t, err)
	require.Len(t, set.Rules, 1)
	r := set.Rules[0]
	require.Equal(t, "mine", r.Pack)
	require.Equal(t, "own", r.Category)
	require.Equal(t, rules.Incubating, r.Maturity)
	require.Equal(t, rules.Annotate, r.Mode)
	require.Equal(t, failure.High, r.Severity)
	require.Equal(t, 5*time.Minute, r.Resolve.After)
	require.Equal(t, "rule cause for {{what}}", r.Explain.Cause)
	require.Equal(t, []rules.Action{{Do: "wait", Risk: rules.Safe}}, r.Explain.Actions, "what a rule does not say comes from its type")
	require.True(t, *r.Explain.Transient)
	require.Nil(t, r.Explain.UserActionRequired)
	require.Equal(t, rules.Source{File: "mine.yaml", Line: 5}, r.Source)
	require.Equal(t, []rules.Example{
		{Text: "a text", Line: 12},
		{Text: "b", ExceptionType: "E", Severity: 13, Attributes: map[string]string{"k": "v"}, Line: 12},
	}, r.Examples.Match)
	require.Len(t, set.Hash, 16)
}

func TestParseRefuses(t *testing.T) {
	good := "id: mine-own\ntype: MINE\nconfidence: 0.5\nmatch: {patterns: [broken]}\n"
	for _, tc := range []struct {
		name string
		pack string
		want []string
	}{
		{"an empty file", "", []string{"x.yaml: the file is empty"}},
		{"what is no YAML", "pack: [", []string{"x.yaml: yaml: line 1:"}},
		{"two documents", "pack: a\n---\npack: b\n", []string{"x.yaml: the file has a second document"}},
		{"a list", "- a\n", []string{"x.yaml:1: want keys and values, found a list"}},
		{"a pack without a name", "rules: []\n", []string{`x.yaml:1: pack: "" is no pack name`}},
		{"an unknown key", "pack: a\nruls: []\n", []string{`x.yaml:2: ruls: unknown key, did you mean "rules"?`}},
		{"an unknown key of a rule", rule(good + "confidance: 1"), []string{`x.yaml:9: rules[0].confidance: unknown key, did you mean "confidence"?`}},
		{"a key given twice", rule(good + "type: MINE"), []string{`x.yaml:9: rules[0].type: given twice`}},
		{"a wrong kind of value", rule("id: [a]\ntype: MINE\nconfidence: high\nmatch: {patterns: broken}"), []string{
			"x.yaml:5: rules[0].id: want a single value, found a list",
			`x.yaml:7: rules[0].confidence: "high" is no number`,
			`x.yaml:8: rules[0].match.patterns: want a list, found the value "broken"`,
		}},
		{"an unknown severity", rule(good + "severity: fatal"), []string{`x.yaml:9: rules[0].severity: "fatal" is no severity: use low, medium, high or critical`}},
		{"a bad duration", rule(good + "resolve: {after: soon}"), []string{`x.yaml:9: rules[0].resolve.after: "soon" is no duration`}},
		{"an alias", "pack: &a b\ndescription: *a\n", []string{"x.yaml:2: description: aliases are not supported"}},
		{"a bad expression", rule("id: mine-own\ntype: MINE\nconfidence: 0.5\nmatch:\n  patterns:\n    - fine\n    - 'a(b'"), []string{
			"x.yaml:11: rule \"mine-own\": match.patterns[1]: the expression is not RE2: error parsing regexp: missing closing ): `a(b`",
		}},
		{"a look-ahead, which RE2 lacks", rule("id: mine-own\ntype: MINE\nconfidence: 0.5\nmatch: {patterns: ['a(?!b)']}"), []string{"x.yaml:8: rule \"mine-own\": match.patterns[0]: the expression is not RE2"}},
		{"a pattern for every text", rule("id: mine-own\ntype: MINE\nconfidence: 0.5\nmatch: {patterns: ['.*']}"), []string{`the pattern ".*" matches the empty text`}},
		{"a rule without evidence", rule("id: mine-own\ntype: MINE\nconfidence: 0.5"), []string{`x.yaml:5: rule "mine-own": match: empty`}},
		{"a code in the middle of which is a star", rule("id: mine-own\ntype: MINE\nconfidence: 0.5\nmatch: {codes: {k: ['0*8']}}"), []string{`match.codes.k: "0*8"`}},
		{"values out of range", rule("id: Mine\ntype: MINR\nconfidence: 1.5\nmaturity: ripe\nmode: loud\nmatch: {patterns: [broken]}"), []string{
			`x.yaml:5: id: "Mine" is no rule id`,
			`rule "Mine": type: MINR is not defined, did you mean "MINE"?`,
			`rule "Mine": confidence: 1.5 is outside`,
			`rule "Mine": maturity: "ripe" is no maturity`,
			`rule "Mine": mode: "loud" is no mode`,
		}},
		{"a stable rule without examples", rule(good + "maturity: stable"), []string{`x.yaml:5: rule "mine-own": examples: has 0 matching and 0 near-miss examples`}},
		{"an id twice", rule(good) + "  - {id: mine-own, type: MINE, confidence: 0.5, match: {patterns: [b]}}\n", []string{
			`x.yaml:9: rules[1]: rule "mine-own" is already defined at x.yaml:5: choose another id, or set `,
		}},
		{"a placeholder that nothing captures", rule(good + "explain: {cause: 'no {{such}} thing'}"), []string{`rule "mine-own": explain: {{such}} is captured by no pattern of the rule`}},
		{"a bad action", rule(good + "explain: {actions: [{do: '', risk: none}], runbook_url: wiki}"), []string{
			`actions[0].do: missing`, `actions[0].risk: "none" is no risk`, `runbook_url: "wiki" is no http or https address`,
		}},
		{"a veto that is none", rule(good + "vetoes: [documentaton]"), []string{`rule "mine-own": vetoes[0]: there is no veto "documentaton"`}},
		{"vetoes that are wrong", "pack: a\nvetoes:\n  - {veto: Docs, patterns: ['(']}\n  - {veto: none}\n  - {veto: none, patterns: [a]}\n", []string{
			`x.yaml:5: vetoes[2]: veto "none" is already defined at x.yaml:4: choose another name, or set`,
		}},
		{"patterns of a veto", "pack: a\nvetoes:\n  - {veto: Docs, patterns: ['(']}\n  - {veto: none}\n", []string{
			`x.yaml:3: veto: "Docs" is no name`, `x.yaml:3: veto "Docs": patterns[0]: the expression is not RE2`, `x.yaml:4: veto "none": patterns: empty`,
		}},
		{"a veto that overrides nothing", "pack: a\nvetoes:\n  - {veto: docs, override: true, patterns: [a]}\n", []string{`there is no earlier veto "docs" to override`}},
		{"a circle of refinement", "pack: a\ntypes:\n  - {type: A, category: c, severity: low, refines: B, explain: {cause: c}}\n  - {type: B, category: c, severity: low, refines: A, explain: {cause: c}}\n", []string{
			"x.yaml:3: A.refines: the refinement is a circle: A → B → A",
		}},
		{"a circle of precedence", "pack: a\ntypes:\n  - {type: A, category: c, severity: low, precedence: [B], explain: {cause: c}}\n  - {type: B, category: c, severity: low, precedence: [A], explain: {cause: c}}\n", []string{
			"x.yaml:3: A.precedence: the precedence is a circle: A → B → A",
		}},
		{"a type that is half given", "pack: a\ntypes:\n  - {type: lower, category: No, refines: GONE}\n", []string{
			`x.yaml:3: type: "lower" is no type name`, `lower.category: "No" is no category`, "lower.severity: missing", "lower.explain.cause: missing", "refers to type GONE, which is not defined",
		}},
		{"an override of nothing", rule(good + "override: true"), []string{`x.yaml:5: rules[0]: there is no earlier rule "mine-own" to override`}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := rules.Parse("x.yaml", []byte(tc.pack))
			require.Error(t, err)
			for _, want := range tc.want {
				require.ErrorContains(t, err, want)
			}
		})
	}
}

// write puts packs into a new directory and gives their paths.
func write(t *testing.T, packs map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range packs {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600))
	}
	return dir
}

const base = `pack: base
types:
  - {type: A, category: c, severity: low, resolve: {after: 1m}, explain: {cause: a}}
  - {type: B, category: c, severity: low, explain: {cause: b}}
rules:
  - {id: base-one, type: A, confidence: 0.5, match: {patterns: [one]}, none_of: [not]}
  - {id: base-two, type: B, confidence: 0.9, maturity: experimental, match: {patterns: [two]}}
`

func ids(set *rules.Set) []string {
	var list []string
	for _, r := range set.Rules {
		list = append(list, r.ID)
	}
	return list
}

func TestLaterFilesOverride(t *testing.T) {
	t.Run("keys of a rule", func(t *testing.T) {
		dir := write(t, map[string]string{"1.yaml": base, "2.yml": "pack: mine\nrules:\n  - {id: base-one, override: true, severity: critical, match: {patterns: [uno]}}\n"})
		set, err := rules.LoadFiles(dir)
		require.NoError(t, err)
		r := set.Rules[0]
		require.Equal(t, "base-one", r.ID)
		require.Equal(t, "uno", r.Match.Patterns[0].Expr)
		require.Equal(t, "not", r.NoneOf[0].Expr, "a key that is not given stays")
		require.Equal(t, failure.Critical, r.Severity)
		require.Equal(t, "base", r.Pack)
		require.Equal(t, filepath.Join(dir, "2.yml"), r.Source.File)
	})
	t.Run("keys of a type", func(t *testing.T) {
		dir := write(t, map[string]string{"1.yaml": base, "2.yaml": "pack: mine\ntypes:\n  - {type: A, override: true, severity: critical}\n"})
		set, err := rules.LoadFiles(dir)
		require.NoError(t, err)
		require.Equal(t, failure.Critical, set.Rules[0].Severity)
		require.Equal(t, time.Minute, set.Rules[0].Resolve.After)
	})
	t.Run("a whole pack", func(t *testing.T) {
		dir := write(t, map[string]string{"1.yaml": base, "2.yaml": "pack: base\noverride: true\nrules:\n  - {id: base-one, type: A, confidence: 0.7, match: {patterns: [eins]}}\n"})
		set, err := rules.LoadFiles(dir)
		require.NoError(t, err)
		require.Equal(t, []string{"base-one"}, ids(set))
		require.Empty(t, set.Rules[0].NoneOf)
	})
	t.Run("only when they say so", func(t *testing.T) {
		dir := write(t, map[string]string{"1.yaml": base, "2.yaml": base})
		_, err := rules.LoadFiles(dir)
		require.ErrorContains(t, err, `2.yaml:1: pack: "base" is already in `)
	})
}

func TestSelect(t *testing.T) {
	dir := write(t, map[string]string{"1.yaml": base})
	load := func(change func(*rules.Config)) (*rules.Set, error) {
		config := rules.NewDefaultConfig()
		config.Files = []string{dir}
		config.MinimumMaturity = rules.Experimental
		change(&config)
		set, err := rules.Load(config)
		if err != nil {
			return nil, err
		}
		own := *set
		own.Rules = nil
		for _, r := range set.Rules {
			if r.Pack == "base" {
				own.Rules = append(own.Rules, r)
			}
		}
		return &own, nil
	}
	for _, tc := range []struct {
		name   string
		change func(*rules.Config)
		want   []string
	}{
		{"all", func(*rules.Config) {}, []string{"base-one", "base-two"}},
		{"disabled by id", func(c *rules.Config) { c.Disable = []string{"base-one"} }, []string{"base-two"}},
		{"disabled by type", func(c *rules.Config) { c.Disable = []string{"B"} }, []string{"base-one"}},
		{"disabled by pack", func(c *rules.Config) { c.Disable = []string{"base"} }, nil},
		{"minimum maturity", func(c *rules.Config) { c.MinimumMaturity = rules.Incubating }, []string{"base-one"}},
		{"minimum confidence", func(c *rules.Config) { c.MinimumConfidence = 0.6 }, []string{"base-two"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			set, err := load(tc.change)
			require.NoError(t, err)
			require.Equal(t, tc.want, ids(set))
		})
	}
	t.Run("shadow", func(t *testing.T) {
		set, err := load(func(c *rules.Config) { c.Shadow = []string{"A"} })
		require.NoError(t, err)
		require.Equal(t, rules.Shadow, set.Rules[0].Mode)
		require.Equal(t, rules.Annotate, set.Rules[1].Mode)
	})
	t.Run("an unknown name", func(t *testing.T) {
		_, err := load(func(c *rules.Config) { c.Disable = []string{"base-won"} })
		require.EqualError(t, err, `disable[0]: "base-won" is no rule, pack or type, did you mean "base-one"?`)
	})
	t.Run("the hash tells rule sets apart", func(t *testing.T) {
		one, err := load(func(*rules.Config) {})
		require.NoError(t, err)
		same, err := load(func(*rules.Config) {})
		require.NoError(t, err)
		other, err := load(func(c *rules.Config) { c.Shadow = []string{"A"} })
		require.NoError(t, err)
		require.Equal(t, one.Hash, same.Hash)
		require.NotEqual(t, one.Hash, other.Hash)
	})
}

func TestLoadTellsWhatCannotBeRead(t *testing.T) {
	config := rules.NewDefaultConfig()
	config.Files = []string{"gone.yaml", t.TempDir()}
	_, err := rules.Load(config)
	require.ErrorContains(t, err, "rule files: stat gone.yaml")
	require.ErrorContains(t, err, "the directory has no *.yaml or *.yml file")
}

func TestConfigValidate(t *testing.T) {
	for _, tc := range []struct {
		name   string
		change func(*rules.Config)
		want   string
	}{
		{"the default", func(*rules.Config) {}, ""},
		{"maturity", func(c *rules.Config) { c.MinimumMaturity = "ripe" }, `minimum_maturity: "ripe" is no maturity: use experimental, incubating or stable`},
		{"confidence", func(c *rules.Config) { c.MinimumConfidence = 2 }, "minimum_confidence: 2 is outside 0 to 1"},
		{"path", func(c *rules.Config) { c.Files = []string{""} }, "files[0]: the path is empty"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			config := rules.NewDefaultConfig()
			tc.change(&config)
			err := config.Validate()
			if tc.want == "" {
				require.NoError(t, err)
				return
			}
			require.EqualError(t, err, tc.want)
		})
	}
}

func TestTenThousandRules(t *testing.T) {
	var pack strings.Builder
	pack.WriteString(head)
	for i := range 10_000 {
		fmt.Fprintf(&pack, "  - {id: mine-n%d, type: MINE, confidence: 0.5, match: {patterns: ['service number-%d is down']}}\n", i, i)
	}
	set, err := rules.Parse("many.yaml", []byte(pack.String()))
	require.NoError(t, err)
	require.Len(t, set.Rules, 10_000)
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(base))
	f.Add([]byte(rule("id: a\ntype: [")))
	f.Add([]byte("pack: a\nrules: {a: &x [*x]}\n"))
	f.Fuzz(func(_ *testing.T, content []byte) {
		_, _ = rules.Parse("fuzz.yaml", content)
	})
}
