//go:build linux

// Package cgroup reads what limits a process has besides those of the host, and how near to them it is.
package cgroup

import (
	"errors"
	"io/fs"
	"math"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"

	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host/fields"
	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host/figure"
	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host/held"
	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host/mountinfo"
)

// Reader reads the cgroup of the process itself, wherever it is moved to.
type Reader struct {
	root       string
	membership held.File
	mounts     held.File
	// last is the membership that the fields below it are of.
	last    string
	located figure.Cgroup
	sources []source
}

// source is a file of a cgroup and where what it says belongs.
type source struct {
	file  held.File
	parse func(text []byte, c *figure.Cgroup) error
	// wanted says whether it is read at all; nil is always.
	wanted func() bool
}

// New returns a reader of the process that is self in the proc below the root.
func New(root string) *Reader {
	return &Reader{
		root:       root,
		membership: held.File{Path: filepath.Join(root, "proc", "self", "cgroup")},
		mounts:     held.File{Path: filepath.Join(root, "proc", "self", "mountinfo"), Paged: true},
	}
}

// Read fills in where the process is and, if wanted, the figures. A controller that is not there is no
// problem, it leaves its figures unknown.
func (r *Reader) Read(buffer *held.Buffer, c *figure.Cgroup, figures bool, report func(source string, err error)) {
	if !figures && r.sources != nil {
		*c = r.located
		return
	}
	membership, err := r.membership.Read(buffer)
	if err != nil {
		report(r.membership.Path, err)
		return
	}
	if string(membership) != r.last || r.sources == nil {
		if err := r.locate(buffer, string(membership)); err != nil {
			report(r.mounts.Path, err)
			return
		}
	}
	*c = r.located
	if !figures {
		return
	}
	for i := range r.sources {
		s := &r.sources[i]
		if s.wanted != nil && !s.wanted() {
			continue
		}
		text, err := s.file.Read(buffer)
		if err == nil {
			err = s.parse(text, c)
		}
		if err != nil && !absent(err) {
			report(s.file.Path, err)
		}
	}
}

// absent tells that the kernel has no such figure here: there is no such controller, pressure is turned
// off, or the cgroup was removed after the process had been moved out of it.
func absent(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, unix.EOPNOTSUPP) || errors.Is(err, unix.ENODEV)
}

// locate finds the files to read.
func (r *Reader) locate(buffer *held.Buffer, membership string) error {
	r.Close()
	text, err := r.mounts.Read(buffer)
	if err != nil {
		return err
	}
	// The table of mounts is read once for each place, so it is not kept open.
	r.mounts.Close()
	mounts := mountinfo.Parse(string(text))
	at := locate(membership, mounts)
	for _, p := range []*place{&at.unified, &at.memory, &at.cpu, &at.cpuacct, &at.pids} {
		if p.folder != "" {
			p.folder, p.top = filepath.Join(r.root, p.folder), filepath.Join(r.root, p.top)
		}
	}
	id := containerID(membership, mounts)
	r.located = figure.Cgroup{
		Mode:        at.mode,
		Path:        fields.Printable(at.path),
		ContainerID: id,
		InContainer: id != "" || marked(r.root),
	}
	r.last = membership
	// A hybrid host may have a controller in either. The list is not nil, which tells that it was made.
	r.sources = append(append([]source{}, v2(at.unified)...), v1(at)...)
	return nil
}

// Close lets go of the files.
func (r *Reader) Close() {
	r.membership.Close()
	r.mounts.Close()
	for i := range r.sources {
		r.sources[i].file.Close()
	}
	r.sources = nil
}

func from(folder, name string, parse func([]byte, *figure.Cgroup) error) source {
	return source{file: held.File{Path: filepath.Join(folder, name)}, parse: parse}
}

// where makes it a source that is read only if it is wanted.
func (s source) where(wanted func() bool) source {
	s.wanted = wanted
	return s
}

// set makes a count known if a number comes first.
func set(count *figure.Count, text []byte) {
	if n, ok := fields.First(text); ok {
		*count = figure.Of(n)
	}
}

// lasting makes a time of a count of units. One that does not fit, after 292 years, is not believed.
func lasting(count figure.Count, unit time.Duration) figure.Value[time.Duration] {
	n, ok := count.Get()
	if !ok || n > uint64(math.MaxInt64/unit) {
		return figure.Value[time.Duration]{}
	}
	return figure.Of(time.Duration(n) * unit)
}

func expect(found bool) error {
	if !found {
		return fields.ErrFormat
	}
	return nil
}
