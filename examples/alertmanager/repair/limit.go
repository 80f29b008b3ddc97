package main

import (
	"slices"
	"time"
)

// limit knows what was done within the last hour. It has no clock.
type limit struct {
	done map[string][]time.Time
}

func newLimit() *limit { return &limit{done: map[string][]time.Time{}} }

// left says how many times something may still be done, and forgets what is past.
func (l *limit) left(what string, perHour int, now time.Time) int {
	for key, times := range l.done {
		times = slices.DeleteFunc(times, func(at time.Time) bool { return now.Sub(at) >= time.Hour })
		if len(times) == 0 {
			delete(l.done, key)
		} else {
			l.done[key] = times
		}
	}
	return perHour - len(l.done[what])
}

func (l *limit) count(what string, now time.Time) { l.done[what] = append(l.done[what], now) }
