package detect

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/failuredetector/failuredetector/rules"
)

const profiledPack = `pack: mine
types:
  - {type: MINE, category: own, severity: low, explain: {cause: c}}
rules:
  - {id: mine-code, type: MINE, confidence: 1, match: {codes: {press.code: [E12]}}}
  - id: mine-full
    type: MINE
    confidence: 1
    match: {patterns: ['zdisk \d+ is full', 'zdisk is quite full']}
    clear_patterns: ['zdisk \d+ is empty']
    none_of: [tested]
  - {id: mine-slow, type: MINE, confidence: 1, mode: shadow, match: {patterns: ['zdisk \d is slow']}}
  - {id: mine-unseen, type: MINE, confidence: 1, match: {patterns: ['zpress is full']}}
`

func profiled(t *testing.T) (*Detector, *Profile) {
	t.Helper()
	set, err := rules.Parse("m.yaml", []byte(profiledPack))
	require.NoError(t, err)
	d, err := New(set, Options{BodyKeys: DefaultBodyKeys(), Attributes: DefaultAttributes()})
	require.NoError(t, err)
	return d, NewProfile(d)
}

func TestProfileCountsWhatIsTried(t *testing.T) {
	d, p := profiled(t)
	rl, sl := plog.NewResourceLogs(), plog.NewScopeLogs()
	for _, text := range []string{
		"all is well", "zdisk 7 is full", "zdisk x is full", "zdisk 7 is full when it is tested", "zdisk 7 is empty",
		"zdisk 7 is slow", "zdisk 7 is full\nzdisk 7 is slow", "",
	} {
		lr := plog.NewLogRecord()
		lr.Body().SetStr(text)
		require.Equal(t, d.Log(rl, sl, lr), p.Log(rl, sl, lr), text)
	}
	lr := plog.NewLogRecord()
	lr.SetSeverityNumber(plog.SeverityNumberError)
	lr.Attributes().PutStr("press.code", "E12")
	require.Equal(t, d.Log(rl, sl, lr), p.Log(rl, sl, lr))

	costs := p.Costs()
	require.Equal(t, 9, costs.Records)
	require.Zero(t, costs.CutShort)
	counts := map[string][2]int{}
	sum := costs.Reading()
	for i := range costs.Rules {
		r := &costs.Rules[i]
		require.True(t, i == 0 || r.Time <= costs.Rules[i-1].Time)
		counts[r.Rule.ID] = [2]int{r.Seen, r.Matched}
		sum += r.Time
		require.Equal(t, r.Pattern == "", r.Walked == 0, r.Rule.ID)
		if r.Rule.ID == "mine-full" {
			require.Equal(t, `zdisk \d+ is full`, r.Pattern)
		}
	}
	require.Equal(t, map[string][2]int{"mine-full": {5, 3}, "mine-slow": {2, 2}, "mine-code": {1, 1}}, counts)
	require.Equal(t, costs.Time, sum)
	require.Positive(t, costs.Time)
}

// TestRulesWithoutASayChangeNothing compares with a profile, which tries every rule.
func TestRulesWithoutASayChangeNothing(t *testing.T) {
	d := again(shippedDetector(t))
	p := NewProfile(d)
	spared := 0
	for _, e := range append(labelledTexts(t), exampleTexts(d)...) {
		record := func() (plog.ResourceLogs, plog.ScopeLogs, plog.LogRecord) {
			lr := plog.NewLogRecord()
			fillExample(lr, e)
			return plog.NewResourceLogs(), plog.NewScopeLogs(), lr
		}
		verdict := d.Log(record())
		require.Equal(t, p.Log(record()), verdict, e.Text)
		spared -= len(verdict.Detections) + len(verdict.Shadow)
	}
	costs := p.Costs()
	for i := range costs.Rules {
		spared += costs.Rules[i].Matched
	}
	require.Positive(t, spared, "some texts match several rules of a type")
}

func TestProfileOfSpans(t *testing.T) {
	d, p := profiled(t)
	rs, ss := ptrace.NewResourceSpans(), ptrace.NewScopeSpans()
	healthy, failed := ptrace.NewSpan(), ptrace.NewSpan()
	failed.Status().SetCode(ptrace.StatusCodeError)
	failed.Status().SetMessage("zdisk 7 is full")
	event := failed.Events().AppendEmpty()
	event.SetName("exception")
	event.Attributes().PutStr("exception.message", "zdisk is quite full")
	require.Empty(t, p.Span(rs, ss, healthy))
	require.Equal(t, d.Span(rs, ss, failed), p.Span(rs, ss, failed))
	require.Equal(t, d.SpanEvent(rs, ss, failed, event), p.SpanEvent(rs, ss, failed, event))
	costs := p.Costs()
	require.Equal(t, 3, costs.Records)
	require.Len(t, costs.Rules, 1)
	require.Equal(t, 2, costs.Rules[0].Matched)
}

// TestProfileLeavesNothingBehind classifies after a profile with the same working memory.
func TestProfileLeavesNothingBehind(t *testing.T) {
	d, p := profiled(t)
	lr := plog.NewLogRecord()
	lr.Body().SetStr("zdisk 7 is full")
	p.Log(plog.NewResourceLogs(), plog.NewScopeLogs(), lr)
	before := p.Costs()
	d.Text("zdisk 7 is full")
	require.Equal(t, before, p.Costs())
	s := d.borrow()
	defer d.giveBack(s)
	require.Nil(t, s.ledger)
}

func TestCostsWithoutRecords(t *testing.T) {
	_, p := profiled(t)
	costs := p.Costs()
	require.Empty(t, costs.Rules)
	require.Zero(t, costs.Share(time.Second))
	require.Zero(t, costs.Reading())
}
