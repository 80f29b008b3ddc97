package survey

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/failuredetector/failuredetector/detect"
	"github.com/failuredetector/failuredetector/failure"
	"github.com/failuredetector/failuredetector/internal/logfile"
	"github.com/failuredetector/failuredetector/rules"
)

const press = "../../cmd/failurectl/testdata/press.yaml"

func newDetector(tb testing.TB) *detect.Detector {
	tb.Helper()
	set, err := rules.LoadFiles(press)
	require.NoError(tb, err)
	d, err := detect.New(set, detect.Options{BodyKeys: detect.DefaultBodyKeys(), Attributes: detect.DefaultAttributes()})
	require.NoError(tb, err)
	return d
}

// found is what a run gives.
type found struct {
	summary *Summary
	// lines has line and primary type of each record.
	lines []string
	told  []string
}

// scan surveys files, whose texts are given by their names.
func scan(t *testing.T, form logfile.Form, names []string, texts map[string]string) found {
	t.Helper()
	var f found
	told := false
	s := Survey{
		Detector: newDetector(t),
		Open: func(path string) (*logfile.Reader, error) {
			text, ok := texts[path]
			if !ok {
				return nil, os.ErrNotExist
			}
			return logfile.NewReader(path, strings.NewReader(text), form), nil
		},
		Now: time.Date(2026, time.March, 11, 0, 0, 0, 0, time.UTC),
		Each: func(results []Result) error {
			for _, r := range results {
				kind := "-"
				if len(r.Verdict.Detections) > 0 {
					kind = r.Verdict.Detections[0].Rule.Type
				}
				f.lines = append(f.lines, fmt.Sprintf("%d %s", r.Line, kind))
			}
			return nil
		},
		Progress: func(n int64, _ *Summary) {
			require.Positive(t, n)
			told = true
		},
		Tell: func(message string, trouble bool) { f.told = append(f.told, fmt.Sprintf("%t %s", trouble, message)) },
	}
	var err error
	f.summary, err = s.Run(t.Context(), names)
	require.NoError(t, err)
	require.Equal(t, len(f.lines) > 0, told)
	return f
}

func scanText(t *testing.T, form logfile.Form, text string) found {
	t.Helper()
	return scan(t, form, []string{"app.log"}, map[string]string{"app.log": text})
}

func TestSummary(t *testing.T) {
	texts := map[string]string{
		"a/print.log": "2026-03-10 09:00:00 all is well\n" +
			"2026-03-10 09:00:05 print\n  password=hunter2 zpress-7 reports a jam in tray 2\n" +
			"2026-03-10 09:00:01 print\n  password=hunter2 zpress-7 reports a jam in tray 2\n",
		"b/queue.json.log.1.gz": `{"msg":"zpress-7 reports a jam","service":{"name":"queue"}}` + "\n" + `{"msg":"zpress-7 reports a jam"}` + "\n",
	}
	f := scan(t, logfile.Auto, []string{"a/print.log", "b/queue.json.log.1.gz"}, texts)
	require.Equal(t, []string{"1 -", "2 PRESS_JAMMED", "4 PRESS_JAMMED", "1 PRESS_JAMMED", "2 PRESS_JAMMED"}, f.lines)
	require.Empty(t, f.told)
	s := f.summary
	require.Equal(t, 5, s.Records)
	require.Equal(t, 4, s.Failures)
	require.Equal(t, int64(len(texts["a/print.log"])+len(texts["b/queue.json.log.1.gz"])), s.Bytes)
	require.Equal(t, []Count{{"PRESS_JAMMED", 4}}, s.Types())
	require.Equal(t, failure.High, s.Worst("PRESS_JAMMED"))
	require.Equal(t, []Count{{"print", 2}, {"queue", 2}}, s.Services())
	require.Equal(t, 4, s.Severity(failure.High))
	groups := s.Groups()
	require.Len(t, groups, 2)
	require.Regexp(t, "^v1:[0-9a-f]{16}$", groups[0].Fingerprint)
	groups[0].Fingerprint = ""
	require.Equal(t, &Group{
		Type: "PRESS_JAMMED", Rule: "press-jammed", Service: "print", Severity: failure.High, Count: 2,
		First: time.Date(2026, time.March, 10, 9, 0, 1, 0, time.UTC), Last: time.Date(2026, time.March, 10, 9, 0, 5, 0, time.UTC),
		File: "a/print.log", Line: 2, Example: "password=[redacted] zpress-7 reports a jam in tray 2",
	}, groups[0])
	require.Equal(t, "queue", groups[1].Service)
	require.Zero(t, groups[1].First)
}

func TestOrderAcrossBatches(t *testing.T) {
	var text strings.Builder
	var want []string
	for i := range 40000 {
		if i%1000 == 7 {
			text.WriteString("zpress-7 reports a jam\n")
			want = append(want, fmt.Sprintf("%d PRESS_JAMMED", i+1))
			continue
		}
		text.WriteString("zpress is ready and waits\n")
		want = append(want, fmt.Sprintf("%d -", i+1))
	}
	f := scanText(t, logfile.Text, text.String())
	require.Equal(t, want, f.lines)
	require.Equal(t, 40, f.summary.Failures)
}

func TestGroupsAreBounded(t *testing.T) {
	var text strings.Builder
	for i := range maxGroups + 5 {
		fmt.Fprintf(&text, "{\"msg\":\"zpress-7 reports a jam\",\"service\":\"s%d\"}\n", i)
	}
	s := scanText(t, logfile.Text, text.String()).summary
	require.Equal(t, maxGroups+5, s.Failures)
	require.Len(t, s.Groups(), maxGroups)
	require.Len(t, s.Services(), maxServices)
	require.Equal(t, 5, s.Other)
}

func TestObjects(t *testing.T) {
	f := scanText(t, logfile.Auto, `{"text":"zpress-7 reports a jam"}`+"\n"+
		`{"text":"it broke","exception_type":"zpress.ZpressError","attributes":{"service.name":"print"}}`+"\n"+
		`{"text":"it broke","exception_type":"x","attributes":{"press.code":"E93","n":1,"list":[1,"a",null],"map":{"a":true}}}`+"\n"+
		`{"text":"","exception_type":null,"attributes":null}`+"\n"+
		`{"text":"zpress-7 reports a jam`+"\n"+
		"\n"+`{"message":"zpress-7 reports a jam"}`+"\n")
	require.Equal(t, []string{"1 PRESS_JAMMED", "2 PRESS_FAILURE", "3 PRESS_FAILURE", "4 -", "5 PRESS_JAMMED", "7 PRESS_JAMMED"}, f.lines)
	require.Equal(t, []string{"false app.log: 2 objects are not of the form of the file"}, f.told)
	require.Equal(t, []Count{{"app", 4}, {"print", 1}}, f.summary.Services())
}

func TestRequests(t *testing.T) {
	const resource = `"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"print"}}]}`
	jam := func(key string) string {
		return `{"key":"` + key + `","value":{"stringValue":"zpress-7 reports a jam"}}`
	}
	event := `{"name":"exception","timeUnixNano":"1773133200000000000","attributes":[` + jam("exception.message") + `,{"key":"exception.type","value":{"stringValue":"E"}}]}`
	logs := `{"resourceLogs":[{` + resource + `,"scopeLogs":[{"logRecords":[` +
		`{"body":{"stringValue":"all is well"}},{"timeUnixNano":"1773133200000000000","body":{"stringValue":"zpress-7 reports a jam"}}]}]}]}`
	spans := `{"resourceSpans":[{` + resource + `,"scopeSpans":[{"spans":[` +
		`{"name":"healthy"},` +
		`{"name":"an event says it","events":[{"name":"other"},` + event + `],"status":{"code":2,"message":"zpress-7 reports a jam"}},` +
		`{"name":"the status says more","events":[{"name":"exception","attributes":[` + jam("other") + `]}],"status":{"code":2,"message":"zpress-7 reports a jam"}},` +
		`{"name":"only the status","status":{"code":2,"message":"zpress-7 reports a jam"}}]}]}]}`
	f := scanText(t, logfile.Auto, logs+"\n"+spans+"\n{\n"+"{}\n"+`{"resourceLogs":[`+"\n"+`{"resourceSpans":[`+"\n")
	require.Equal(t, []string{"1 -", "1 PRESS_JAMMED", "2 -", "2 PRESS_JAMMED", "2 -", "2 PRESS_JAMMED", "2 PRESS_JAMMED"}, f.lines)
	require.Equal(t, []Count{{"print", 4}}, f.summary.Services())
	group := f.summary.Groups()[0]
	require.Equal(t, "zpress-7 reports a jam", group.Example)
	require.Equal(t, time.Date(2026, time.March, 10, 9, 0, 0, 0, time.UTC), group.First)
	require.Equal(t, []string{"false app.log: 3 objects are not of the form of the file"}, f.told, "each that breaks off")
}

func TestFilesInTrouble(t *testing.T) {
	f := scan(t, logfile.Auto, []string{"none.log", "a.log", "b.log"}, map[string]string{"a.log": "zpress-7 reports a jam\n", "b.log": ""})
	require.Equal(t, []string{"1 PRESS_JAMMED"}, f.lines)
	require.Equal(t, []string{"true file does not exist"}, f.told)
}

func TestRunEndsEarly(t *testing.T) {
	text := strings.Repeat("zpress-7 is ready\n", 200000)
	s := Survey{
		Detector: newDetector(t),
		Open: func(path string) (*logfile.Reader, error) {
			return logfile.NewReader(path, strings.NewReader(text), logfile.Text), nil
		},
		Each:     func([]Result) error { return errors.New("no room") },
		Progress: func(int64, *Summary) {},
		Tell:     func(string, bool) {},
	}
	_, err := s.Run(t.Context(), []string{"a", "b"})
	require.EqualError(t, err, "no room")
	ctx, cancel := context.WithCancel(t.Context())
	s.Each = func([]Result) error { cancel(); return nil }
	_, err = s.Run(ctx, []string{"a", "b"})
	require.ErrorIs(t, err, context.Canceled)
}

func TestServiceOfFile(t *testing.T) {
	for path, want := range map[string]string{
		"/var/log/api.json.log.2.gz": "api", "app.log": "app", "syslog": "syslog", "-": "standard input",
		"kern.log-20260310": "kern", ".log": ".log", "shop.v2.log": "shop.v2",
	} {
		require.Equal(t, want, ServiceOfFile(path), filepath.ToSlash(path))
	}
}

// FuzzRequest gives any bytes as lines of OTLP and as JSON lines.
func FuzzRequest(f *testing.F) {
	for _, name := range []string{"log.json", "exception.json", "span.json"} {
		content, err := os.ReadFile(filepath.Join("..", "..", "testdata", "otlp", name))
		require.NoError(f, err)
		f.Add(string(content))
	}
	f.Add(`{"text":"zpress-7 reports a jam","exception_type":"E","attributes":{"a":[{"b":null}]}}`)
	c := newClassifier(&Survey{Detector: newDetector(f), Unknown: true})
	f.Fuzz(func(_ *testing.T, text string) {
		for _, form := range []logfile.Form{logfile.OTLP, logfile.JSONLines, logfile.Text} {
			b := logfile.Batch{File: "fuzz", Form: form, Records: []logfile.Record{{Line: 1, Text: text}}}
			results, _ := c.classify(&b, nil)
			s := newSummary()
			for i := range results {
				s.add(b.File, &results[i])
			}
		}
	})
}
