package logfile

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestTimeOf(t *testing.T) {
	latest := time.Date(2026, time.March, 11, 8, 0, 0, 0, time.UTC)
	for _, tc := range []struct {
		name, text, want string
	}{
		{"ISO 8601 in UTC", "2026-03-10T09:00:00.123456789Z stderr F a", "2026-03-10T09:00:00.123457Z"},
		{"ISO 8601 with an offset", "2026-03-10T09:00:00+02:00 node-7 kernel: a", "2026-03-10T07:00:00Z"},
		{"a comma before the fraction", "2026-03-10 09:00:00,250 ERROR a", "2026-03-10T09:00:00.25Z"},
		{"behind a bracket", "[2026-03-10 09:00:00] production.ERROR: a", "2026-03-10T09:00:00Z"},
		{"behind a name", "web-1  | 2026/03/10 09:00:00 a", "2026-03-10T09:00:00Z"},
		{"logfmt", `time=2026-03-10T09:00:00.077Z level=info msg="a"`, "2026-03-10T09:00:00.077Z"},
		{"nginx", `198.51.100.143 - - [10/Mar/2026:09:00:43 +0100] "GET / HTTP/1.1" 200`, "2026-03-10T08:00:43Z"},
		{"Apache", "[Sun Dec 04 04:47:44 2005] [error] a", "2005-12-04T04:47:44Z"},
		{"PHP", "[10-Mar-2026 09:00:00 UTC] PHP Warning:  a", "2026-03-10T09:00:00Z"},
		{"Redis", "1:M 10 Mar 2026 09:00:00.000 * a", "2026-03-10T09:00:00Z"},
		{"syslog, of this year", "Mar 10 09:00:00 node-7 a[1]: b", "2026-03-10T09:00:00Z"},
		{"syslog, with a short day", "<34>Mar  1 09:00:00 node-7 a[1]: b", "2026-03-01T09:00:00Z"},
		{"syslog, of last year", "Dec 31 23:59:59 node-7 a[1]: b", "2025-12-31T23:59:59Z"},
		{"glog", "E0310 09:00:16.084211    1034 kubelet.go:2407] a", "2026-03-10T09:00:16Z"},
		{"Hadoop", "081109 203615 148 INFO dfs.DataNode: a", "2008-11-09T20:36:15Z"},
		{"seconds", "1773133200 a", "2026-03-10T09:00:00Z"},
		{"milliseconds in an object", `{"level":30,"time":1773133200402,"msg":"a"}`, "2026-03-10T09:00:00.402Z"},
		{"a text in an object", `{"msg":"a","@timestamp": "2026-03-10T09:00:00Z"}`, "2026-03-10T09:00:00Z"},
		{"the first line only", "a\n2026-03-10 09:00:00 b", ""},
		{"a number that is no time", "order 1773133200 a", ""},
		{"a date that there is not", "2026-13-10 09:00:00 a", ""},
		{"nothing", "", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, ok := TimeOf(tc.text, latest)
			require.Equal(t, tc.want != "", ok)
			if ok {
				require.Equal(t, tc.want, got.Format(time.RFC3339Nano))
			}
		})
	}
}
