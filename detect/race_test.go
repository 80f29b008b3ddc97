//go:build race

package detect

// exactShare is the part of the texts that the plain loop is run on: with the race
// detector it takes ten times as long, and finds no more.
const exactShare = 10
