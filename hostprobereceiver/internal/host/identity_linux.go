package host

import (
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host/figure"
)

// long bounds what is read of a file that names something.
const long = 4096

// identify reads the files that name a Linux host. The name of the host that the kernel knows is, in a
// container, the name of the container.
func identify(root string) figure.Identity {
	id := figure.Identity{
		Name: firstLine(root, "etc/hostname"),
		ID:   firstLine(root, "etc/machine-id", "var/lib/dbus/machine-id"),
	}
	if filepath.Clean(root) == "/" {
		if name, err := os.Hostname(); err == nil {
			id.Name = name
		}
	}
	for line := range strings.Lines(head(root, "etc/os-release", "usr/lib/os-release")) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		value = strings.Trim(value, `"'`)
		switch name {
		case "ID":
			id.OSName = value
		case "VERSION_ID":
			id.OSVersion = value
		}
	}
	return id
}

func firstLine(root string, names ...string) string {
	line, _, _ := strings.Cut(head(root, names...), "\n")
	return strings.TrimSpace(line)
}

// head reads the beginning of the first file that is there. Neither is a problem: what is not known is empty.
func head(root string, names ...string) string {
	for _, name := range names {
		file, err := os.Open(filepath.Join(root, name))
		if err != nil {
			continue
		}
		text, _ := io.ReadAll(io.LimitReader(file, long))
		_ = file.Close()
		if len(text) > 0 {
			return strings.ToValidUTF8(string(text), "?")
		}
	}
	return ""
}
