package redact

import (
	"slices"
	"strings"
)

// sign is a literal that tells where a secret may stand.
type sign struct {
	// literal has at least three characters. Case matters only where it is exact.
	literal string
	exact   bool
	// secret finds what belongs to the sign at text[at:end].
	secret func(text string, at, end int) (Range, bool)
}

func (s *sign) standsAt(text string, at int) bool {
	if len(text)-at < len(s.literal) {
		return false
	}
	here := text[at : at+len(s.literal)]
	return here == s.literal || !s.exact && strings.EqualFold(here, s.literal)
}

// index finds the signs of a text in one pass: three characters tell whether
// any can begin there.
type index struct {
	begins  [1 << 18 / 64]uint64
	byStart map[uint32][]sign
}

// codes are 6 bits for each byte: letters without their case, digits, and the
// punctuation that signs are made of. All else shares one.
var codes = newCodes()

func newCodes() (table [256]uint8) {
	for c := range 26 {
		table['a'+c], table['A'+c] = uint8(1+c), uint8(1+c)
	}
	for i, c := range "0123456789-_:/.=@~'\" (%+" {
		table[c] = uint8(27 + i)
	}
	return table
}

// next takes one more character into the three that are looked at.
func next(three uint32, c byte) uint32 { return (three<<6 | uint32(codes[c])) & (1<<18 - 1) }

var signs = newIndex(headerSigns(), credentialSigns(), placeSigns(), tokenSigns(), embeddedTokenSigns(), addressSigns(), accountSigns())

func newIndex(groups ...[]sign) *index {
	x := &index{byStart: map[uint32][]sign{}}
	for _, s := range slices.Concat(groups...) {
		var three uint32
		for _, c := range []byte(s.literal[:3]) {
			three = next(three, c)
		}
		x.begins[three/64] |= 1 << (three % 64)
		x.byStart[three] = append(x.byStart[three], s)
	}
	return x
}

// appendTold adds the secrets that a sign tells of. Within a secret no other is
// searched for.
func appendTold(found []Range, text string) []Range {
	var three uint32
	var inside Range
	for i := 0; i < len(text); i++ {
		at := i - 2
		if inside.Start <= at && at < inside.End {
			if i = inside.End + 2; i >= len(text) {
				break
			}
			at = inside.End
			three = next(next(0, text[at]), text[at+1])
		}
		three = next(three, text[i])
		if at < 0 || signs.begins[three/64]&(1<<(three%64)) == 0 {
			continue
		}
		for _, s := range signs.byStart[three] {
			if !s.standsAt(text, at) {
				continue
			}
			if r, ok := s.secret(text, at, at+len(s.literal)); ok && r.Start < r.End && !r.hasMask(text) {
				found = append(found, r)
				inside = r
				break
			}
		}
	}
	return found
}
