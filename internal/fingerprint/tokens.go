package fingerprint

// tokens are texts one behind the other in one piece of memory.
type tokens struct {
	masked []byte
	// ends has for each token where it ends.
	ends []int32
}

func (t *tokens) count() int { return len(t.ends) }

// of gives a token.
func (t *tokens) of(number int) []byte { return t.masked[t.begin(number):t.ends[number]] }

// begin gives where a token begins; for the one behind the last it is the end.
func (t *tokens) begin(number int) int32 {
	if number == 0 {
		return 0
	}
	return t.ends[number-1]
}

// is says whether there is a token and it is a text.
func (t *tokens) is(number int, text string) bool {
	return number < t.count() && string(t.of(number)) == text
}
