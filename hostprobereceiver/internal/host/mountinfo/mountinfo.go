// Package mountinfo reads the table of mounts that the kernel keeps for a process.
package mountinfo

import (
	"strings"
)

// Mount is one line of the table.
type Mount struct {
	// Device is major:minor, the same for all mounts of one filesystem.
	Device string
	// Root is the folder of the filesystem that is mounted: "/", or another with a bind mount.
	Root string
	// Point is where it is mounted.
	Point string
	// Options are those of the mount, SuperOptions those of the filesystem. Either can make it read-only.
	Options, SuperOptions string
	Type, Source          string
}

// Parse reads a table. A line that does not look like one is left out.
func Parse(text string) []Mount {
	var mounts []Mount
	for line := range strings.Lines(text) {
		if mount, ok := parseLine(strings.TrimSuffix(line, "\n")); ok {
			mounts = append(mounts, mount)
		}
	}
	return mounts
}

// parseLine reads: ID parent major:minor root point options, optional fields up to a dash, type source
// options of the filesystem.
func parseLine(line string) (Mount, bool) {
	before, after, found := strings.Cut(line, " - ")
	first := strings.Fields(before)
	// Only the source may be empty, which leaves two blanks.
	last := strings.SplitN(after, " ", 3)
	if !found || len(first) < 6 || len(last) < 3 {
		return Mount{}, false
	}
	point := unescape(first[4])
	if !strings.HasPrefix(point, "/") {
		return Mount{}, false
	}
	return Mount{
		Device:       first[2],
		Root:         unescape(first[3]),
		Point:        point,
		Options:      first[5],
		Type:         unescape(last[0]),
		Source:       unescape(last[1]),
		SuperOptions: last[2],
	}, true
}

// ReadOnly tells that the filesystem cannot be written to here. After an error the kernel sets only an
// option of the filesystem; since Linux 6.12 ext4 stays rw by name, and statfs does not show it.
func (m Mount) ReadOnly() bool {
	return has(m.Options, "ro") || has(m.SuperOptions, "ro") || has(m.SuperOptions, "emergency_ro") || has(m.SuperOptions, "shutdown")
}

// Has tells whether the filesystem has an option: for a cgroup, a controller.
func (m Mount) Has(option string) bool { return has(m.SuperOptions, option) }

func has(options, option string) bool {
	for one := range strings.SplitSeq(options, ",") {
		if one == option {
			return true
		}
	}
	return false
}

// unescape puts back what the kernel writes as three octal digits: blank, tab, newline, backslash, #.
func unescape(field string) string {
	if !strings.Contains(field, `\`) {
		return field
	}
	plain := make([]byte, 0, len(field))
	for i := 0; i < len(field); i++ {
		if code, ok := octal(field[i:]); ok {
			plain = append(plain, code)
			i += 3
			continue
		}
		plain = append(plain, field[i])
	}
	return string(plain)
}

func octal(text string) (byte, bool) {
	if len(text) < 4 || text[0] != '\\' {
		return 0, false
	}
	code := 0
	for _, digit := range []byte(text[1:4]) {
		if digit < '0' || digit > '7' {
			return 0, false
		}
		code = code*8 + int(digit-'0')
	}
	return byte(code), code < 256
}
