package hostprobereceiver

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host"
)

// remember is how long it takes until what grew before is mostly forgotten.
const remember = 5 * time.Minute

// growth has how fast each filesystem is filled, by mount point.
type growth map[string]*filling

type filling struct {
	used uint64
	at   time.Time
	// speed is in By/s, and an average over a while, since files are written in bursts.
	speed float64
}

// add takes a scan. Filesystems that are gone are forgotten.
func (g growth) add(now *host.Snapshot) {
	for i := range now.Filesystems {
		fs := &now.Filesystems[i]
		space, ok := fs.Space.Get()
		if !ok {
			continue
		}
		f := g[fs.Mountpoint]
		if f == nil {
			g[fs.Mountpoint] = &filling{used: space.Used, at: now.Time}
			continue
		}
		passed := now.Time.Sub(f.at).Seconds()
		if passed <= 0 {
			continue
		}
		weight := 1 - math.Exp(-passed/remember.Seconds())
		f.speed += weight * ((float64(space.Used)-float64(f.used))/passed - f.speed)
		f.used, f.at = space.Used, now.Time
	}
	for mount, f := range g {
		if now.Time.Sub(f.at) > remember {
			delete(g, mount)
		}
	}
}

// fastest gives the mount points that are filled fastest, at most so many.
func (g growth) fastest(most int) []string {
	var mounts []string
	for mount, f := range g {
		if f.speed > 0 {
			mounts = append(mounts, mount)
		}
	}
	slices.SortFunc(mounts, func(a, b string) int { return cmp.Or(cmp.Compare(g[b].speed, g[a].speed), cmp.Compare(a, b)) })
	return mounts[:min(len(mounts), most)]
}
