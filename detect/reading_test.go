package detect_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/failuredetector/failuredetector/detect"
	"github.com/failuredetector/failuredetector/rules"
)

func TestExplain(t *testing.T) {
	set, err := rules.Parse("m.yaml", []byte(linted(`'disk (?P<name>\w+).{0,400}?full'`)))
	require.NoError(t, err)
	d, err := detect.New(set, detect.Options{BodyKeys: detect.DefaultBodyKeys(), Attributes: detect.DefaultAttributes()})
	require.NoError(t, err)
	long := strings.Repeat("-", detect.TextLimit)
	for _, tc := range []struct {
		name      string
		record    rules.Example
		sources   []string
		evidence  string
		truncated bool
	}{
		{"a text", rules.Example{Text: "the disk sda is full"}, []string{"body"}, "disk sda is full", false},
		{"a key of a JSON text", rules.Example{Text: `{"a": 1, "msg": "\u00e9 disk sda full"}`}, []string{"body.msg"}, "disk sda full", false},
		{"the second of two texts", rules.Example{Text: `{"msg": "disk", "err": "disk sda full"}`}, []string{"body.msg", "body.err"}, "disk sda full", false},
		{
			"an exception whose type begins what its message ends",
			rules.Example{Text: "is full", ExceptionType: "disk io"},
			[]string{"exception.type", "exception.message"},
			"disk io: is full", false,
		},
		{"a coloured text", rules.Example{Text: "\x1b[31mdisk\x1b[0m sda \x1b[1mis full\x1b[0m."}, []string{"body"}, "disk\x1b[0m sda \x1b[1mis full\x1b[0m", false},
		{"the tail of a long text", rules.Example{Text: long + "disk sda full"}, []string{"body"}, "disk sda full", true},
		{"a match longer than a detection quotes", rules.Example{Text: "disk sda " + long[:300] + "full"}, []string{"body"}, "disk sda " + long[:300] + "full", false},
		{"a match over what was left out", rules.Example{Text: long[:detect.TextLimit/2-8] + "disk sda" + long + "full" + long[:detect.TextLimit/2-4]}, []string{"body"}, "", true},
		{"a code", rules.Example{Text: "x", Severity: 17, Attributes: map[string]string{"c": "7"}}, []string{"body"}, "", false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			verdict, reading := d.Explain(tc.record)
			require.Len(t, verdict.Detections, 1)
			require.Equal(t, tc.sources, reading.Sources())
			require.Equal(t, tc.truncated, reading.Truncated())
			start, end, ok := reading.Locate(&verdict.Detections[0])
			require.Equal(t, tc.evidence != "", ok)
			require.Equal(t, tc.evidence, reading.Text[start:end])
		})
	}
}
