package hostprobereceiver

import (
	"time"

	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host"
	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host/figure"
	"github.com/failuredetector/failuredetector/internal/probe"
	"github.com/failuredetector/failuredetector/internal/signal"
)

// ample is how much space is enough even where it is a small share of a filesystem, By.
const ample = 50 << 30

// mount is what was known of a filesystem once, and is missed when it no longer is. Not all have inodes that
// are counted, not all let themselves be asked, and some were never meant to be written to.
type mount struct {
	space, inodes, writable bool
}

func (j *judge) filesystems(now *host.Snapshot, e *evidence) {
	if !now.Listed {
		j.unlisted()
		return
	}
	for i := range now.Filesystems {
		j.filesystem(&now.Filesystems[i], e)
	}
	if len(j.mounts) > len(now.Filesystems)+maxMounts {
		j.forget(now)
	}
}

// unlisted says of one signal of each filesystem that it is unknown: the others would say the same.
func (j *judge) unlisted() {
	told := false
	for _, sig := range []*probe.Signal{j.signals.space, j.signals.inodes, j.signals.readOnly} {
		switch {
		case sig == nil:
		case told:
			j.set.SkipSignal(sig)
		default:
			j.set.UnknownSignal(sig, "it cannot be found out what is mounted")
			told = true
		}
	}
}

func (j *judge) filesystem(fs *figure.Filesystem, e *evidence) {
	entity, m := j.entities.mount(fs), j.mounts[fs.Mountpoint]
	if m == nil {
		m = new(mount)
		j.mounts[fs.Mountpoint] = m
	}
	reason := "it cannot be read"
	if fs.NotAnswering {
		reason = "it has not answered for " + fs.Age.Round(time.Second).String()
		m.space = true // That it hangs from the first is as bad.
	}
	told := false
	if reading, ok := ofSpace(fs, e); ok {
		m.space = true
		j.measure(j.signals.space, entity, reading)
	} else if m.space {
		told = j.signals.space != nil
		j.unknown(j.signals.space, entity, reason)
	}
	if reading, ok := ofInodes(fs, e); ok {
		m.inodes = true
		j.measure(j.signals.inodes, entity, reading)
	} else if m.inodes {
		j.unknownToo(j.signals.inodes, entity, reason, told)
	}
	m.writable = m.writable || !fs.ReadOnly
	if m.writable {
		j.measure(j.signals.readOnly, entity, ofMode(fs))
	}
}

func ofSpace(fs *figure.Filesystem, e *evidence) (probe.Reading, bool) {
	space, _ := fs.Space.Get()
	used, ok := space.Utilisation()
	if !ok {
		return probe.Reading{}, false
	}
	reading := probe.Reading{Sample: signal.Of(used), Capacity: float64(space.Total), Evidence: e.ofDisk(space)}
	if space.Available >= ample {
		reading.Sample = signal.AtMostWarn(used)
	}
	return reading, true
}

func ofInodes(fs *figure.Filesystem, e *evidence) (probe.Reading, bool) {
	inodes, _ := fs.Inodes.Get()
	used, ok := inodes.Utilisation()
	return probe.Reading{Sample: signal.Of(used), Capacity: float64(inodes.Total), Evidence: e.ofInodes(inodes)}, ok
}

func ofMode(fs *figure.Filesystem) probe.Reading {
	if fs.ReadOnly {
		return probe.Reading{Sample: signal.Of(1), Says: "it can no longer be written to"}
	}
	return probe.Reading{Sample: signal.Of(0), Says: "it can be written to"}
}

// forget leaves what is mounted now.
func (j *judge) forget(now *host.Snapshot) {
	kept := map[string]*mount{}
	for i := range now.Filesystems {
		point := now.Filesystems[i].Mountpoint
		kept[point] = j.mounts[point]
	}
	j.mounts = kept
}
