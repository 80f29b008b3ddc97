package report

import (
	"os"
	"path/filepath"
	"runtime/debug"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestRecordReplacesItsSection(t *testing.T) {
	file := filepath.Join(t.TempDir(), "README.md")
	require.NoError(t, os.WriteFile(file, []byte("# Apples\n\n<!-- begin apples -->\nold\n<!-- end apples -->\n\nThe end.\n"), 0o600))
	table := Against("Weights")
	table.Add(Row{What: "one", Ours: "80 g"})
	for range 2 {
		require.NoError(t, Record(file, "apples", "`make weigh` today.", []Table{table}))
		written, err := os.ReadFile(file)
		require.NoError(t, err)
		require.Regexp(t, `(?s)^# Apples\n\n<!-- begin apples -->\n\n.make weigh. today\.\n\n### Weights\n\n\| measured .*80 g.*\n\n<!-- end apples -->\n\nThe end\.\n$`, string(written))
	}
	require.ErrorContains(t, Record(file, "pears", "", nil), `README.md: there is no section between "<!-- begin pears -->" and`)
}

func TestOriginNamesDayAndProcessor(t *testing.T) {
	now := time.Date(2026, 3, 4, 23, 0, 0, 0, time.FixedZone("", 0))
	require.Regexp(t, "^`make weigh` on 2026-03-04, .+, \\d+ processors; go1.*\\.$", Origin("make weigh", now))
}

func TestVersionsAreThoseOfTheModulesNamed(t *testing.T) {
	info := &debug.BuildInfo{Deps: []*debug.Module{
		{Path: "example.com/orchard/apples", Version: "v1.2.3"}, {Path: "example.com/orchard/pears", Version: "v2.0.0"},
	}}
	require.Equal(t, []string{"apples v1.2.3"}, versionsOf(info, []string{"apples", "plums"}))
}

func TestProcessorIsNamedAsTheKernelDoes(t *testing.T) {
	require.Equal(t, "Apple Core (family 25, model 1)", model("processor\t: 0\ncpu family\t: 25\nmodel\t\t: 1\nmodel name\t: Apple Core\n\nprocessor\t: 1\nmodel\t\t: 2\n"))
	require.NotEmpty(t, model("no apples"))
}
