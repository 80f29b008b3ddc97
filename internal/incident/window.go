package incident

import (
	"slices"
	"time"
)

const (
	minute = int64(time.Minute)
	// windowMinutes is the length of a window, an hour: the minute that it is and the 59 before it.
	windowMinutes = 60
	// trendMinutes is how far back the totals of a window are known, for its trend.
	trendMinutes = 30
	keepMinutes  = windowMinutes + trendMinutes
)

// window counts failures within an hour of event time, in steps of a minute.
//
// Its clock is the latest event time seen, and goes on with the time that passes since then. So logs
// of last month that are read today fill it as they did then, and late records count as long as
// they lie within the hour.
type window struct {
	// Mark is the latest event time, and MarkedAt when it arrived.
	Mark     int64 `json:"mark"`
	MarkedAt int64 `json:"at"`
	// Minutes has the minutes with failures, in order.
	Minutes []windowMinute `json:"min,omitempty"`
}

type windowMinute struct {
	Minute int64  `json:"m"`
	Count  uint32 `json:"n"`
}

// at is the window's time.
func (w *window) at(now int64) int64 {
	if w.MarkedAt == 0 {
		return now
	}
	return w.Mark + max(now-w.MarkedAt, 0)
}

// add counts a failure. It reports false where that lies too far back.
func (w *window) add(now, eventTime int64) bool {
	if w.MarkedAt == 0 || eventTime > w.at(now) {
		w.Mark, w.MarkedAt = eventTime, now
	}
	current, told := w.at(now)/minute, eventTime/minute
	w.forget(current)
	if told <= current-windowMinutes {
		return false
	}
	i, found := slices.BinarySearchFunc(w.Minutes, told, func(m windowMinute, told int64) int { return int(m.Minute - told) })
	if !found {
		w.Minutes = slices.Insert(w.Minutes, i, windowMinute{Minute: told})
	}
	w.Minutes[i].Count++
	return true
}

// forget drops what no longer counts.
func (w *window) forget(current int64) {
	old := 0
	for old < len(w.Minutes) && w.Minutes[old].Minute <= current-keepMinutes {
		old++
	}
	w.Minutes = slices.Delete(w.Minutes, 0, old)
}

// count is how many failures lie within the hour.
func (w *window) count(now int64) int64 { return w.total(w.at(now) / minute) }

// total is how many failures lie within the hour that ends with a minute.
func (w *window) total(end int64) int64 {
	var sum int64
	for i := len(w.Minutes) - 1; i >= 0 && w.Minutes[i].Minute > end-windowMinutes; i-- {
		if w.Minutes[i].Minute <= end {
			sum += int64(w.Minutes[i].Count)
		}
	}
	return sum
}
