package main

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/failuredetector/failuredetector/internal/labelled"
	"github.com/failuredetector/failuredetector/rules"
)

func TestRender(t *testing.T) {
	set, err := rules.Parse("press.yaml", []byte(`pack: press
types:
  - {type: PRESS_JAMMED, category: press, severity: high, explain: {cause: 'Paper is stuck.'}}
  - {type: PRESS_HOT, category: press, severity: low, explain: {cause: 'The press is hot.'}}
rules:
  - {id: press-jam, type: PRESS_JAMMED, confidence: 0.5, match: {patterns: ['\bzjam\b', '\bjzam\b']}}
  - {id: press-jammed, type: PRESS_JAMMED, confidence: 0.5, match: {patterns: ['\bzjammed\b']}}
`))
	require.NoError(t, err)
	jammed := labelled.Count{Messages: 7, Recognised: 5, Found: 7, FalsePositives: 2}
	got := render(set, &labelled.Result{Total: jammed, Types: []labelled.TypeCount{{Type: "PRESS_JAMMED", Count: jammed}}}, 10)
	require.Equal(t, "| Type | Rules | Patterns | Messages | Recall | False positives |\n"+
		"| --- | ---: | ---: | ---: | ---: | ---: |\n"+
		"| `PRESS_JAMMED` | 2 | 3 | 7 | 0.714 | 2 |\n"+
		"| `PRESS_HOT` | 0 | 0 | 0 |  | 0 |\n"+
		"| all | 2 | 3 | 7 | 0.714 | 2 |\n"+
		"| messages without failure | | | 3 | | |\n", got)
}

func TestReplace(t *testing.T) {
	empty := "# Rules\n\n" + begin + end + "\n## More\n"
	first, err := replace(empty, "| a |\n", "2026-03-04")
	require.NoError(t, err)
	require.Equal(t, "# Rules\n\n"+begin+"\n| a |\n\nThese figures are of 2026-03-04.\n\n"+end+"\n## More\n", first)

	t.Run("the same figures keep their date", func(t *testing.T) {
		again, err := replace(first, "| a |\n", "2026-03-05")
		require.NoError(t, err)
		require.Equal(t, first, again)
	})
	t.Run("other figures have a new one", func(t *testing.T) {
		later, err := replace(first, "| b |\n", "2026-03-05")
		require.NoError(t, err)
		require.Contains(t, later, "| b |\n\nThese figures are of 2026-03-05.\n")
	})
	t.Run("a page without a place for the table", func(t *testing.T) {
		_, err := replace("# Rules\n", "| a |\n", "2026-03-04")
		require.EqualError(t, err, "the comments that the table stands between are missing")
	})
}

func TestRunRefusesMessagesThatCannotBeRead(t *testing.T) {
	directory := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(directory, "a.jsonl"), []byte("{}\n"), 0o600))
	require.ErrorContains(t, run(directory, filepath.Join(directory, "README.md"), time.Now()), "a.jsonl:1: id: missing")
}
