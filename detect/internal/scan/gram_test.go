package scan

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSignIsHeldByEveryTextWithTheLiterals(t *testing.T) {
	finder := New([][]string{{"anything"}})
	var found Found
	for _, literals := range [][]string{{"abc"}, {"abcd"}, {"connection refused"}, {"the ", "deadlock", "磁盘"}, {"aaaaaaaa", "aaa"}} {
		sign := SignOf(literals)
		for _, text := range []string{
			strings.Join(literals, ""), strings.ToUpper(strings.Join(literals, " and ")),
			strings.Repeat("x", longLine) + strings.Join(literals, " "),
		} {
			finder.Scan(text, &found)
			require.True(t, found.MayHave(sign), "%q in %q", literals, text)
		}
	}
}

func TestSignRulesOutALineThatLacksALiteral(t *testing.T) {
	finder := New([][]string{{"anything"}})
	var found Found
	finder.Scan("dial tcp 10.0.0.7:5432: connect: connection refused", &found)
	require.True(t, found.MayHave(SignOf([]string{"connection", "refused"})))
	for _, lacking := range [][]string{{"connection", "by peer"}, {"deadlock"}, {"no route"}, {"refused", "dial udp"}} {
		require.False(t, found.MayHave(SignOf(lacking)), "%q", lacking)
	}
}

func TestSignTakesAnotherLiteralForItsSecondPart(t *testing.T) {
	sign := SignOf([]string{"zzz", "qqqqqq"})
	require.ElementsMatch(t, []uint16{gramOf(keyOfThree("zzz")), gramOf(keyOfThree("qqq"))}, sign[:])
	require.NotEqual(t, SignOf([]string{"deadlock"})[0], SignOf([]string{"deadlock"})[1])
}
