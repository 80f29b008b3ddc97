package scan

// packed is many short texts in one piece of memory. A text is found by four bytes, and not by
// the sixteen of a string, so that the caches of the processor have room for more of them.
type packed struct {
	content []byte
	// begin has for each text where it begins, and one more for the end.
	begin []uint32
}

func pack(texts []string) packed {
	size := 0
	for _, text := range texts {
		size += len(text)
	}
	p := packed{content: make([]byte, 0, size), begin: make([]uint32, 1, len(texts)+1)}
	for _, text := range texts {
		p.content = append(p.content, text...)
		p.begin = append(p.begin, uint32(len(p.content)))
	}
	return p
}

func (p *packed) count() int { return len(p.begin) - 1 }

func (p *packed) of(number int32) []byte { return p.content[p.begin[number]:p.begin[number+1]] }
