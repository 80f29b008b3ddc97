//go:build linux

package mounts

import (
	"path/filepath"
	"slices"

	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host/held"
	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host/mountinfo"
)

// Table is the list of mounts that the kernel keeps.
type Table struct {
	held.File

	// own is that of the collector, for a host that keeps its first process hidden.
	own  held.File
	root string
	last string
}

// NewTable returns the table of the host whose root is mounted at root.
func NewTable(root string) *Table {
	// In a container the table of the collector lists the mounts of the container. On the host itself it
	// lists what the collector can reach, which the table of the first process need not.
	at := func(process string) held.File {
		return held.File{Path: filepath.Join(root, "proc", process, "mountinfo"), Paged: true}
	}
	if filepath.Clean(root) == "/" {
		return &Table{File: at("self"), root: "/"}
	}
	return &Table{File: at("1"), own: at("self"), root: filepath.Clean(root)}
}

// Read returns the mounts if they are not those of the last time. It reads them all to find that out: the
// kernel would tell of what is mounted and unmounted, but not of a filesystem that an error has made
// read-only.
func (t *Table) Read(buffer *held.Buffer) (mounts []mountinfo.Mount, changed bool, err error) {
	text, err := t.File.Read(buffer)
	hidden := err != nil && t.root != "/"
	if hidden {
		if own, ownErr := t.own.Read(buffer); ownErr == nil {
			text, err = own, nil
		}
	}
	if err != nil || string(text) == t.last {
		return nil, false, err
	}
	t.last = string(text)
	mounts = mountinfo.Parse(t.last)
	if hidden {
		mounts = slices.DeleteFunc(mounts, func(m mountinfo.Mount) bool { return !below(t.root, m.Point) })
	}
	return mounts, true, nil
}

// Close lets go of the files.
func (t *Table) Close() {
	t.File.Close()
	t.own.Close()
}
