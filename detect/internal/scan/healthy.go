package scan

// Frequency guesses at how many of a million places of healthy text a literal
// stands, which is folded and at least MinLength bytes long.
func Frequency(literal string) float64 {
	c := chooser{frequencies: healthy()}
	_, whole := c.estimate(nil, literal)
	return float64(whole)
}
