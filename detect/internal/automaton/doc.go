// Package automaton says where a regular expression matches a text, at a cost of
// about a nanosecond or two a byte whatever the text is.
//
// An expression becomes a graph of nodes, and the sets of nodes that a text can
// lead to become the states of a deterministic automaton, which is built while
// it runs and shared by all who use it. Its alphabet are not bytes or runes but
// the classes of runes that the expression tells apart, so a row of its table is
// short, and a broken byte means what it means to package regexp.
//
// # Gaps
//
// A part like .{0,80} would need a node for each of its runes, and a text that
// begins the expression at many places would need a state for every set of
// them. Here such a part, the repetition of one class, is a single node with a
// clock: it is alive from when it is entered until as many runes have gone by as
// it may take, or until a rune that is not of its class. Entering it again only
// winds the clock, since whoever entered last may take all that those before may.
// So the states are those of the expression without its gaps, and few.
//
// For deadlock.{0,80}transaction and the text "deadlock, no transaction" the walk is
//
//	deadlock    along the letters; the last of them enters the gap, which is due at rune 88
//	, no        the gap stays alive, and transaction may begin at each of these runes
//	transaction along the letters, and the match is seen
//
// Had rune 88 come before, the gap would have been dropped from the set.
//
// # Two walks and a look
//
// Sets know no preference, so a walk tells where a match ends, but not which one
// package regexp would choose. Where no match ends, and this is nearly always, the
// answer is no. Otherwise a second automaton, of the reversed expression, walks
// back over what can hold the match, and the last place where it accepts is where
// the leftmost match begins. There package regexp itself says where it ends and
// what its groups hold.
//
// # Bounds
//
// Machines keep their states in a Pool, which forgets all of them when they take too
// much. A walk that would build more than maxBuilt states is given up, and package
// regexp gives the answer.
package automaton
