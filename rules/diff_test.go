package rules_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/failuredetector/failuredetector/rules"
)

const oldPack = `pack: press
types:
  - type: PRESS_JAMMED
    category: press
    severity: high
    resolve: {after: 10m}
    explain: {cause: 'Paper is stuck.', transient: false}
  - {type: PRESS_FAILURE, category: press, severity: low, explain: {cause: 'It fails.'}}
rules:
  - id: press-hot
    type: PRESS_JAMMED
    confidence: 0.5
    match: {patterns: ['zpress is hot at (?P<heat>\d+)']}
  - id: press-jammed
    type: PRESS_JAMMED
    confidence: 0.5
    maturity: stable
    match:
      patterns: ['zpress has a jam at (?P<sheet>\d+)', 'zpress is jammed']
      codes: {press.code: [E1]}
    examples: {match: ['zpress is jammed', 'oh, zpress is jammed'], ignore: ['zpress is fine', 'jam']}
`

var diffCases = []struct {
	name string
	// edit holds pairs of texts: what stands in the old pack and in the new one.
	edit []string
	want []string
}{
	{"nothing", nil, nil},
	{"a comment", []string{"rules:", "rules: # sorted"}, nil},
	{"a veto", []string{"types:", "vetoes:\n  - {veto: prose, patterns: ['\\bis said to\\b']}\ntypes:", "match: {patterns: ['zpress is hot", "vetoes: [prose]\n    match: {patterns: ['zpress is hot"}, []string{
		`minor veto "prose": added`, `minor rule "press-hot": vetoes: 1 added, 0 removed`,
	}},
	{"a stable rule renamed", []string{"id: press-jammed", "id: press-jam"}, []string{
		`major rule "press-jammed": removed, a rule that is stable`, `minor rule "press-jam": added, of type PRESS_JAMMED`,
	}},
	{"another rule renamed", []string{"id: press-hot", "id: press-heat"}, []string{
		`minor rule "press-heat": added, of type PRESS_JAMMED`, `minor rule "press-hot": removed, a rule that is incubating`,
	}},
	{"the type of a stable rule", []string{"id: press-jammed\n    type: PRESS_JAMMED", "id: press-jammed\n    type: PRESS_FAILURE"}, []string{
		`major rule "press-jammed": type: from PRESS_JAMMED to PRESS_FAILURE`,
		`major rule "press-jammed": severity: lowered from high to low`,
		`minor rule "press-jammed": resolve.after: from 10m0s to 0s`,
	}},
	{"the type of another rule", []string{"id: press-hot\n    type: PRESS_JAMMED", "id: press-hot\n    severity: high\n    resolve: {after: 10m}\n    type: PRESS_FAILURE"}, []string{
		`minor rule "press-hot": type: from PRESS_JAMMED to PRESS_FAILURE`,
	}},
	{"a type renamed", []string{"{type: PRESS_FAILURE", "{type: PRESS_FAULT"}, []string{
		`major type PRESS_FAILURE: removed`, `minor type PRESS_FAULT: added`,
	}},
	{"what a type is part of", []string{"category: press\n    severity: high", "category: paper\n    refines: PRESS_FAILURE\n    severity: high"}, []string{
		`major type PRESS_JAMMED: category: from press to paper`, `major type PRESS_JAMMED: refines: from nothing to PRESS_FAILURE`,
	}},
	{"a severity lowered, told once for all rules of the type", []string{"severity: high", "severity: medium"}, []string{
		`major type PRESS_JAMMED: severity: lowered from high to medium`,
	}},
	{"a severity raised", []string{"severity: high", "severity: critical"}, []string{
		`minor type PRESS_JAMMED: severity: raised from high to critical`,
	}},
	{"a rule's own severity lowered", []string{"maturity: stable", "maturity: stable\n    severity: low"}, []string{
		`major rule "press-jammed": severity: lowered from high to low`,
	}},
	{"how a type behaves", []string{"after: 10m", "after: 5m", "transient: false", "transient: true", "severity: low", "severity: low, precedence: [PRESS_JAMMED]"}, []string{
		`minor type PRESS_FAILURE: precedence: from nothing to [PRESS_JAMMED]`,
		`minor type PRESS_JAMMED: resolve.after: from 10m0s to 5m0s`, `minor type PRESS_JAMMED: explain.transient: from false to true`,
	}},
	{"a stable rule that is less", []string{"maturity: stable", "mode: shadow"}, []string{
		`major rule "press-jammed": maturity: lowered from stable to incubating`, `major rule "press-jammed": mode: from annotate to shadow`,
	}},
	{"a rule that is more", []string{"id: press-hot", "id: press-hot\n    maturity: stable\n    examples: {match: [zpress is hot at 1, zpress is hot at 2], ignore: [a, b]}"}, []string{
		`minor rule "press-hot": maturity: raised from incubating to stable`, `patch rule "press-hot": examples: other records`,
	}},
	{"a capture of a stable rule dropped", []string{"(?P<sheet>", "(?P<page>"}, []string{
		`major rule "press-jammed": no pattern captures "sheet" any more`, `minor rule "press-jammed": match.patterns: 1 added, 1 removed`,
	}},
	{"what a rule matches", []string{
		"'zpress is jammed']\n", "'zpress is jammed', 'zpress jams']\n      exception_types: [Jam]\n", "[E1]", "[E2]",
		"    maturity: stable", "    maturity: stable\n    all_of: ['zpress']\n    none_of: ['test']\n    clear_patterns: ['zpress runs']\n    condition: {log: 'true'}",
	}, []string{
		`minor rule "press-jammed": match.patterns: 1 added, 0 removed`,
		`minor rule "press-jammed": match.exception_types: 1 added, 0 removed`,
		`minor rule "press-jammed": match.codes: 1 added, 1 removed`,
		`minor rule "press-jammed": all_of: 1 added, 0 removed`,
		`minor rule "press-jammed": none_of: 1 added, 0 removed`,
		`minor rule "press-jammed": clear_patterns: 1 added, 0 removed`,
		`minor rule "press-jammed": condition: another one`,
	}},
	{"the pack", []string{"pack: press", "pack: paper"}, []string{
		`minor type PRESS_FAILURE: pack: from press to paper`, `minor type PRESS_JAMMED: pack: from press to paper`,
		`minor rule "press-hot": pack: from press to paper`, `minor rule "press-jammed": pack: from press to paper`,
	}},
	{"words", []string{"Paper is stuck.", "The paper is stuck.", "'oh, zpress is jammed'", "'ah, zpress is jammed'", "    match: {patterns: ['zpress is hot", "    explain: {cause: 'Hot.'}\n    match: {patterns: ['zpress is hot"}, []string{
		`patch type PRESS_JAMMED: explain: other words`, `patch rule "press-hot": explain: other words`, `patch rule "press-jammed": examples: other records`,
	}},
}

func TestDiff(t *testing.T) {
	for _, tc := range diffCases {
		t.Run(tc.name, func(t *testing.T) {
			for i := 0; i < len(tc.edit); i += 2 {
				require.Contains(t, oldPack, tc.edit[i])
			}
			before, err := rules.Parse("old.yaml", []byte(oldPack))
			require.NoError(t, err)
			after, err := rules.Parse("new.yaml", []byte(strings.NewReplacer(tc.edit...).Replace(oldPack)))
			require.NoError(t, err)
			var got []string
			for _, change := range rules.Diff(before, after) {
				got = append(got, change.Level.String()+" "+change.Subject()+": "+change.What)
			}
			require.Equal(t, tc.want, got)
		})
	}
}
