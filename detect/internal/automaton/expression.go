package automaton

import (
	"regexp"
	"regexp/syntax"
	"sync"
	"unicode/utf8"

	"github.com/failuredetector/failuredetector/detect/internal/track"
)

// Expression is a regular expression that is ready to be looked for. It is safe
// for concurrent use, and compiles what it needs when it first does: most
// expressions of a large catalogue are never needed.
type Expression struct {
	flags, expr string
	pool        *Pool

	// short has the expression for short texts of ASCII, and whether it tells digits apart,
	// where that takes no room: there are thousands.
	short struct {
		sync.Once
		digits  bool
		program *track.Program
	}
	built struct {
		sync.Once
		machines
	}
	// plain is the expression as package regexp has it. The others are anchored at
	// the begin of the text they are given: atBegin the expression itself, inside
	// the expression behind one rune.
	plain, atBegin, inside regexpOnce
}

// regexpOnce is an expression of package regexp that is compiled when it is first used.
type regexpOnce struct {
	sync.Once
	re *regexp.Regexp
}

func (r *regexpOnce) get(before, expr, after string) *regexp.Regexp {
	r.Do(func() { r.re = regexp.MustCompile(before + expr + after) })
	return r.re
}

// machines are the automata of an expression; nil if it is too large for them.
type machines struct {
	forward, backward *machine
	// anchored walks from the begin of a match to its ends.
	anchored *machine
	// spans walk from a place within a match as far as it can reach. They are for long
	// texts only.
	spans func() spans
	// width is how many runes a match has at most, or unbounded.
	width int
	// groups has the names of the groups.
	groups []string
	// fromBegin says that every match begins where the text does, toEnd that it ends there.
	fromBegin, toEnd bool
}

// spans walk from a place within a match to where it can begin and end; nil if they
// are too large.
type spans struct{ left, right *machine }

// New prepares an expression, in the syntax of package regexp, behind the flags that
// hold for it, such as (?i). It has to be one that regexp compiles.
func New(flags, expr string, pool *Pool) *Expression {
	return &Expression{flags: flags, expr: expr, pool: pool}
}

// source is the expression with its flags. They are joined only where it is compiled.
func (e *Expression) source() string { return e.flags + e.expr }

func (e *Expression) machines() *machines {
	e.built.Do(func() { e.built.machines = newMachines(e.source(), e.pool) })
	return &e.built.machines
}

// shortText is how long a text is at most, in bytes, for which automata do not pay.
const shortText = 512

// tracker gives the program with which a text is looked at, or nil.
func (e *Expression) tracker(text string) *track.Program {
	if len(text) > shortText || !isASCII(text) {
		return nil
	}
	e.prepareShort()
	return e.short.program
}

func (e *Expression) prepareShort() {
	e.short.Do(func() {
		if tree, err := syntax.Parse(e.source(), syntax.Perl); err == nil {
			e.short.digits = tellsDigitsApart(tree)
			e.short.program = track.Compile(tree)
		}
	})
}

func (e *Expression) asRegexp() *regexp.Regexp { return e.plain.get("", e.source(), "") }

func newMachines(expr string, pool *Pool) machines {
	tree, err := syntax.Parse(expr, syntax.Perl)
	if err != nil {
		return machines{}
	}
	m := machines{width: width(tree), groups: tree.CapNames(), fromBegin: beginsAtBegin(tree), toEnd: endsInAll(tree)}
	build := func(way direction, kind walkKind) *machine {
		p, fits := newProgram([]*syntax.Regexp{tree}, way)
		if !fits {
			return nil
		}
		made, fits := newMachine(p, pool, kind)
		if !fits {
			return nil
		}
		return made
	}
	m.forward, m.backward, m.anchored = build(forwards, ofOne), build(backwards, ofOne), build(wholly, anchored)
	m.spans = sync.OnceValue(func() spans { return spans{left: build(backwards, spanning), right: build(forwards, spanning)} })
	if m.forward == nil || m.backward == nil || m.anchored == nil {
		return machines{width: unbounded, groups: m.groups}
	}
	return m
}

// beginsAtBegin says whether an expression asks for the begin of the text before all else.
func beginsAtBegin(tree *syntax.Regexp) bool {
	return tree.Op == syntax.OpConcat && tree.Sub[0].Op == syntax.OpBeginText
}

// endsInAll says whether an expression ends in what takes all that follows, so that every
// match ends where the text does.
func endsInAll(tree *syntax.Regexp) bool {
	if tree.Op != syntax.OpConcat {
		return false
	}
	last := tree.Sub[len(tree.Sub)-1]
	return last.Op == syntax.OpStar && last.Flags&syntax.NonGreedy == 0 && last.Sub[0].Op == syntax.OpAnyChar
}

// Groups gives the names of the groups, as regexp.SubexpNames does.
func (e *Expression) Groups() []string {
	if p := e.tracker(""); p != nil {
		return p.Groups()
	}
	return e.machines().groups
}

// Fits says whether automata can hold the expression. One that is too large for
// them is left to package regexp, which takes many times as long over a text.
func (e *Expression) Fits() bool { return e.machines().forward != nil }

// Match says whether the expression matches in a text.
func (e *Expression) Match(text string) bool { return e.MatchIn(text, 0, len(text)) }

// MatchIn says whether the expression matches in a text where it can do so only in a
// part of it, as Around gives it.
func (e *Expression) MatchIn(text string, from, to int) bool {
	if p := e.tracker(text); p != nil {
		if found, _, ok := p.Match(text); ok {
			return found
		}
	}
	return e.matchByWalk(text, from, to)
}

func (e *Expression) matchByWalk(text string, from, to int) bool {
	if m := e.machines(); m.forward != nil {
		if end, ok := m.forward.earliest(text, from, to); ok {
			return end != none
		}
	}
	return e.asRegexp().MatchString(text)
}

// nearby is the length of a text, in bytes, of which it does not pay to find out
// what part can have a match.
const nearby = 256

// nearWidth is how many runes a match may have at the most for all text to count as
// around it that is no further away.
const nearWidth = 256

// Around gives a part of a text that has the end of a match, and all without which
// it would be none, if something that every match needs begins between two positions.
// Walked is how many bytes were looked at for that.
func (e *Expression) Around(text string, first, last int) (from, to, walked int) {
	m := e.machines()
	if m.forward == nil || len(text) <= nearby {
		return 0, len(text), 0
	}
	first, last = runeStart(text, min(first, len(text))), runeStart(text, min(last, len(text)))
	if m.width != unbounded && m.width <= nearWidth {
		return before(text, first, m.width), behind(text, last, m.width), 0
	}
	sides := m.spans()
	if sides.left == nil || sides.right == nil {
		return 0, len(text), 0
	}
	from, to = sides.left.reachBack(text, first), sides.right.reach(text, last)
	return from, to, to - from
}

// Find gives the first match that begins at or behind a position, as
// regexp.FindStringSubmatchIndex gives that of a whole text, or nil. No match may
// begin before the position that does not also end before it. From and to are
// what Around gives. Walked is how many bytes were looked at.
func (e *Expression) Find(text string, position, from, to int) (match []int, walked int) {
	p := e.tracker(text)
	if p == nil {
		return e.findByWalk(text, position, from, to)
	}
	found, steps, ok := p.Find(text, position)
	if ok {
		return found, steps
	}
	match, walked = e.findByWalk(text, position, from, to)
	return match, steps + walked
}

func (e *Expression) findByWalk(text string, position, from, to int) (match []int, walked int) {
	m := e.machines()
	if m.forward == nil {
		return e.findPlainly(text, position)
	}
	from = max(from, position)
	if from >= to {
		return nil, 0
	}
	end, ok := m.forward.earliest(text, from, to)
	if !ok {
		return e.findPlainly(text, position)
	}
	if end == none {
		return nil, to - from
	}
	start, back, ok := e.start(m, text, from, end, to)
	if ok && start != none {
		if found, more := e.matchAt(m, text, start); found != nil {
			return found, end - from + back + more
		}
	}
	return e.findPlainly(text, position)
}

// start gives where the leftmost match begins of those in a part of a text, of which the
// one that ends first is known. Walked is how many bytes were looked at.
func (e *Expression) start(m *machines, text string, from, end, to int) (start, walked int, ok bool) {
	if m.fromBegin && from == 0 {
		return 0, 0, true
	}
	// It begins no later than the one that ends first, so it ends no further behind
	// it than a match is wide.
	low, high := from, to
	if m.width != unbounded {
		low = max(low, before(text, end, m.width))
		high = min(high, behind(text, end, m.width))
	}
	start, ok = m.backward.leftmost(text, low, high)
	return start, high - low, ok
}

// regexpPace is how many times longer package regexp takes over a text.
const regexpPace = 20

// behind gives a position that is at least so many runes behind another one.
func behind(text string, at, runes int) int {
	if near := at + runes; near <= len(text) && isASCII(text[at:near]) {
		return near
	}
	return runeStart(text, min(len(text), at+runes*utf8.UTFMax))
}

// before gives a position that is at least so many runes before another one.
func before(text string, at, runes int) int {
	if near := at - runes; near >= 0 && isASCII(text[near:at]) {
		return near
	}
	at = max(0, at-runes*utf8.UTFMax)
	for at > 0 && !utf8.RuneStart(text[at]) {
		at--
	}
	return at
}

func isASCII(text string) bool {
	for len(text) >= 8 {
		// The compiler makes this one load.
		word := uint64(text[0]) | uint64(text[1])<<8 | uint64(text[2])<<16 | uint64(text[3])<<24 |
			uint64(text[4])<<32 | uint64(text[5])<<40 | uint64(text[6])<<48 | uint64(text[7])<<56
		if word&0x8080808080808080 != 0 {
			return false
		}
		text = text[8:]
	}
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// runeStart gives the nearest position at or behind one where a rune begins.
func runeStart(text string, at int) int {
	for at < len(text) && !utf8.RuneStart(text[at]) {
		at++
	}
	return at
}

// matchAt gives the match that begins at a position and how much was walked, or nil if only package regexp
// can tell and would have to see more of the text than this gives it: what a
// match can have and one rune on each side, which is all that decides where one ends.
func (e *Expression) matchAt(m *machines, text string, start int) (match []int, walked int) {
	if len(m.groups) == 1 {
		if m.toEnd {
			return []int{start, len(text)}, 0
		}
		if end, ok := m.anchored.only(text, start); ok {
			return []int{start, end}, end - start
		}
	}
	var anchored *regexp.Regexp
	from := start
	if start == 0 {
		anchored = e.atBegin.get(`\A(`, e.source(), `)`)
	} else {
		_, size := utf8.DecodeLastRuneInString(text[:start])
		anchored, from = e.inside.get(`\A(?s:.)(`, e.source(), `)`), start-size
	}
	until := len(text)
	if m.width != unbounded {
		until = behind(text, start, m.width+1)
	}
	match = anchored.FindStringSubmatchIndex(text[from:until])
	if len(match) == 0 || from+match[1] == until && until < len(text) {
		return nil, 0
	}
	walked = regexpPace * (match[1] - match[0])
	match = match[2:]
	for i := range match {
		if match[i] >= 0 {
			match[i] += from
		}
	}
	return match, walked
}

// findPlainly is Find by package regexp. Successive matches are what a caller
// asks for, so that the first at or behind the position is the wanted one.
func (e *Expression) findPlainly(text string, from int) (match []int, walked int) {
	walked = regexpPace * len(text)
	if from == 0 {
		return e.asRegexp().FindStringSubmatchIndex(text), walked
	}
	for _, match = range e.asRegexp().FindAllStringSubmatchIndex(text, -1) {
		if match[0] >= from {
			return match, walked
		}
	}
	return nil, walked
}
