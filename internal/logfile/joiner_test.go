package logfile

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// readAll gives the records of a stream, with texts that stay.
func readAll(t *testing.T, r *Reader) []Record {
	t.Helper()
	var all []Record
	var b Batch
	for {
		err := r.Next(&b)
		if errors.Is(err, io.EOF) {
			return all
		}
		require.NoError(t, err)
		all = append(all, b.Records...)
	}
}

func recordsOf(t *testing.T, text string) []Record {
	t.Helper()
	return readAll(t, NewReader("test", strings.NewReader(text), Text))
}

func textsOf(t *testing.T, text string) []string {
	t.Helper()
	var texts []string
	for _, r := range recordsOf(t, text) {
		texts = append(texts, r.Text)
	}
	return texts
}

// TestRecords reads files in which a line of three tildes parts the records.
func TestRecords(t *testing.T) {
	files, err := filepath.Glob("testdata/records/*.txt")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		content, err := os.ReadFile(file)
		require.NoError(t, err)
		want := strings.Split(strings.TrimSuffix(string(content), "\n"), "\n~~~\n")
		for i := range want {
			want[i] = strings.TrimRight(want[i], " \n")
		}
		input := strings.ReplaceAll(string(content), "\n~~~\n", "\n")
		t.Run(filepath.Base(file), func(t *testing.T) {
			require.Equal(t, want, textsOf(t, input))
		})
		t.Run(filepath.Base(file)+" with blank lines between", func(t *testing.T) {
			require.Equal(t, want, textsOf(t, strings.ReplaceAll(string(content), "\n~~~\n", "\n\n")))
		})
		t.Run(filepath.Base(file)+" with ends of lines of Windows", func(t *testing.T) {
			require.Equal(t, want, textsOf(t, strings.ReplaceAll(input, "\n", "\r\n")))
		})
	}
}

func TestTracesWithPrefixes(t *testing.T) {
	for _, tc := range []struct {
		name  string
		input string
		want  []string
	}{
		{
			name: "a Python traceback in syslog, with another number in each prefix",
			input: "Mar 10 09:00:00 node-7 shop[71]: order 1\n" +
				"Mar 10 09:00:09 node-7 shop[71]: Traceback (most recent call last):\n" +
				"Mar 10 09:00:09 node-7 shop[71]:   File \"a.py\", line 1, in f\n" +
				"Mar 10 09:00:10 node-7 shop[71]: ValidationError: 1 validation error for Task\n" +
				"Mar 10 09:00:10 node-7 shop[71]: context\n" +
				"Mar 10 09:00:10 node-7 shop[71]:   Field required [type=missing]\n" +
				"Mar 10 09:00:10 node-7 shop[71]: order 2\n" +
				"Mar 10 09:00:11 node-7 sshd[9]: Accepted publickey\n",
			want: []string{
				"Mar 10 09:00:00 node-7 shop[71]: order 1",
				"Mar 10 09:00:09 node-7 shop[71]: Traceback (most recent call last):\n  File \"a.py\", line 1, in f\n" +
					"ValidationError: 1 validation error for Task\ncontext\n  Field required [type=missing]",
				"Mar 10 09:00:10 node-7 shop[71]: order 2",
				"Mar 10 09:00:11 node-7 sshd[9]: Accepted publickey",
			},
		},
		{
			name: "a Java trace behind a time and a level",
			input: "2026-03-10 09:00:09,100 ERROR [pay] java.lang.IllegalStateException: no\n" +
				"2026-03-10 09:00:09,101 ERROR [pay] \tat shop.Pay.run(Pay.java:7)\n" +
				"2026-03-10 09:00:09,101 ERROR [pay] Caused by: java.io.IOException: reset\n" +
				"2026-03-10 09:00:09,102 ERROR [pay] \t... 12 more\n" +
				"2026-03-10 09:00:09,103 ERROR [pay] payment 7 was not made\n" +
				"2026-03-10 09:00:09,104 INFO [pay] payment 8\n",
			want: []string{
				"2026-03-10 09:00:09,100 ERROR [pay] java.lang.IllegalStateException: no\n\tat shop.Pay.run(Pay.java:7)\n" +
					"Caused by: java.io.IOException: reset\n\t... 12 more",
				"2026-03-10 09:00:09,103 ERROR [pay] payment 7 was not made",
				"2026-03-10 09:00:09,104 INFO [pay] payment 8",
			},
		},
		{
			name: "a tab as rsyslog writes it",
			input: "Mar 10 09:00:09 node-7 pay: java.lang.IllegalStateException: no\n" +
				"Mar 10 09:00:09 node-7 pay: #011at shop.Pay.run(Pay.java:7)\n" +
				"Mar 10 09:00:09 node-7 pay: #011at shop.Main.main(Main.java:3)\n" +
				"Mar 10 09:00:09 node-7 pay: ready\n",
			want: []string{
				"Mar 10 09:00:09 node-7 pay: java.lang.IllegalStateException: no\n#011at shop.Pay.run(Pay.java:7)\n#011at shop.Main.main(Main.java:3)",
				"Mar 10 09:00:09 node-7 pay: ready",
			},
		},
		{
			name: "a Go panic behind the name of a container",
			input: "web-1  | panic: boom\n" +
				"web-1  | \n" +
				"web-1  | goroutine 1 [running]:\n" +
				"web-1  | main.main()\n" +
				"web-1  | \t/src/main.go:4 +0x13\n" +
				"web-1  | listening\n",
			want: []string{
				"web-1  | panic: boom\n\ngoroutine 1 [running]:\nmain.main()\n\t/src/main.go:4 +0x13",
				"web-1  | listening",
			},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			require.Equal(t, tc.want, textsOf(t, tc.input))
		})
	}
}

func TestContainerRuntimes(t *testing.T) {
	for _, tc := range []struct {
		name  string
		input string
		want  []string
	}{
		{
			name: "the Kubernetes runtime, with a line in parts and both streams",
			input: "2026-03-10T09:00:00.1Z stdout F order 1\n" +
				"2026-03-10T09:00:00.22Z stderr F Traceback (most recent call last):\n" +
				"2026-03-10T09:00:00.22Z stderr F   File \"a.py\", line 1\n" +
				"2026-03-10T09:00:00.3Z stderr P KeyError: \n" +
				"2026-03-10T09:00:00.33Z stderr F 'orders'\n" +
				"2026-03-10T09:00:00.4Z stdout F \n" +
				"2026-03-10T09:00:00.5Z stdout F order 2\n",
			want: []string{"order 1", "Traceback (most recent call last):\n  File \"a.py\", line 1\nKeyError: 'orders'", "order 2"},
		},
		{
			name: "Docker's files",
			input: `{"log":"\u001b[31mpanic: \u003cboom\u003e\u001b[0m\n","stream":"stderr","time":"2026-03-10T09:00:00.1Z"}` + "\n" +
				`{"log":"panic: \u003cboom\u003e\n","stream":"stderr","time":"2026-03-10T09:00:00.1Z"}` + "\n" +
				`{"log":"\n","stream":"stderr","time":"2026-03-10T09:00:00.1Z"}` + "\n" +
				`{"log":"goroutine 1 [running]:\n","stream":"stderr","time":"2026-03-10T09:00:00.1Z"}` + "\n" +
				`{"log":"ready","stream":"stdout","time":"2026-03-10T09:00:01.2Z"}` + "\n" +
				`{"log":" now\n","stream":"stdout","time":"2026-03-10T09:00:01.3Z"}` + "\n" +
				`{"log":"no line of Docker"}` + "\n",
			want: []string{"\x1b[31mpanic: <boom>\x1b[0m", "panic: <boom>\n\ngoroutine 1 [running]:", "ready now", `{"log":"no line of Docker"}`},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			require.Equal(t, tc.want, textsOf(t, tc.input))
		})
	}
}

func TestDetailsOfPostgreSQL(t *testing.T) {
	require.Equal(t, []string{
		"2026-03-10 09:31:44.107 UTC [41] a@shop ERROR:  deadlock detected\nDETAIL:  Process 41 waits for ShareLock.\n" +
			"\tProcess 42: UPDATE stock\nHINT:  See server log for query details.",
		"2026-03-10 09:31:44.110 UTC [41] a@shop LOG:  disconnection",
		"2026-03-10 09:31:44.110 UTC [42] b@shop STATEMENT:  UPDATE stock",
	}, textsOf(t, "2026-03-10 09:31:44.107 UTC [41] a@shop ERROR:  deadlock detected\n"+
		"2026-03-10 09:31:44.108 UTC [41] a@shop DETAIL:  Process 41 waits for ShareLock.\n"+
		"\tProcess 42: UPDATE stock\n"+
		"2026-03-10 09:31:44.109 UTC [41] a@shop HINT:  See server log for query details.\n"+
		"2026-03-10 09:31:44.110 UTC [41] a@shop LOG:  disconnection\n"+
		"2026-03-10 09:31:44.110 UTC [42] b@shop STATEMENT:  UPDATE stock\n"))
}
