package fingerprint

// AnyDigits says whether Mask gives the same for all texts that differ from this one in
// nothing but which digits they have. Only 0x before a number has a digit that counts.
func AnyDigits(text string) bool {
	for i := 1; i < len(text); i++ {
		if text[i] == 'x' && isDigit(text[i-1]) {
			return false
		}
	}
	return true
}
