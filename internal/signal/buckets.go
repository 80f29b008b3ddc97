package signal

import (
	"slices"
	"time"
)

// buckets gives the median of the samples in each part of a window, at the time of the one in the middle,
// in seconds. A median forgets the one sample that a scan took at a bad moment.
func (f *Forecaster) buckets(h *History, now int32, w *window) []Point {
	length := int32(w.bucket / moment)
	points := f.points[:0]
	for first := h.since(now - int32(w.length/moment)); first < h.length; {
		bucket := h.at(first) / length
		end := first + 1
		for end < h.length && h.at(end)/length == bucket {
			end++
		}
		values := f.values[:0]
		for i := first; i < end; i++ {
			values = append(values, h.value(i))
		}
		f.values = values
		slices.Sort(values)
		points = append(points, Point{X: seconds(h.at((first + end) / 2)), Y: median(values)})
		first = end
	}
	f.points = points
	return points
}

func seconds(at int32) float64 { return (time.Duration(at) * moment).Seconds() }
