//go:build linux

package mounts

import (
	"path/filepath"

	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host/held"
	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host/mountinfo"
)

// Table is the list of mounts that the kernel keeps.
type Table struct {
	held.File

	last string
	// own tells that it is that of the collector, with the options that statfs shows too.
	own bool
}

// NewTable returns the table of the host whose root is mounted at root.
func NewTable(root string) *Table {
	// In a container the table of the collector lists the mounts of the container. On the host itself it
	// lists what the collector can reach, which the table of the first process need not.
	process, own := "1", filepath.Clean(root) == "/"
	if own {
		process = "self"
	}
	return &Table{own: own, File: held.File{Path: filepath.Join(root, "proc", process, "mountinfo"), Paged: true}}
}

// Read returns the mounts if they are not those of the last time. The kernel tells of what is mounted and
// unmounted, but not of a filesystem that an error has made read-only; where statfs does not show that
// either, the table is compared each time.
func (t *Table) Read(buffer *held.Buffer) (mounts []mountinfo.Mount, changed bool, err error) {
	if t.own && t.last != "" && t.Unchanged() {
		return nil, false, nil
	}
	text, err := t.File.Read(buffer)
	if err != nil || string(text) == t.last {
		return nil, false, err
	}
	t.last = string(text)
	return mountinfo.Parse(t.last), true, nil
}
