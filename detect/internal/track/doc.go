// Package track says where a regular expression matches a short text of ASCII, and what
// its groups hold, as package regexp would.
//
// Automata are the faster way over a text, once their states are there and in the caches of
// the processor. The failures of a large catalogue are each rare, so that whatever one needs
// has left these caches when it comes again, and a walk that goes from state to state waits
// for memory at each byte. Here an expression is a few hundred bytes of code in one piece, and
// a line is short, so the plainest way is the quickest: try what is preferred, and take it back
// where it leads to nothing.
//
// For conn(?:ection)? (\w+) the code is
//
//	folded "conn"      letters match in either case
//	alt                two ways, each with the bytes that it can go on with
//	  folded "ection"
//	byte ' '
//	save 2             the group begins
//	span \w 1..        as many bytes of a class as there are, then one less each time
//	save 3
//	match
//
// # Bounds
//
// Trying can take time that grows with a power of the length of a text, so it is given up
// after maxSteps, and who asked has to ask otherwise. What would need more than maxCode bytes,
// or repeats what can be empty, has no code.
package track
