// Package cascade finds out which failure caused the others: it puts the spans of each trace together,
// looks for the deepest failure in it, and adds up over traces who is to blame.
//
// The tracker is a pure function of what it is given and when. It has no clock, no goroutine and no
// lock, and all that it keeps is bounded by Limits.
package cascade
