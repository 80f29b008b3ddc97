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

	"github.com/stretchr/testify/require"
)

// FuzzJoin holds the joiner to it that no line is lost, in whatever pieces it
// is read.
func FuzzJoin(f *testing.F) {
	files, err := filepath.Glob("testdata/records/*.txt")
	require.NoError(f, err)
	for _, file := range files {
		content, err := os.ReadFile(file)
		require.NoError(f, err)
		f.Add(strings.ReplaceAll(string(content), "~~~\n", ""))
	}
	f.Add("#011")
	f.Add("2026-03-10T09:00:00.1Z stderr P a\n2026-03-10T09:00:00.1Z stderr F Traceback (most recent call last):\n\x00\xff\r\n")
	f.Add("a: panic: b\na: \n" + "a: goroutine 1 [running]:\n" + "a: main()\na: \t/x\n")
	f.Fuzz(func(t *testing.T, text string) {
		records := readAll(t, NewReader("test", strings.NewReader(text), Text))
		again := readAll(t, NewReader("test", &slow{text: text}, Text))
		require.Equal(t, records, again)
		if len(text) > maxBytes {
			return
		}
		lines := strings.Split(strings.TrimPrefix(text, "\ufeff"), "\n")
		at := 0
		for _, r := range records {
			for ; at < r.Line-1; at++ {
				require.Empty(t, contentOf(lines[at]), "line %d is in no record", at+1)
			}
			require.Equal(t, r.Line, at+1)
			requireLines(t, r, lines[at:])
			at += r.lines
		}
		for ; at < len(lines); at++ {
			require.Empty(t, contentOf(lines[at]), "line %d is in no record", at+1)
		}
	})
}

// requireLines looks for each line, without what may stand before it, in the text of a record.
func requireLines(t *testing.T, r Record, lines []string) {
	t.Helper()
	text := r.Text
	for _, line := range lines[:r.lines] {
		// Of a prefix nothing is left, so only the last word is looked for.
		last := ""
		for word := range strings.FieldsSeq(contentOf(line)) {
			last = word
		}
		require.Contains(t, text, last)
	}
}

// contentOf is what a program wrote in a line.
func contentOf(line string) string {
	_, text := unwrap([]byte(line + "\n"))
	return strings.Trim(string(text), " \t\r\n")
}

// slow gives a byte at a time.
type slow struct {
	text string
}

func (s *slow) Read(p []byte) (int, error) {
	if s.text == "" {
		return 0, io.EOF
	}
	n := copy(p[:1], s.text)
	s.text = s.text[n:]
	return n, nil
}

// FuzzReader gives any bytes as a file of any form.
func FuzzReader(f *testing.F) {
	var zipped bytes.Buffer
	w := gzip.NewWriter(&zipped)
	_, err := w.Write([]byte("panic: boom\n\ngoroutine 1 [running]:\n"))
	require.NoError(f, err)
	require.NoError(f, w.Close())
	f.Add(zipped.Bytes(), uint8(0))
	f.Add(zipped.Bytes()[:len(zipped.Bytes())-9], uint8(0))
	f.Add([]byte("{\n  \"resourceLogs\": []\n}\n{}"), uint8(0))
	f.Add([]byte(`{"text":"a"}`+"\n{\n"), uint8(2))
	f.Fuzz(func(t *testing.T, content []byte, form uint8) {
		r := NewReader("test", bytes.NewReader(content), []Form{Auto, Text, JSONLines, OTLP}[form%4])
		var b Batch
		records := 0
		for err := r.Next(&b); !errors.Is(err, io.EOF); err = r.Next(&b) {
			records += len(b.Records)
		}
		require.LessOrEqual(t, records, 1+int(r.Read()))
		r.Lost()
	})
}
