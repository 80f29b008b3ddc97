package incident

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
)

// separator stands between the fields of a key, as in a fingerprint.
const separator = 0x1F

// Key identifies a failure: the values of the grouping key, the entity and the fingerprint.
type Key [16]byte

// keyOf gives the key of a failure, and keeps what it was made of in the state's buffer.
func (s *State) keyOf(g *Group, entity, fingerprint string) Key {
	s.buffer = append(s.buffer[:0], g.key...)
	s.buffer = append(s.buffer, separator)
	s.buffer = append(s.buffer, entity...)
	s.buffer = append(s.buffer, separator)
	s.buffer = append(s.buffer, fingerprint...)
	sum := sha256.Sum256(s.buffer)
	return Key(sum[:16])
}

// idOf gives the id of an incident that opens now: 32 hex digits of SHA-256 over the fields of its
// key and the time in nanoseconds.
func (s *State) idOf(g *Group, entity, fingerprint string) string {
	s.keyOf(g, entity, fingerprint)
	s.buffer = append(s.buffer, separator)
	s.buffer = strconv.AppendInt(s.buffer, s.now, 10)
	sum := sha256.Sum256(s.buffer)
	return hex.EncodeToString(sum[:16])
}
