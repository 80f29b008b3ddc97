package logfile

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"
)

func zip(t *testing.T, text string) []byte {
	t.Helper()
	var zipped bytes.Buffer
	w := gzip.NewWriter(&zipped)
	_, err := w.Write([]byte(text))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return zipped.Bytes()
}

func TestReader(t *testing.T) {
	for _, tc := range []struct {
		name, input string
		want        []string
	}{
		{"nothing", "", nil},
		{"only blank lines", "\n \r\n\t\n", nil},
		{"no end of the last line", "a\nb", []string{"a", "b"}},
		{"ends of lines of Windows", "a\r\nb\r\n", []string{"a", "b"}},
		{"a byte order mark", "\ufeffa\nb\n", []string{"a", "b"}},
		{"broken UTF-8 and NUL", "a\xff\x00b\n\x00\n", []string{"a\xff\x00b", "\x00"}},
		{"indented lines", "a\n  b\n\tc\nd\n", []string{"a\n  b\n\tc", "d"}},
		{"indented lines at the beginning", "  a\n  b\nc\n", []string{"  a\n  b", "c"}},
		{"brackets that close what was indented", "{\n  \"a\": 1\n}\nb\n", []string{"{\n  \"a\": 1\n}", "b"}},
		{"lines below one with a time", "2026-03-10 09:00:00 a\nb\n\nc\n2026-03-10 09:00:01 d\n", []string{"2026-03-10 09:00:00 a\nb\n\nc", "2026-03-10 09:00:01 d"}},
		{"lines below an object", "{\"msg\":\"a\"}\nb\n", []string{"{\"msg\":\"a\"}", "b"}},
		{"compressed members", string(zip(t, "a\nb")) + string(zip(t, "c\nd\n")), []string{"a", "bc", "d"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var texts []string
			for _, r := range readAll(t, NewReader("test", strings.NewReader(tc.input), Auto)) {
				texts = append(texts, r.Text)
			}
			require.Equal(t, tc.want, texts)
		})
	}
}

func TestLineNumbers(t *testing.T) {
	var lines []int
	for _, r := range recordsOf(t, "\na\n b\n\nc\n2026-03-10T09:00:00.1Z stdout F d\n") {
		lines = append(lines, r.Line)
	}
	require.Equal(t, []int{2, 5, 6}, lines)
}

func TestTimeOfARuntime(t *testing.T) {
	records := recordsOf(t, "2026-03-10T09:00:00.1Z stdout F a\nb\n")
	require.Equal(t, "2026-03-10T09:00:00.1Z", records[0].Time)
	require.Empty(t, records[1].Time)
}

func TestBounds(t *testing.T) {
	t.Run("a line over the limit loses its middle", func(t *testing.T) {
		for _, middle := range []int{maxBytes, 3 * blockSize, 3*blockSize + 7} {
			r := NewReader("test", strings.NewReader("a\nBEGIN"+strings.Repeat("-", middle)+"END\nb\n"), Text)
			records := readAll(t, r)
			require.Len(t, records, 3)
			require.Len(t, records[1].Text, maxBytes-1)
			require.True(t, strings.HasPrefix(records[1].Text, "BEGIN-"))
			require.True(t, strings.HasSuffix(records[1].Text, "-END"))
			require.Equal(t, "b", records[2].Text)
			require.Equal(t, 3, records[2].Line)
			require.Equal(t, []string{"1 line is longer than 64 KiB: the middle was left out"}, r.Lost())
			require.LessOrEqual(t, len(r.lines.buffer), 8*maxBytes)
		}
	})
	t.Run("a record over the limit goes on in another one", func(t *testing.T) {
		r := NewReader("test", strings.NewReader("panic: a\n\ngoroutine 1 [running]:\n"+strings.Repeat("main.f()\n\t/main.go:1\n", maxLines)+"b\n"), Text)
		records := readAll(t, r)
		require.Equal(t, []int{1, 1 + maxLines, 1 + 2*maxLines, 4 + 2*maxLines}, []int{records[0].Line, records[1].Line, records[2].Line, records[3].Line})
		require.Equal(t, "b", records[3].Text)
		require.Equal(t, []string{"2 records are longer than 512 lines or 64 KiB: the rest was read as further records"}, r.Lost())
	})
	t.Run("lines that end nowhere near a batch", func(t *testing.T) {
		text := strings.Repeat("a\n "+strings.Repeat("b", 1000)+"\n", 2000)
		records := recordsOf(t, text)
		require.Len(t, records, 2000)
		require.Equal(t, 3999, records[1999].Line)
	})
}

func TestTroubleWithAStream(t *testing.T) {
	zipped := zip(t, strings.Repeat("a b c\n", 50000))
	for _, tc := range []struct {
		name   string
		stream io.Reader
		want   string
	}{
		{"a compressed file that breaks off", bytes.NewReader(zipped[:len(zipped)/2]), "test: the compressed file breaks off: what came before was read"},
		{"a compressed file without content", bytes.NewReader(zipped[:5]), "test: reading ended early: unexpected EOF"},
		{"a disk that fails", io.MultiReader(strings.NewReader("a b c\na"), iotest.ErrReader(errors.New("no disk"))), "test: reading ended early: no disk"},
		{"a disk that fails at once", iotest.ErrReader(errors.New("no disk")), "test: reading ended early: no disk"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r := NewReader("test", tc.stream, Auto)
			var b Batch
			err := r.Next(&b)
			records := len(b.Records)
			for err == nil {
				err = r.Next(&b)
				records += len(b.Records)
			}
			require.EqualError(t, err, tc.want)
			require.ErrorIs(t, r.Next(&b), io.EOF)
			if strings.Contains(tc.want, "breaks off") {
				require.Positive(t, records)
			}
		})
	}
	_, err := Open(filepath.Join(t.TempDir(), "none"), Auto)
	require.ErrorIs(t, err, os.ErrNotExist)
	folder := t.TempDir()
	_, err = Open(folder, Auto)
	require.EqualError(t, err, folder+": is a directory, name the files in it")
}

func TestForms(t *testing.T) {
	for _, tc := range []struct {
		name, file, content string
		want                Form
	}{
		{"text", "app.log", "2026-03-10 a\n{\"text\":\"a\"}\n", Text},
		{"objects with text", "a.log", "\n{\"text\":\"a\",\"exception_type\":null}\n", JSONLines},
		{"objects with text, by name", "a.JSONL.gz", "{\"time\":1,\"text\":\"a\"}", JSONLines},
		{"a logger that calls its message text", "a.log", "{\"time\":1,\"text\":\"a\"}\n", Text},
		{"a logger, whatever the name", "a.jsonl", "{\"time\":1,\"msg\":\"a\"}\n", Text},
		{"a text that is no string", "a.jsonl", "{\"text\":{}}\n", Text},
		{"logs of OTLP", "a", `{"resourceLogs":[{}]}` + "\n", OTLP},
		{"traces of OTLP", "a", `{"resourceSpans":[{}]}` + "\n", OTLP},
		{"OTLP over several lines", "a.json", "{\n  \"resourceLogs\": [\n  ]\n}\n", OTLP},
		{"OTLP on one very long line", "a", `{"resourceLogs":[` + strings.Repeat(" ", 2*maxHead) + `]}`, OTLP},
		{"no object", "a.jsonl", "{\"text\": \"a\n", Text},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r := NewReader(tc.file, strings.NewReader(tc.content), Auto)
			require.NotEmpty(t, readAll(t, r))
			require.Equal(t, tc.want, r.form)
		})
	}
}

func TestObjects(t *testing.T) {
	read := func(text string) []Record {
		return readAll(t, NewReader("test", strings.NewReader(text), OTLP))
	}
	records := read("{\"a\":1}\n\n{\n  \"b\": {\n  }\n}\n{\"c\":1}")
	require.Len(t, records, 3)
	require.JSONEq(t, `{"b":{}}`, records[1].Text)
	require.Equal(t, []int{1, 3, 7}, []int{records[0].Line, records[1].Line, records[2].Line})
	require.Len(t, read("{\n{\n"), 1)
	records = read("{\"a\": [\n  {\"b\":\n 1}\n]}\n{\"c\": [\n  {\"d\": 1},\n{\"e\":1}\n")
	require.Len(t, records, 3)
	require.JSONEq(t, `{"a":[{"b":1}]}`, records[0].Text)
	require.JSONEq(t, `{"e":1}`, records[2].Text, "the one before it breaks off")
}
