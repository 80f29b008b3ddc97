package labelled_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/failuredetector/failuredetector/detect"
	"github.com/failuredetector/failuredetector/internal/labelled"
	"github.com/failuredetector/failuredetector/rules"
)

const pack = `pack: press
types:
  - {type: PRESS_JAMMED, category: press, severity: high, explain: {cause: 'Paper is stuck.'}}
  - {type: PRESS_HOT, category: press, severity: low, explain: {cause: 'The press is hot.'}}
  - {type: PRESS_COLD, category: press, severity: low, explain: {cause: 'The press is cold.'}}
rules:
  - {id: press-hot, type: PRESS_HOT, confidence: 0.5, match: {patterns: ['\bzhot\b']}}
  - {id: press-jam, type: PRESS_JAMMED, confidence: 0.5, match: {patterns: ['\bzjam\b'], exception_types: [Zjam]}}
  - {id: press-jammed, type: PRESS_JAMMED, confidence: 0.5, match: {patterns: ['\bzjammed\b']}}
`

func detector(t *testing.T) *detect.Detector {
	t.Helper()
	set, err := rules.Parse("press.yaml", []byte(pack))
	require.NoError(t, err)
	d, err := detect.New(set, detect.Options{BodyKeys: detect.DefaultBodyKeys(), Attributes: detect.DefaultAttributes()})
	require.NoError(t, err)
	return d
}

func TestMeasure(t *testing.T) {
	messages := []labelled.Message{
		{ID: "right", Text: "zjam", Labels: []string{"PRESS_JAMMED"}},
		{ID: "right by another rule", Text: "zjammed", Labels: []string{"PRESS_JAMMED", "PRESS_HOT"}},
		{ID: "right by the second label", Text: "zhot", Labels: []string{"PRESS_JAMMED", "PRESS_HOT"}},
		{ID: "right by what is also right", Text: "zhot", Labels: []string{"PRESS_JAMMED"}, AlsoOK: []string{"PRESS_HOT"}},
		{ID: "right as an exception", Text: "stuck", ExceptionType: "press.Zjam", Labels: []string{"PRESS_JAMMED"}},
		{ID: "right to say nothing", Text: "fine", Labels: nil},
		{ID: "no failure, and one would do", Text: "zhot", AlsoOK: []string{"PRESS_HOT"}},
		{ID: "missed", Text: "stuck", Labels: []string{"PRESS_COLD"}},
		{ID: "taken for another", Text: "zhot zjam", Labels: []string{"PRESS_HOT"}},
		{ID: "false positive", Text: "zhot stamping", Labels: nil},
	}
	got, err := labelled.Measure(detector(t), messages)
	require.NoError(t, err)
	require.Equal(t, &labelled.Result{
		Total: labelled.Count{Messages: 7, Recognised: 5, Found: 8, Wrong: 1, FalsePositives: 1},
		Types: []labelled.TypeCount{
			{Type: "PRESS_COLD", Count: labelled.Count{Messages: 1}},
			{Type: "PRESS_HOT", Count: labelled.Count{Messages: 1, Found: 4, FalsePositives: 1}},
			{Type: "PRESS_JAMMED", Count: labelled.Count{Messages: 5, Recognised: 5, Found: 4, Wrong: 1}},
		},
		Rules: []labelled.RuleCount{
			{Rule: "press-hot", Type: "PRESS_HOT", Count: labelled.Count{Messages: 1, Found: 4, FalsePositives: 1}},
			{Rule: "press-jam", Type: "PRESS_JAMMED", Count: labelled.Count{Messages: 5, Recognised: 2, Found: 3, Wrong: 1}},
			{Rule: "press-jammed", Type: "PRESS_JAMMED", Count: labelled.Count{Messages: 5, Recognised: 1, Found: 1}},
		},
		Faults: []labelled.Fault{
			{Message: &messages[7]},
			{Message: &messages[8], Got: labelled.Answer{Type: "PRESS_JAMMED", Rule: "press-jam"}},
			{Message: &messages[9], Got: labelled.Answer{Type: "PRESS_HOT", Rule: "press-hot"}},
		},
	}, got)
	require.InDelta(t, 5.0/7, got.Total.Recall(), 1e-9)
	require.InDelta(t, 6.0/8, got.Total.Precision(), 1e-9)
	require.InDelta(t, 1, labelled.Count{}.Recall(), 0)
}

func TestMeasureRefusesALabelThatIsNoType(t *testing.T) {
	_, err := labelled.Measure(detector(t), []labelled.Message{
		{ID: "a", Text: "zjam", Labels: []string{"PRESS_JAMED"}, File: "m.jsonl", Line: 3},
	})
	require.EqualError(t, err, `m.jsonl:3: labels, also_ok: there is no failure type "PRESS_JAMED"`)
}

func TestCompare(t *testing.T) {
	set, err := rules.Parse("press.yaml", []byte(strings.Replace(pack, "zjam\\b", "zstuck\\b", 1)))
	require.NoError(t, err)
	after, err := detect.New(set, detect.Options{})
	require.NoError(t, err)
	messages := []labelled.Message{{ID: "lost", Text: "zjam"}, {ID: "won", Text: "zstuck"}, {ID: "as before", Text: "zhot"}}
	jam := labelled.Answer{Type: "PRESS_JAMMED", Rule: "press-jam"}
	require.Equal(t, []labelled.Difference{
		{Message: &messages[0], Before: jam},
		{Message: &messages[1], After: jam},
	}, labelled.Compare(detector(t), after, messages))
	require.Equal(t, `PRESS_JAMMED by rule "press-jam"`, jam.String())
	require.Equal(t, "nothing", labelled.Answer{}.String())
}
