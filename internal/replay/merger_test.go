package replay

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/pipeline"

	"github.com/failuredetector/failuredetector/internal/logfile"
)

// sink is a graph that notes what arrives when.
type sink struct {
	*graph

	arrived []string
}

func newSink(t *testing.T) *sink {
	t.Helper()
	s := &sink{}
	logs, err := consumer.NewLogs(func(_ context.Context, logs plog.Logs) error {
		for _, rl := range logs.ResourceLogs().All() {
			for _, sl := range rl.ScopeLogs().All() {
				for _, lr := range sl.LogRecords().All() {
					s.note(rl.Resource().Attributes().AsRaw(), lr.Body().AsString())
				}
			}
		}
		return nil
	})
	require.NoError(t, err)
	traces, err := consumer.NewTraces(func(_ context.Context, traces ptrace.Traces) error {
		for _, rs := range traces.ResourceSpans().All() {
			for _, ss := range rs.ScopeSpans().All() {
				for _, span := range ss.Spans().All() {
					s.note(rs.Resource().Attributes().AsRaw(), span.Name())
				}
			}
		}
		return nil
	})
	require.NoError(t, err)
	idOfLogs, idOfTraces := pipeline.NewID(pipeline.SignalLogs), pipeline.NewID(pipeline.SignalTraces)
	none := &wiring{
		Config:  &Config{},
		entries: map[pipeline.Signal][]pipeline.ID{pipeline.SignalLogs: {idOfLogs}, pipeline.SignalTraces: {idOfTraces}},
	}
	s.graph = &graph{wiring: none, host: &host{}, announcer: &announcer{}, ways: map[pipeline.ID]*way{idOfLogs: {logs: logs}, idOfTraces: {traces: traces}}}
	s.classes = map[pipeline.ID]*classifying{}
	for _, id := range []pipeline.ID{idOfLogs, idOfTraces} {
		s.classes[id], err = s.classify(t.Context(), id)
		require.NoError(t, err)
	}
	return s
}

func (s *sink) note(resource map[string]any, text string) {
	s.arrived = append(s.arrived, fmt.Sprint(s.host.now.UTC().Format("2006-01-02T15:04:05.000"), " ", resource["service.name"], " ", text))
}

// now is when the replays of the tests run.
var now = time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)

// replayFiles replays the content of files, and gives what arrived and what was told of the files.
func replayFiles(t *testing.T, files ...string) (arrived, told []string) {
	t.Helper()
	s := newSink(t)
	r := &Replay{
		Now: now,
		Open: func(path string) (*logfile.Reader, error) {
			var n int
			_, err := fmt.Sscanf(path, "file %d", &n)
			return logfile.NewReader(path, strings.NewReader(files[n]), logfile.Auto), err
		},
		Progress: func(int64, int) {},
		Tell: func(message string, trouble bool) {
			require.False(t, trouble, message)
			told = append(told, message)
		},
	}
	var paths []string
	for i := range files {
		paths = append(paths, fmt.Sprint("file ", i))
	}
	summary, err := r.deliverAll(t.Context(), s.graph, paths)
	require.NoError(t, err)
	require.EqualValues(t, len(s.arrived), summary.Records)
	return s.arrived, told
}

// logLine is an export request of one resource; each record is its body, time and observed time.
func logLine(service, stamp string, records ...[3]string) string {
	var list []string
	for _, r := range records {
		list = append(list, fmt.Sprintf(`{"body":{"stringValue":%q},"timeUnixNano":%q,"observedTimeUnixNano":%q}`, r[0], r[1], r[2]))
	}
	return fmt.Sprintf(`{"resourceLogs":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":%q}}%s]},"scopeLogs":[{"logRecords":[%s]}]}]}`,
		service, stamp, strings.Join(list, ",")) + "\n"
}

// at gives a time of the tenth of March as a file has it, in milliseconds after ten o'clock.
func at(ms int64) string {
	return strconv.FormatInt(time.Date(2026, 3, 10, 10, 0, 0, 0, time.UTC).Add(time.Duration(ms)*time.Millisecond).UnixNano(), 10)
}

func stampOf(ms int64) string {
	return fmt.Sprintf(`,{"key":"failure_arrival","value":{"intValue":%q}}`, at(ms))
}

// arrivalCase is files, what arrives of them and what is told of them.
type arrivalCase struct {
	name              string
	files, want, told []string
}

func (tc *arrivalCase) run(t *testing.T) {
	t.Helper()
	arrived, told := replayFiles(t, tc.files...)
	for i := range arrived {
		_, arrived[i], _ = strings.Cut(arrived[i], "T")
	}
	require.Equal(t, tc.want, arrived)
	require.Equal(t, tc.told, told)
}

func TestArrivalOfRecords(t *testing.T) {
	for _, tc := range []arrivalCase{
		{"when they were observed", []string{logLine("a", "", [3]string{"x", at(1), at(7)})}, []string{"10:00:00.007 a x"}, nil},
		{"when they happened, where nobody observed them", []string{logLine("a", "", [3]string{"x", at(1), "0"})}, []string{"10:00:00.001 a x"}, nil},
		{
			"not before one that they follow",
			[]string{logLine("a", "", [3]string{"x", "0", at(9)}, [3]string{"y", "0", at(3)}) + logLine("b", "", [3]string{"z", "0", at(12)})},
			[]string{"10:00:00.009 a x", "10:00:00.009 a y", "10:00:00.012 b z"},
			nil,
		},
		{
			"with those around them, where they tell no time",
			[]string{logLine("a", "", [3]string{"u", "0", "0"}, [3]string{"x", "0", at(9)}, [3]string{"y", "0", "0"}, [3]string{"z", "0", at(12)})},
			[]string{"10:00:00.009 a u", "10:00:00.009 a x", "10:00:00.009 a y", "10:00:00.012 a z"},
			nil,
		},
		{
			"at once, where none tells a time",
			[]string{logLine("a", "", [3]string{"x", "0", "0"}, [3]string{"y", "0", "0"})},
			[]string{"00:00:01.000 a x", "00:00:01.000 a y"},
			[]string{"file 0: no record tells a time: all arrive at once"},
		},
		{
			"not in the time to come",
			[]string{logLine("a", "", [3]string{"x", at(1), at(24 * 3600 * 1000)}, [3]string{"y", at(2), "0"})},
			[]string{"10:00:00.001 a x", "10:00:00.002 a y"},
			[]string{"file 0: 1 time is still to come, so it is not believed"},
		},
		{
			"when their batch did, where a recording says so",
			[]string{logLine("a", stampOf(20), [3]string{"x", at(1), at(7)}, [3]string{"y", at(1), at(8)})},
			[]string{"10:00:00.020 a x", "10:00:00.020 a y"},
			nil,
		},
	} {
		t.Run(tc.name, func(t *testing.T) { tc.run(t) })
	}
}

func TestFilesOfAllForms(t *testing.T) {
	for _, tc := range []arrivalCase{
		{
			"files are merged",
			[]string{
				logLine("a", "", [3]string{"1", "0", at(1)}, [3]string{"3", "0", at(3)}, [3]string{"5", "0", at(5)}, [3]string{"5", "0", at(5)}),
				logLine("b", "", [3]string{"2", "0", at(2)}, [3]string{"5", "0", at(5)}) + logLine("b", "", [3]string{"6", "0", at(6)}),
			},
			[]string{
				"10:00:00.001 a 1", "10:00:00.002 b 2", "10:00:00.003 a 3", "10:00:00.005 a 5", "10:00:00.005 a 5", "10:00:00.005 b 5", "10:00:00.006 b 6",
			},
			nil,
		},
		{
			"a span when it ended",
			[]string{
				`{"resourceSpans":[{"resource":{},"scopeSpans":[{"spans":[{"name":"x","startTimeUnixNano":"` + at(1) + `","endTimeUnixNano":"` + at(7) +
					`"},{"name":"y","startTimeUnixNano":"` + at(9) + `"}]}]}]}` + "\n",
			},
			[]string{"10:00:00.007 <nil> x", "10:00:00.009 <nil> y"},
			nil,
		},
		{
			"lines of text, from what is called as the file is",
			[]string{"2026-03-10 10:00:01 one\nat x\n2026-03-10 10:00:02 two\n"},
			[]string{"10:00:01.000 file 0 2026-03-10 10:00:01 one\nat x", "10:00:02.000 file 0 2026-03-10 10:00:02 two"},
			nil,
		},
		{
			"lines of JSON, from the service that they name",
			[]string{`{"time":"2026-03-10T10:00:01Z","service":"shop","msg":"one"}` + "\n"},
			[]string{`10:00:01.000 shop {"time":"2026-03-10T10:00:01Z","service":"shop","msg":"one"}`},
			nil,
		},
		{
			"what is no request is passed over",
			[]string{logLine("a", "", [3]string{"x", "0", at(1)}) + "{]\n" + logLine("a", "", [3]string{"y", "0", at(2)})},
			[]string{"10:00:00.001 a x", "10:00:00.002 a y"},
			[]string{"file 0: 1 object is not of the form of the file"},
		},
		{"a file without records", []string{""}, nil, nil},
	} {
		t.Run(tc.name, func(t *testing.T) { tc.run(t) })
	}
}

// TestManyFilesAreMerged replays records that are in many files by turns, more than are read ahead.
func TestManyFilesAreMerged(t *testing.T) {
	files := make([]string, 20)
	for i := range 20_000 {
		n := (i * 7) % len(files)
		files[n] += logLine(strconv.Itoa(n), "", [3]string{strconv.Itoa(i), "0", at(int64(i))})
	}
	arrived, told := replayFiles(t, files...)
	require.Empty(t, told)
	require.Len(t, arrived, 20_000)
	for i, text := range arrived {
		require.True(t, strings.HasSuffix(text, fmt.Sprint(" ", i)), "%s at %d", text, i)
	}
}

func TestTimePassesSecondBySecond(t *testing.T) {
	h := &host{}
	var passed []string
	idle := false
	h.Follow(func(now time.Time) bool {
		passed = append(passed, now.UTC().Format("05"))
		require.Equal(t, now, h.Now())
		return idle
	})
	start := now.Add(300 * time.Millisecond)
	h.advance(start)
	require.Empty(t, passed)
	h.advance(start.Add(2 * time.Second))
	require.Equal(t, []string{"01", "02"}, passed)
	h.advance(start.Add(time.Second))
	require.Equal(t, start.Add(2*time.Second), h.Now(), "it never goes back")
	idle = true
	h.advance(start.Add(time.Hour + 2*time.Second))
	require.Equal(t, []string{"01", "02", "03", "02"}, passed, "seconds that change nothing are passed over, but the last")
	idle = false
	h.advance(start.Add(100 * 365 * 24 * time.Hour))
	require.Less(t, len(passed), 8*24*3600, "and those of a long pause")
}
