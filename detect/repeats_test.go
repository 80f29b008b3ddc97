package detect

import (
	"fmt"
	"hash/maphash"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// remembered says how many verdicts a detector remembers.
func remembered(d *Detector) int {
	count := 0
	for i := range d.repeats.drawers {
		for j := range d.repeats.drawers[i].slots {
			if d.repeats.drawers[i].slots[j].Load() != nil {
				count++
			}
		}
	}
	return count
}

// again makes a detector that has forgotten all.
func again(d *Detector) *Detector {
	return &Detector{
		set: d.set, rules: d.rules, number: d.number, order: d.order, reader: d.reader, codes: d.codes, exceptions: d.exceptions,
		triggers: d.triggers, sieve: d.sieve, vetoes: d.vetoes, repeats: newRepeats(), scratch: sync.Pool{New: d.scratch.New},
	}
}

func TestVerdictOnARepeatIsTheFirstOne(t *testing.T) {
	d := again(shippedDetector(t))
	texts := append(labelledTexts(t), every(exactExamples, exampleTexts(d))...)
	for _, e := range texts {
		var first Verdict
		for time := range 3 {
			s := d.borrow()
			d.readExample(s, e)
			verdict := d.classify(s)
			if time == 0 {
				first = verdict
			}
			require.Equal(t, first, verdict, "%q", e.Text)
			d.giveBack(s)
		}
	}
	require.Greater(t, remembered(d), len(texts)/2)
}

// TestRecordsThatDifferAreNoRepeats takes records of which only one thing differs, each
// behind the others.
func TestRecordsThatDifferAreNoRepeats(t *testing.T) {
	const text = "dial tcp 10.0.0.7:5432: connect: connection refused"
	records := map[string]func(lr plog.LogRecord){
		"body":          func(lr plog.LogRecord) { lr.Body().SetStr(text) },
		"another body":  func(lr plog.LogRecord) { lr.Body().SetStr(text + " (again)") },
		"in a key":      func(lr plog.LogRecord) { lr.Body().SetEmptyMap().PutStr("message", text) },
		"in other keys": func(lr plog.LogRecord) { lr.Body().SetEmptyMap().PutStr("error", text) },
		"split in two": func(lr plog.LogRecord) {
			lr.Body().SetStr(text[:20])
			lr.Attributes().PutStr(attrErrorMessage, text[20:])
		},
		"message of an exception": func(lr plog.LogRecord) {
			lr.SetEventName(exceptionEvent)
			lr.Attributes().PutStr(attrExceptionMessage, text)
		},
		"exception of a type": func(lr plog.LogRecord) {
			lr.SetEventName(exceptionEvent)
			lr.Attributes().PutStr(attrExceptionType, "java.net.ConnectException")
			lr.Attributes().PutStr(attrExceptionMessage, text)
		},
		"with a code": func(lr plog.LogRecord) {
			lr.Body().SetStr(text)
			lr.SetSeverityNumber(plog.SeverityNumberError)
			lr.Attributes().PutStr("db.response.status_code", "53300")
		},
		"with another code": func(lr plog.LogRecord) {
			lr.Body().SetStr(text)
			lr.SetSeverityNumber(plog.SeverityNumberError)
			lr.Attributes().PutStr("db.response.status_code", "40P01")
		},
		"with a code that does not count": func(lr plog.LogRecord) {
			lr.Body().SetStr(text)
			lr.SetSeverityNumber(plog.SeverityNumberInfo)
			lr.Attributes().PutStr("db.response.status_code", "53300")
		},
	}
	d := again(shippedDetector(t))
	for range 3 {
		for name, fill := range records {
			lr := plog.NewLogRecord()
			fill(lr)
			judged := d.Log(plog.NewResourceLogs(), plog.NewScopeLogs(), lr)
			fresh := again(d)
			require.Equal(t, fresh.Log(plog.NewResourceLogs(), plog.NewScopeLogs(), lr), judged, name)
		}
	}
	span := ptrace.NewSpan()
	span.Status().SetCode(ptrace.StatusCodeError)
	span.Status().SetMessage(text)
	judged := d.Span(ptrace.NewResourceSpans(), ptrace.NewScopeSpans(), span)
	require.Equal(t, "status.message", judged.Detections[0].Source)
}

func TestTheSameHashIsNotTheSameRecord(t *testing.T) {
	r, key := newRepeats(), []byte("connection refused")
	hash := maphash.Bytes(r.seed, key)
	d := r.places(hash)[0]
	d.slots[0].Store(&repeat{key: "no space left on device"})
	d.tags[0].Store(tagOf(hash))
	require.Nil(t, r.recall(key, func(*repeat) bool { return true }))
}

func TestWhatCameOnceIsNotRemembered(t *testing.T) {
	d := again(shippedDetector(t))
	for n := range 2 {
		require.NotEmpty(t, d.Text("connection refused").Detections)
		require.Equal(t, n, remembered(d))
	}
}

// TestThousandsAreRemembered has failures in turn, so that each could take the place of another
// each time.
func TestThousandsAreRemembered(t *testing.T) {
	d := again(shippedDetector(t))
	const many = repeatSlots / 2
	for range 3 {
		for i := range many {
			d.Text(fmt.Sprintf("connection refused by host %d", i))
		}
	}
	require.Greater(t, remembered(d), many*9/10)
	require.LessOrEqual(t, remembered(d), many)
}

// TestHardlyAnyIsCrowdedOut has three quarters of what there is room for in turn: what finds no
// room would never be remembered.
func TestHardlyAnyIsCrowdedOut(t *testing.T) {
	r := newRepeats()
	const many = repeatSlots * 3 / 4
	kept := 0
	for round := range 3 {
		kept = 0
		for i := range many {
			key := fmt.Sprintf("failure %d", i)
			if r.recall([]byte(key), func(*repeat) bool { return true }) != nil {
				kept++
			} else {
				r.keep(&repeat{key: key})
			}
		}
		require.Equal(t, round > 0, kept > 0)
	}
	require.Greater(t, kept, many*97/100)
}

// diskRule is the begin of a pack with one rule, of which the patterns come next.
const diskRule = `
pack: own
types:
  - {type: DISK_FULL, category: resource, severity: high, explain: {cause: Full., actions: [{do: Free some., risk: safe}]}}
rules:
  - id: own-disk
    type: DISK_FULL
    maturity: experimental
    confidence: 0.9`

// TestConditionsAreAskedEachTime has one that sees what a verdict is not remembered by.
func TestConditionsAreAskedEachTime(t *testing.T) {
	d := again(detectorOf(t, diskRule+`
    match: {patterns: ['disk is full']}
    condition: {log: 'attributes["tier"] == "gold"'}
`))
	for _, tier := range []string{"gold", "silver", "gold", "gold", "silver"} {
		lr := plog.NewLogRecord()
		lr.Body().SetStr("the disk is full")
		lr.Attributes().PutStr("tier", tier)
		require.Len(t, d.Log(plog.NewResourceLogs(), plog.NewScopeLogs(), lr).Detections, map[string]int{"gold": 1}[tier], tier)
	}
	require.Zero(t, remembered(d))
}

func TestWhatIsLongOrNoFailureIsNotRemembered(t *testing.T) {
	d := again(shippedDetector(t))
	for range 3 {
		require.NotEmpty(t, d.Text("connection refused\n"+strings.Repeat("x", maxRepeat)).Detections)
		d.Text("Port 5173 is already in use, trying another one...")
		d.Text("all is well")
	}
	require.Zero(t, remembered(d))
}

// TestCallersMayReorder sees that what one caller does with a verdict no other sees,
// and, with the race detector, that many can have the same.
func TestCallersMayReorder(t *testing.T) {
	d := again(shippedDetector(t))
	text := "psycopg2.OperationalError: connection refused; worker ran out of memory: OOMKilled; No space left on device"
	want := d.Text(text)
	require.Greater(t, len(want.Detections), 1)
	var all sync.WaitGroup
	for i := range 4 {
		all.Go(func() {
			for range 50 {
				got := d.Text(text)
				slices.Reverse(got.Detections)
				d.Text(fmt.Sprintf("%s %d", text, i))
			}
		})
	}
	all.Wait()
	require.Equal(t, want, d.Text(text))
}
