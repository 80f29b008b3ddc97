package translate_test

import (
	"regexp"
	"testing"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/ottl/contexts/ottllog"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/ottl/ottlfuncs"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"

	"github.com/failuredetector/failuredetector/benchmarks/internal/translate"
	"github.com/failuredetector/failuredetector/rules"
)

const pack = `
pack: apples
types:
  - {type: NO_APPLES, category: fruit, severity: low, explain: {cause: 'None is left.'}}
rules:
  - id: apples-gone
    type: NO_APPLES
    confidence: 0.9
    match: {patterns: ['no "apples" \(left\)', 'apple\d+ gone']}
    none_of: ['pears']
    clear_patterns: ['apples again']
  - id: apples-code
    type: NO_APPLES
    confidence: 0.9
    match: {codes: {fruit.status: ['404']}}
`

func apples(t *testing.T) *rules.Set {
	t.Helper()
	set, err := rules.Parse("apples.yaml", []byte(pack))
	require.NoError(t, err)
	return set
}

func TestExpressionsAreTheMatchPatterns(t *testing.T) {
	require.Equal(t, []translate.Expression{
		{Rule: "apples-gone", Expr: `no "apples" \(left\)`},
		{Rule: "apples-gone", Expr: `apple\d+ gone`},
	}, translate.Expressions(apples(t)))
}

func TestStatementIsOneForARule(t *testing.T) {
	require.Equal(t, []string{
		`set(attributes["failure_type"], "NO_APPLES") where IsMatch(body, "(?is)no \"apples\" \\(left\\)") or IsMatch(body, "(?is)apple\\d+ gone")`,
	}, translate.Statements(apples(t), "body"))
}

func TestBareIsThePatternsAlone(t *testing.T) {
	d, err := translate.Bare(apples(t))
	require.NoError(t, err)
	require.Len(t, d.Text(`pears, but no "apples" (left)`).Detections, 1, "without the veto")
	require.Empty(t, d.Text("apples again").Clears)
}

// TestCatalogueIsUnderstoodByTheOthers holds that nothing is lost on the way.
func TestCatalogueIsUnderstoodByTheOthers(t *testing.T) {
	set, err := rules.Load(rules.NewDefaultConfig())
	require.NoError(t, err)
	for _, e := range translate.Flagged(translate.Expressions(set)) {
		_, err := regexp.Compile(e)
		require.NoError(t, err)
	}
	parser, err := ottllog.NewParser(ottlfuncs.StandardFuncs[*ottllog.TransformContext](), componenttest.NewNopTelemetrySettings())
	require.NoError(t, err)
	statements := translate.Statements(set, "body")
	require.Greater(t, len(statements), 300)
	_, err = parser.ParseStatements(statements)
	require.NoError(t, err)
}
