//go:build !race

package detect

// exactShare is the part of the texts that the plain loop is run on.
const exactShare = 1
