package detect

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/failuredetector/failuredetector/rules"
)

// shippedDetector gives the shipped catalogue with every maturity. It is compiled
// once: no test changes it.
func shippedDetector(tb testing.TB) *Detector {
	tb.Helper()
	d, err := shipped()
	require.NoError(tb, err)
	return d
}

var shipped = sync.OnceValues(func() (*Detector, error) {
	config := rules.NewDefaultConfig()
	config.MinimumMaturity = rules.Experimental
	set, err := rules.Load(config)
	if err != nil {
		return nil, err
	}
	return New(set, defaultOptions())
})

func defaultOptions() Options {
	return Options{BodyKeys: DefaultBodyKeys(), Attributes: DefaultAttributes()}
}

// detectorOf compiles a pack given as YAML.
func detectorOf(tb testing.TB, pack string) *Detector {
	tb.Helper()
	set, err := rules.Parse("test.yaml", []byte(pack))
	require.NoError(tb, err)
	d, err := New(set, defaultOptions())
	require.NoError(tb, err)
	return d
}

// types names what a verdict holds, primary first.
func types(v Verdict) []string {
	var names []string
	for _, found := range v.Detections {
		names = append(names, found.Rule.Type)
	}
	return names
}

const typesPack = `
pack: test
types:
  - {type: GENERAL, category: c, severity: low, explain: {cause: general}}
  - {type: MIDDLE, category: c, severity: high, refines: GENERAL, explain: {cause: middle}}
  - {type: SPECIAL, category: c, severity: low, refines: MIDDLE, explain: {cause: special}}
  - {type: FIRST, category: c, severity: low, precedence: [LOUD], explain: {cause: first}}
  - {type: LOUD, category: c, severity: critical, precedence: [QUIET], explain: {cause: loud}}
  - {type: QUIET, category: c, severity: medium, explain: {cause: quiet}}
  - {type: EARLY, category: c, severity: medium, explain: {cause: early}}
rules:
  - {id: test-early, type: EARLY, confidence: 0.1, match: {patterns: [word-early]}}
  - {id: test-first, type: FIRST, confidence: 0.5, match: {patterns: [word-first]}}
  - {id: test-general, type: GENERAL, confidence: 0.9, match: {patterns: [word-general]}}
  - {id: test-loud, type: LOUD, confidence: 0.5, match: {patterns: [word-loud]}}
  - {id: test-middle, type: MIDDLE, confidence: 0.9, match: {patterns: [word-middle]}}
  - {id: test-quiet-sure, type: QUIET, confidence: 0.9, match: {patterns: [word-quiet]}}
  - {id: test-quiet-unsure, type: QUIET, confidence: 0.3, match: {patterns: ['word-quiet|word-unsure']}}
  - {id: test-special, type: SPECIAL, confidence: 0.2, match: {patterns: [word-special]}}
`

func TestPrimaryType(t *testing.T) {
	d := detectorOf(t, typesPack)
	for _, tc := range []struct {
		name string
		text string
		want []string
	}{
		{"nothing", "all is well", nil},
		{"the most refined goes first, whatever its severity and confidence", "word-general word-middle word-special", []string{"SPECIAL", "MIDDLE", "GENERAL"}},
		{"refinement reaches over a step that did not match", "word-general word-special", []string{"SPECIAL", "GENERAL"}},
		{"precedence goes before severity", "word-loud word-first", []string{"FIRST", "LOUD"}},
		{"precedence reaches through a type that did not match", "word-quiet word-first", []string{"FIRST", "QUIET"}},
		{"then the higher severity", "word-quiet word-middle", []string{"MIDDLE", "QUIET"}},
		{"then the catalogue's order of types", "word-early word-quiet", []string{"QUIET", "EARLY"}},
		{"one entry for each type", "word-quiet word-unsure", []string{"QUIET"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			require.Equal(t, tc.want, types(d.Text(tc.text)))
		})
	}
}

func TestWithinATypeTheSurestRuleSpeaks(t *testing.T) {
	d := detectorOf(t, typesPack)
	require.Equal(t, "test-quiet-sure", d.Text("word-quiet").Detections[0].Rule.ID)
	require.Equal(t, "test-quiet-unsure", d.Text("word-unsure").Detections[0].Rule.ID)
}

const parts = `
pack: test
vetoes: [{veto: hearsay, patterns: ['they say', 'was broken']}]
types: [{type: BAD, category: c, severity: low, explain: {cause: 'No {{what_thing}} in {{place}}.', actions: [{do: 'Fix {{place}}.', risk: safe}]}}]
rules:
  - id: test-parts
    type: BAD
    confidence: 0.5
    match: {patterns: ['broken (?P<place>\w+)', 'second way'], exception_types: [BadError, other.Worse]}
    all_of: [supporting fact]
    none_of: ['never']
    vetoes: [hearsay]
    clear_patterns: ['fixed again']
  - {id: test-shadow, type: BAD, confidence: 0.5, mode: shadow, match: {patterns: [shady thing]}, clear_patterns: [shade is over]}
`

func TestPartsOfARule(t *testing.T) {
	d := detectorOf(t, parts)
	for _, tc := range []struct {
		name string
		text string
		hit  bool
	}{
		{"pattern and support", "broken pipe, supporting fact", true},
		{"any pattern", "supporting fact, second way", true},
		{"case does not count", "BROKEN PIPE, SUPPORTING FACT", true},
		{"no support", "broken pipe", false},
		{"a veto on the line of the match", "supporting fact\nthe pipe was broken pipe", false},
		{"a veto on another line does not hide the failure", "it never rains\nsupporting fact\nbroken pipe", true},
		{"a match after a vetoed one counts", "it was broken pipe\nbroken wheel\nsupporting fact", true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			require.Equal(t, tc.hit, len(d.Text(tc.text).Detections) > 0)
		})
	}
}

func TestWhatADetectionTells(t *testing.T) {
	d := detectorOf(t, parts)
	found := d.Text("supporting fact: broken p\x1bpe broken wheel").Detections[0]
	require.Equal(t, "body", found.Source)
	require.Equal(t, "broken p", found.Text)
	require.Equal(t, 17, found.Start)
	require.Equal(t, 25, found.End)
	require.Equal(t, []Capture{{Name: "place", Value: "p"}}, found.Captures)
	require.Equal(t, "No the what thing in p.", found.Cause())
	require.Equal(t, []string{"safe: Fix p."}, found.Actions())
}

func TestCapturesLoseSecrets(t *testing.T) {
	d := detectorOf(t, `
pack: test
types: [{type: BAD, category: c, severity: low, explain: {cause: 'Cannot reach {{url}}.'}}]
rules:
  - {id: test-url, type: BAD, confidence: 0.5, match: {patterns: ['cannot reach (?P<url>\S+)(?: password=(?P<word>\S+))?']}}
`)
	found := d.Text("cannot reach postgres://app:s3cr3t@db.example.com/shop password=hunter2").Detections[0]
	require.Equal(t, []Capture{
		{Name: "url", Value: "postgres://app:[redacted]@db.example.com/shop"},
		{Name: "word", Value: "[redacted]"},
	}, found.Captures)
	require.Equal(t, "Cannot reach postgres://app:[redacted]@db.example.com/shop.", found.Cause())
}

func TestShadowAndClear(t *testing.T) {
	d := detectorOf(t, parts)
	shadow := d.Text("a shady thing")
	require.Empty(t, shadow.Detections)
	require.Len(t, shadow.Shadow, 1)
	require.Equal(t, []string{"BAD"}, d.Text("it is fixed again").Clears)
	require.Empty(t, d.Text("shade is over").Clears, "a shadow rule clears nothing")
	require.Empty(t, d.Text("broken pipe, supporting fact, fixed again").Clears, "a failure clears nothing")
}

func TestExceptionTypes(t *testing.T) {
	d := detectorOf(t, parts)
	for _, tc := range []struct {
		exceptionType string
		hit           bool
	}{
		{"BadError", true},
		{"package.module.BadError", true},
		{"other.Worse", true},
		{"a.other.Worse", true},
		{"Worse", false},
		{"NotBadError", false},
		{"baderror", false},
	} {
		t.Run(tc.exceptionType, func(t *testing.T) {
			lr := plog.NewLogRecord()
			lr.Attributes().PutStr("exception.type", tc.exceptionType)
			lr.Attributes().PutStr("exception.message", "supporting fact")
			v := d.Log(plog.NewResourceLogs(), plog.NewScopeLogs(), lr)
			require.Equal(t, tc.hit, len(v.Detections) > 0)
			if tc.hit {
				require.Equal(t, "exception.type", v.Detections[0].Source)
				require.Equal(t, tc.exceptionType, v.Detections[0].Text)
			}
		})
	}
}

func TestConditionsDecideLast(t *testing.T) {
	d := detectorOf(t, `
pack: test
types: [{type: BAD, category: c, severity: low, explain: {cause: bad}}]
rules:
  - id: test-condition
    type: BAD
    confidence: 0.5
    match: {patterns: [broken]}
    condition: {log: 'attributes["tier"] == "prod" and resource.attributes["team"] == "blue"'}
`)
	rl := plog.NewResourceLogs()
	lr := rl.ScopeLogs().AppendEmpty().LogRecords().AppendEmpty()
	lr.Body().SetStr("broken")
	lr.Attributes().PutStr("tier", "prod")
	require.Empty(t, d.Log(rl, rl.ScopeLogs().At(0), lr).Detections)
	rl.Resource().Attributes().PutStr("team", "blue")
	require.Len(t, d.Log(rl, rl.ScopeLogs().At(0), lr).Detections, 1)
}

func TestNewRefusesBadConditionsAndExamples(t *testing.T) {
	set, err := rules.Parse("bad.yaml", []byte(`
pack: bad
types: [{type: BAD, category: c, severity: low, explain: {cause: bad}}]
rules:
  - id: bad-condition
    type: BAD
    confidence: 0.5
    match: {patterns: [broken]}
    condition: {span: 'no such thing'}
`))
	require.NoError(t, err)
	_, err = New(set, Options{})
	require.ErrorContains(t, err, `bad.yaml:5: rule "bad-condition": condition.span: `)

	set, err = rules.Parse("bad.yaml", []byte(`
pack: bad
types: [{type: BAD, category: c, severity: low, explain: {cause: bad}}]
rules:
  - id: bad-examples
    type: BAD
    confidence: 0.5
    maturity: stable
    match: {patterns: [broken]}
    examples:
      match: [it is broken, all is well]
      ignore: [all is well, {text: it is broken}]
`))
	require.NoError(t, err)
	_, err = New(set, Options{})
	require.EqualError(t, err, `bad.yaml:11: rule "bad-examples": an example of examples.match does not match: "all is well"
bad.yaml:12: rule "bad-examples": an example of examples.ignore matches: "it is broken"`)
}
