package detect

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/failuredetector/failuredetector/rules"
)

// afresh judges a record as if none had come before.
func afresh(d *Detector, e rules.Example) Verdict {
	s := d.borrow()
	defer d.giveBack(s)
	d.readExample(s, e)
	d.look(s)
	d.gather(s)
	v := d.decide(s)
	s.input.identify(&v)
	return v
}

// withDigits gives a text with other digits in the places of its own.
func withDigits(text string, digit func(was rune) rune) string {
	return strings.Map(func(r rune) rune {
		if '0' <= r && r <= '9' {
			return digit(r)
		}
		return r
	}, text)
}

// variants gives a record with other digits.
func variants(e rules.Example, random *rand.Rand) []rules.Example {
	var list []rules.Example
	for _, digit := range []func(was rune) rune{
		func(rune) rune { return '0' },
		func(was rune) rune { return '0' + (was-'0'+1)%10 },
		func(rune) rune { return '0' + random.Int32N(10) },
		func(was rune) rune {
			if random.IntN(4) == 0 {
				return '0' + random.Int32N(10)
			}
			return was
		},
	} {
		list = append(list, rules.Example{Text: withDigits(e.Text, digit), ExceptionType: e.ExceptionType})
	}
	return list
}

// TestOtherDigitsAreJudgedAsIfNoneHadComeBefore shows records and their variants again and again.
func TestOtherDigitsAreJudgedAsIfNoneHadComeBefore(t *testing.T) {
	d := again(shippedDetector(t))
	random := rand.New(rand.NewPCG(3, 7))
	recalled, matched := 0, 0
	for _, e := range append(labelledTexts(t), exampleTexts(d)...) {
		if len(e.Text) > maxRepeat || !strings.ContainsAny(e.Text, "0123456789") {
			continue
		}
		for _, v := range append([]rules.Example{e, e}, append(variants(e, random), variants(e, random)...)...) {
			want := afresh(d, v)
			s := d.borrow()
			d.readExample(s, v)
			d.look(s)
			if _, ok := d.recall(s); ok && d.repeats.recall(s.key.all, func(*repeat) bool { return true }) == nil {
				recalled++
			}
			require.Equal(t, want, d.classify(s), "%q", v.Text)
			d.giveBack(s)
			matched += min(len(want.Detections), 1)
		}
	}
	t.Logf("%d of %d failures were known but for their digits", recalled, matched)
	require.Greater(t, recalled, matched/4)
}

func TestDigitsThatCount(t *testing.T) {
	d := again(shippedDetector(t))
	for name, texts := range map[string][]string{
		"ports":             {"dial tcp 10.0.0.7:5432: connect: connection refused", "dial tcp 10.0.0.8:6379: connect: connection refused", "dial tcp 10.0.0.9:9092: connect: connection refused"},
		"codes of a server": {"ORA-00060: deadlock detected while waiting for resource", "ORA-00018: maximum number of sessions exceeded"},
		"status":            {"request failed with status code 503", "request failed with status code 401", "request failed with status code 429"},
		"nothing failed":    {"connections refused: 7", "connections refused: 0"},
		"behind a colour":   {"connection refused at 0\x1b[1mx1f", "connection refused at 7\x1b[1mx1f"},
		"fingerprints":      {"segmentation fault at 0x1f ip 7 sp 2 error 4", "segmentation fault at 7x1f ip 7 sp 2 error 4"},
	} {
		t.Run(name, func(t *testing.T) {
			for range 4 {
				for _, text := range texts {
					require.Equal(t, afresh(d, rules.Example{Text: text}), d.Text(text), text)
				}
			}
		})
	}
}

// TestDigitsInAllThatARuleAsks has rules that tell digits apart in all kinds of patterns.
func TestDigitsInAllThatARuleAsks(t *testing.T) {
	d := again(detectorOf(t, `
pack: own
types:
  - {type: DISK_FULL, category: resource, severity: high, explain: {cause: Full., actions: [{do: Free some., risk: safe}]}}
  - {type: DISK_SLOW, category: resource, severity: high, explain: {cause: Slow., actions: [{do: Wait., risk: safe}]}}
rules:
  - id: own-disk
    type: DISK_FULL
    maturity: experimental
    confidence: 0.9
    match: {patterns: ['disk is full: \w{0,9}(?P<disk>[1-8])\b']}
    all_of: ['level \w{0,9}[5-9]\b']
    none_of: ['test \w{0,9}[12]\b']
    clear_patterns: ['disk is free: \w{0,9}[1-8]\b']
  - id: own-slow
    type: DISK_SLOW
    maturity: experimental
    mode: shadow
    confidence: 0.9
    match: {patterns: ['disk is (?:full|free): \w{0,9}[3-5]\b']}
`))
	for _, form := range []string{"disk is full: %d, level %d, test %d", "disk is free: %d, level %d, test %d"} {
		for range 3 {
			for disk := range 10 {
				for level := range 10 {
					text := fmt.Sprintf(form, disk, level, (disk+level)%4)
					require.Equal(t, afresh(d, rules.Example{Text: text}), d.Text(text), text)
				}
			}
		}
	}
}

// TestLongTextsHaveNoShape has one at the limit and one beyond.
func TestLongTextsHaveNoShape(t *testing.T) {
	d := again(shippedDetector(t))
	const text = "connection refused by host 7"
	for size, want := range map[int]bool{longText - 1: true, longText: false} {
		s := d.borrow()
		d.readExample(s, rules.Example{Text: text + strings.Repeat(".", size-len(text))})
		d.look(s)
		s.key.read(&s.input)
		require.True(t, s.key.known())
		require.Equal(t, want, s.key.hasShape(), size)
		d.giveBack(s)
	}
}

// TestShapesAreNotKeptWhereTooMuchWouldBeAsked has a veto on each of many lines of a record.
func TestShapesAreNotKeptWhereTooMuchWouldBeAsked(t *testing.T) {
	d := again(detectorOf(t, diskRule+`
    match: {patterns: ['full: [1-9]']}
    none_of: ['no \w{0,9}[1-9]']
`))
	for lines, want := range map[int]int{4: 1, maxAsked: 0} {
		d = again(d)
		for number := range 4 {
			text := strings.Repeat("full: 1 no 1\n", lines-1) + fmt.Sprintf("full: 1 at %d", number)
			require.Len(t, d.Text(text).Detections, 1)
		}
		require.Equal(t, want, remembered(d), lines)
	}
}

// TestAskingInVainUsesNothingUp has a shape that is known, on which a veto says something else.
func TestAskingInVainUsesNothingUp(t *testing.T) {
	d := again(detectorOf(t, diskRule+`
    match: {patterns: ['disk is full']}
    none_of: ['test \w{0,9}[12]\b']
`))
	for range 2 {
		require.Len(t, d.Text("disk is full, test 7").Detections, 1)
	}
	require.Len(t, d.Text("disk is full, test 8").Detections, 1)
	s := d.borrow()
	defer d.giveBack(s)
	d.readExample(s, rules.Example{Text: "disk is full, test 1"})
	d.look(s)
	_, ok := d.recall(s)
	require.False(t, ok)
	require.Zero(t, s.spent)
	require.Empty(t, d.classify(s).Detections)
}

// TestWhatIsQuotedIsOfTheRecordAtHand has a failure with other numbers each time.
func TestWhatIsQuotedIsOfTheRecordAtHand(t *testing.T) {
	d := again(shippedDetector(t))
	var prints []string
	for _, text := range []string{
		"dial tcp 10.0.0.7:5432: connect: connection refused", "dial tcp 10.0.0.8:5432: connect: connection refused",
		"dial tcp 10.0.0.9:5432: connect: connection refused",
	} {
		v := d.Text(text)
		require.NotEmpty(t, v.Detections)
		require.Contains(t, text, v.Detections[0].Text)
		prints = append(prints, v.Fingerprint)
	}
	require.Equal(t, 1, remembered(d))
	require.Equal(t, []string{prints[0], prints[0], prints[0]}, prints)
}

// TestShapesOfMoreThanText has what stands beside a text in the record.
func TestShapesOfMoreThanText(t *testing.T) {
	const text = "dial tcp 10.0.0.7:5432: connect: connection refused"
	d := again(shippedDetector(t))
	records := map[string]func(lr plog.LogRecord, text string){
		"body":       func(lr plog.LogRecord, text string) { lr.Body().SetStr(text) },
		"in a key":   func(lr plog.LogRecord, text string) { lr.Body().SetEmptyMap().PutStr("message", text) },
		"in colours": func(lr plog.LogRecord, text string) { lr.Body().SetStr("\x1b[31m" + text + "\x1b[0m") },
		"with a message": func(lr plog.LogRecord, text string) {
			lr.Body().SetStr(text)
			lr.Attributes().PutStr(attrErrorMessage, "7")
		},
		"exception": func(lr plog.LogRecord, text string) {
			lr.SetEventName(exceptionEvent)
			lr.Attributes().PutStr(attrExceptionMessage, text)
			lr.Attributes().PutStr(attrExceptionStacktrace, "at a.b (c.js:1:2)\nat d.e (f.js:3:4)")
		},
		"exception of a type": func(lr plog.LogRecord, text string) {
			lr.SetEventName(exceptionEvent)
			lr.Attributes().PutStr(attrExceptionType, "java.net.ConnectException")
			lr.Attributes().PutStr(attrExceptionMessage, text)
		},
		"code": func(lr plog.LogRecord, text string) {
			lr.Body().SetStr(text)
			lr.SetSeverityNumber(plog.SeverityNumberError)
			lr.Attributes().PutStr("db.response.status_code", "53300")
		},
	}
	for round := range 4 {
		for name, fill := range records {
			for shift := range int32(3) {
				lr := plog.NewLogRecord()
				fill(lr, withDigits(text, func(was rune) rune { return '0' + (was-'0'+shift*int32(round))%10 }))
				fresh := again(d)
				require.Equal(t, fresh.Log(plog.NewResourceLogs(), plog.NewScopeLogs(), lr), d.Log(plog.NewResourceLogs(), plog.NewScopeLogs(), lr), name)
			}
		}
	}
}

// FuzzDigits holds verdicts on records with other digits to those on records of which none came before.
func FuzzDigits(f *testing.F) {
	d := shippedDetector(f)
	for i, r := range d.Rules().Rules {
		if i%20 == 0 {
			f.Add(r.Examples.Match[0].Text, uint64(i))
		}
	}
	f.Fuzz(func(t *testing.T, text string, seed uint64) {
		if len(text) > maxFuzzedText {
			return
		}
		warm, e := again(d), rules.Example{Text: text}
		random := rand.New(rand.NewPCG(seed, 1))
		for _, v := range append([]rules.Example{e, e}, append(variants(e, random), variants(e, random)...)...) {
			require.Equal(t, afresh(d, v), warm.Text(v.Text), "%q", v.Text)
		}
	})
}
