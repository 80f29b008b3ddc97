package scan

import "math"

// Frequency guesses at how many of a million places of healthy text a literal
// stands, which is folded and at least MinLength bytes long. It stands at no more
// than the rarest four bytes of it; and at the least, since words are no chance,
// at as many as if each byte depended on the three before it alone. The guess is
// the geometric mean.
func Frequency(literal string) float64 {
	table := healthy()
	if len(literal) < narrow {
		return float64(table.ofThree(keyOfThree(literal)))
	}
	rarest, before := table.of(keyOf(literal))
	independent := rarest
	for at := 1; at+narrow <= len(literal); at++ {
		four, three := table.of(keyOf(literal[at:]))
		rarest = min(rarest, four)
		independent *= min(1, four/before)
		before = three
	}
	return math.Sqrt(float64(rarest * independent))
}
