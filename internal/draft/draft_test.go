package draft

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/failuredetector/failuredetector/detect"
)

func drafted(tb testing.TB, most int, texts ...string) (drafts []*Rule, skipped int) {
	tb.Helper()
	e := NewErrors()
	for i, text := range texts {
		e.Add("app.log", i+1, text)
	}
	require.Equal(tb, len(texts), e.Records())
	return e.Rules(most)
}

func TestPattern(t *testing.T) {
	for _, tc := range []struct{ name, template, want string }{
		{"words alone", "voucher has expired", `\bvoucher has expired\b`},
		{"what differs", "ledger of <n> is sealed by <q>, again", `\bledger of [^\n]{1,200}? is sealed by [^\n]{1,200}? again\b`},
		{"what differs at the ends", "<*> ledger is sealed <n>", `\bledger is sealed\b`},
		{"what differs next to each other", "ledger <n> <path> <*> is sealed", `\bledger [^\n]{1,200}? is sealed\b`},
		{"signs", "ledger (north) isn't [open]: <n>ms", `\bledger \(north\) isn't \[open\]:`},
		{"too many parts", strings.Repeat("ledger <n> ", 10), `\bledger [^\n]{1,200}? ledger [^\n]{1,200}? ledger [^\n]{1,200}? ledger\b`},
		{"too few words", "<n> ledgerissealed", ""},
		{"too few letters", "no go <n>", ""},
		{"nothing", "<n> <q>", ""},
	} {
		t.Run(tc.name, func(t *testing.T) { require.Equal(t, tc.want, pattern(tc.template)) })
	}
}

func TestRules(t *testing.T) {
	drafts, skipped := drafted(t, 10,
		"2026-03-04 10:00:01 ERROR ledger of tenant 42 is sealed: token=hunter2hunter2 was refused",
		`{"level":"error","tenant":"acme","message":"ledger of tenant 43 is sealed: token=hunter3hunter3 was refused"}`,
		"2026-03-04 10:00:03 ERROR ledger of tenant 7 cannot be read",
		"payment failed\nTraceback (most recent call last):\n  File \"/app/shop.py\", line 5, in buy\n    pay()\nValueError: no such card\n",
		"Traceback (most recent call last):\n  File \"/app/shop.py\", line 5, in buy\n    pay()\nValueError: no such card as 4711\n",
		"ERROR 17",
	)
	require.Equal(t, 1, skipped)
	byID := map[string]*Rule{}
	for _, r := range drafts {
		byID[r.ID] = r
	}
	sealed := byID["drafts-ledger-tenant-sealed-token"]
	require.NotNil(t, sealed, "%v", byID)
	require.Equal(t, 2, sealed.Count)
	require.Equal(t, 1, sealed.Line)
	require.Equal(t, "2026-03-04 10:00:01 ERROR ledger of tenant 42 is sealed: token=[redacted] was refused", sealed.Match[0])
	require.Equal(t, "ledger of tenant 43 is sealed: token=[redacted] was refused", sealed.Match[1])
	require.Equal(t, "2026-03-04 10:00:03 ERROR ledger of tenant 7 cannot be read", sealed.Ignore[0], "the nearest miss is first")

	read := byID["drafts-ledger-tenant-cannot-read"]
	require.Equal(t, []string{"2026-03-04 10:00:03 ERROR ledger of tenant 7 cannot be read", "ledger of tenant 7 cannot be read"}, read.Match)
	require.Equal(t, "ValueError: no such card as 4711", byID["drafts-valueerror-such-card"].Match[0])

	only, _ := drafted(t, 1, "ledger north is sealed now", "ledger north is sealed now", "voucher has expired")
	require.Len(t, only, 1)
	require.Equal(t, "drafts-ledger-north-sealed-now", only[0].ID, "the most frequent is first")
	require.Equal(t, []string{"ledger north is sealed now", "ERROR: ledger north is sealed now"}, only[0].Match)
}

func TestNamesThatAreTaken(t *testing.T) {
	taken := map[string]bool{}
	for _, want := range []string{"drafts-ledger-sealed", "drafts-ledger-sealed-x", "drafts-ledger-sealed-xx"} {
		id := nameOf(`\bledger is sealed\b`, taken)
		require.Equal(t, want, id)
		taken[id] = true
	}
	require.Equal(t, "drafts-error", nameOf("äöü", nil))
}

func TestWhatLintWouldNameIsLeftOut(t *testing.T) {
	drafts, _ := drafted(t, 10, "request done in 5 ms by worker", "ledger of tenant 7 is sealed")
	set, kept, err := Check(drafts)
	require.NoError(t, err)
	require.NotEmpty(t, kept)
	require.Len(t, set.Rules, len(kept))
	require.Equal(t, "drafts-ledger-tenant-sealed", kept[0].ID)
	findings, err := detect.Lint(set)
	require.NoError(t, err)
	require.Empty(t, findings)
}

func TestYAML(t *testing.T) {
	drafts, _ := drafted(t, 1, "ledger can't be read: 'north'", "ledger can't be read: 'south'", "voucher has expired")
	text := YAML(drafts, map[string]int{drafts[0].ID: 3}, 200)
	require.Contains(t, text, "  # Seen: 2, the first in app.log:1. Healthy records that match: 3 of 200.\n")
	require.Contains(t, text, `        - '\bledger can''t be read:'`)
	require.Contains(t, text, "    mode: shadow\n")
	require.Contains(t, YAML(drafts, nil, 0), "Healthy records that match: not measured.")
}

func TestManyErrors(t *testing.T) {
	e := NewErrors()
	for i := range 30_000 {
		e.Add("app.log", i, strings.Map(func(r rune) rune { return r - '0' + 'k' }, fmt.Sprintf("%d%d %d is %d", i, i*7, i*13, i*31)))
		e.Add("app.log", i, "ledger of tenant 7 is sealed")
	}
	require.LessOrEqual(t, len(e.known), 2*maxTemplates)
	drafts, _ := e.Rules(1)
	require.Equal(t, 30_000, drafts[0].Count)
}

// FuzzRules holds that drafts of any texts are YAML that says what they are, and do what their examples say.
func FuzzRules(f *testing.F) {
	for _, text := range []string{"ledger of tenant 7 is sealed\nledger of tenant 8 is sealed", "'\"it: #broke\" {here}\\n %s' & *there", "\xff\u202e error in – «quotes» \x00 here", `{"message":"it <n> broke here"}`} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, texts string) {
		drafts, _ := drafted(t, 3, strings.Split(texts, "\n")...)
		var pack struct {
			Rules []struct {
				ID       string
				Match    struct{ Patterns []string }
				Examples struct{ Match, Ignore []string }
			}
		}
		require.NoError(t, yaml.Unmarshal([]byte(YAML(drafts, nil, 0)), &pack))
		require.Len(t, pack.Rules, len(drafts))
		for i, r := range drafts {
			read := pack.Rules[i]
			require.Equal(t, r.ID, read.ID)
			require.Equal(t, []string{r.Pattern}, read.Match.Patterns)
			require.Equal(t, r.Match, read.Examples.Match)
			require.Equal(t, r.Ignore, read.Examples.Ignore)
			re, err := compile(r.Pattern)
			require.NoError(t, err)
			for _, text := range r.Match {
				require.Regexp(t, re, text)
			}
			for _, text := range r.Ignore {
				require.NotRegexp(t, re, text)
			}
		}
	})
}
