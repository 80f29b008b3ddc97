package automaton

import (
	"regexp"
	"strings"
	"testing"
)

// BenchmarkNoMatch is the cost of a kilobyte that does not match, beside that of
// package regexp.
func BenchmarkNoMatch(b *testing.B) {
	text := strings.Repeat("2026-03-04T10:15:32 ERROR deadlock while order 48211 was accepted in 38 ms; ", 13)
	for _, expr := range []string{`(?is)deadlock.{0,80}transaction`, `(?is)\border \d{1,9} (?:was|is) (?:refused|rejected)`} {
		e, re := New("", expr, NewPool(1<<20)), regexp.MustCompile(expr)
		b.Run(expr+"/automaton", func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				e.Match(text)
			}
		})
		b.Run(expr+"/regexp", func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				re.MatchString(text)
			}
		})
	}
}

// BenchmarkFind is the cost of a match in a log line with its groups.
func BenchmarkFind(b *testing.B) {
	text := "2026-03-04T10:15:32.482Z ERROR [pool-7] c.e.shop.Orders - ERROR: deadlock detected while order 48211 took lock 1182 in transaction 9917, giving up"
	e := New("", `(?is)deadlock.{0,60}?in transaction (?P<id>\d{1,9})`, NewPool(1<<20))
	re := regexp.MustCompile(e.expr)
	b.Run("automaton", func(b *testing.B) {
		for b.Loop() {
			e.Find(text, 0, 0, len(text))
		}
	})
	b.Run("regexp", func(b *testing.B) {
		for b.Loop() {
			re.FindStringSubmatchIndex(text)
		}
	})
}
