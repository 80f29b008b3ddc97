package incident

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
)

// The encoding is one line, with a name, a version and a checksum, and JSON after it. A later minor
// version may add keys, so it reads what an earlier one wrote; a major version changes their meaning.
const (
	encodingName  = "failuredetector-incidents"
	encodingMajor = 1
	encodingMinor = 2
)

// Errors of Decode. Whatever the reason, the value is of no use to this version.
var (
	// ErrForeign says that the value is no state of this project.
	ErrForeign = errors.New("state: it was written by something else")
	// ErrNewer says that the value was written by a newer version.
	ErrNewer = errors.New("state: it was written by a newer version")
	// ErrCorrupt says that the value is not what was written.
	ErrCorrupt = errors.New("state: it is corrupt")
)

// Encode writes a snapshot.
func Encode(snap *Snapshot) ([]byte, error) {
	content, err := json.Marshal(snap)
	if err != nil {
		return nil, fmt.Errorf("state: encoding: %w", err)
	}
	head := fmt.Appendf(nil, "%s %d.%d %08x\n", encodingName, encodingMajor, encodingMinor, crc32.ChecksumIEEE(content))
	return append(head, content...), nil
}

// Decode reads what Encode of this or an earlier minor version wrote.
func Decode(value []byte) (*Snapshot, error) {
	return decode(value, encodingMajor, encodingMinor)
}

func decode(value []byte, major, minor int) (*Snapshot, error) {
	head, content, found := bytes.Cut(value, []byte("\n"))
	var wroteMajor, wroteMinor int
	var sum uint32
	if !found || !bytes.HasPrefix(head, []byte(encodingName+" ")) {
		return nil, ErrForeign
	}
	if _, err := fmt.Sscanf(string(head[len(encodingName)+1:]), "%d.%d %x", &wroteMajor, &wroteMinor, &sum); err != nil {
		return nil, fmt.Errorf("%w: its first line cannot be read", ErrCorrupt)
	}
	if wroteMajor > major || wroteMajor == major && wroteMinor > minor {
		return nil, fmt.Errorf("%w: %d.%d", ErrNewer, wroteMajor, wroteMinor)
	}
	if wroteMajor < major {
		return nil, fmt.Errorf("%w: version %d.%d is no longer read", ErrForeign, wroteMajor, wroteMinor)
	}
	if crc32.ChecksumIEEE(content) != sum {
		return nil, fmt.Errorf("%w: its checksum is wrong", ErrCorrupt)
	}
	snap := &Snapshot{}
	if err := json.Unmarshal(content, snap); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrCorrupt, err)
	}
	return snap, nil
}
