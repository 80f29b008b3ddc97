// Package mounts reads how full the filesystems of a host are, without waiting for those that do not answer.
package mounts

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host/fields"
	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host/figure"
	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host/mountinfo"
)

// most bounds how many filesystems are read. A host has fewer, since those of containers are left out.
const most = 1024

var (
	errSilent = errors.New("the filesystem does not answer")
	errNoRoom = fmt.Errorf("not read: %d other filesystems do not answer", atOnce)
	errMany   = fmt.Errorf("there are more than %d filesystems: the rest are not read", most)
)

// Reader reads the filesystems of a host.
type Reader struct {
	root     string
	filter   Filter
	patience time.Duration
	pool     *pool
	tracked  []*tracked
	// questions are those of tracked, in the same order.
	questions []*question
	many      bool
}

// tracked is a filesystem that is read.
type tracked struct {
	figure.Filesystem

	key      key
	question question
	// asked tells that the user asked for it, which small and read-only ones have to be.
	asked bool
	// heard is when it last answered, or was found.
	heard time.Time
}

// key is the same as long as a mount is the same filesystem at the same place.
type key struct {
	device, point, kind, source string
}

// New returns a reader of filesystems that are mounted below root. It waits as long as the patience for an answer.
func New(root string, filter Filter, patience time.Duration, ask func(path string) (Answer, error)) *Reader {
	return &Reader{root: filepath.Clean(root), filter: filter, patience: patience, pool: newPool(ask)}
}

// Follow takes the mounts that there are now. What was tracked before stays as it was, so that a question
// that is underway is not asked again, and that what became read-only is known to have been writable.
func (r *Reader) Follow(all []mountinfo.Mount) {
	now := time.Now()
	before := make(map[key]*tracked, len(r.tracked))
	for _, t := range r.tracked {
		before[t.key] = t
	}
	r.tracked, r.questions, r.many = nil, nil, false
	for _, m := range visible(all) {
		m.Point = r.onHost(m.Point)
		taken, asked := r.filter.takes(m)
		k := key{device: m.Device, point: m.Point, kind: m.Type, source: m.Source}
		t := before[k]
		if !taken || t == nil && m.ReadOnly() && !asked {
			continue
		}
		if len(r.tracked) == most {
			r.many = true
			return
		}
		if t == nil {
			t = &tracked{
				Filesystem: figure.Filesystem{
					Mountpoint: fields.Printable(m.Point),
					Device:     fields.Printable(m.Source),
					Type:       fields.Printable(m.Type),
				},
				key:      k,
				question: question{path: under(r.root, m.Point)},
				asked:    asked,
				heard:    now,
			}
		}
		t.ReadOnly = m.ReadOnly()
		r.tracked = append(r.tracked, t)
		r.questions = append(r.questions, &t.question)
	}
}

// Read appends the filesystems to a list.
func (r *Reader) Read(ctx context.Context, list []figure.Filesystem, report func(source string, err error)) []figure.Filesystem {
	if r.many {
		report("mounts", errMany)
	}
	now := time.Now()
	r.pool.put(ctx, r.questions, r.patience)
	if ctx.Err() != nil {
		// Who did not wait cannot say who does not answer.
		report = func(string, error) {}
	}
	for _, t := range r.tracked {
		t.listen(r.pool.take(&t.question), now, report)
		if t.worthwhile() {
			list = append(list, t.Filesystem)
		}
	}
	return list
}

// listen takes in what a filesystem said.
func (t *tracked) listen(s state, now time.Time, report func(source string, err error)) {
	t.Space, t.Inodes = figure.Value[figure.Space]{}, figure.Value[figure.Inodes]{}
	t.NotAnswering = s == asked
	t.Age = now.Sub(t.heard)
	switch {
	case s == asked:
		report(t.Mountpoint, errSilent)
	case s != answered:
		report(t.Mountpoint, errNoRoom)
	case t.question.err != nil:
		report(t.Mountpoint, t.question.err)
	default:
		t.Space, t.Inodes = t.question.answer.Space, t.question.answer.Inodes
		t.heard, t.Age = now, 0
	}
}

// worthwhile leaves out what has no size, and what is too small to hold data, unless it was asked for.
func (t *tracked) worthwhile() bool {
	space, known := t.Space.Get()
	if !known {
		return true
	}
	return space.Total > 0 && (t.asked || t.Type != "tmpfs" || space.Total > small)
}

// onHost takes the root path off a mountpoint that has it.
func (r *Reader) onHost(point string) string {
	if r.root == "/" {
		return point
	}
	if rest, found := strings.CutPrefix(point, r.root+"/"); found {
		return "/" + rest
	}
	if point == r.root {
		return "/"
	}
	return point
}

// Close ends the workers, but those that a filesystem holds.
func (r *Reader) Close() { r.pool.close() }
