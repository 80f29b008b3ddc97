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
}

// NewTable returns the table of the host whose root is mounted at root.
func NewTable(root string) *Table {
	// In a container the table of the collector lists the mounts of the container. On the host itself it
	// lists what the collector can reach, which the table of the first process need not.
	process := "1"
	if filepath.Clean(root) == "/" {
		process = "self"
	}
	return &Table{File: held.File{Path: filepath.Join(root, "proc", process, "mountinfo"), Paged: true}}
}

// Read returns the mounts if they are not those of the last time. It reads them all to find that out: the
// kernel would tell of what is mounted and unmounted, but not of a filesystem that an error has made
// read-only.
func (t *Table) Read(buffer *held.Buffer) (mounts []mountinfo.Mount, changed bool, err error) {
	text, err := t.File.Read(buffer)
	if err != nil || string(text) == t.last {
		return nil, false, err
	}
	t.last = string(text)
	return mountinfo.Parse(t.last), true, nil
}
