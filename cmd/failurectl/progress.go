package main

import (
	"fmt"
	"io"
	"strings"
	"time"
)

const (
	// barWidth is the length of a full bar, in characters.
	barWidth = 30
	// barInterval is how often it is drawn: as often as an eye follows.
	barInterval = 100 * time.Millisecond
)

// progress draws how far a scan or a replay is, on a terminal.
type progress struct {
	// out is nil where nothing is to be drawn.
	out     io.Writer
	size    int64
	started time.Time
	drawn   time.Time
	visible bool
}

func newProgress(out io.Writer, size int64) *progress {
	p := &progress{size: size, started: time.Now()}
	if isTerminal(out) {
		p.out = out
	}
	return p
}

// show draws how much was read of what is stored, and how many of something were found.
func (p *progress) show(read int64, found int, noun string) {
	if p.out == nil {
		return
	}
	now := time.Now()
	if now.Sub(p.drawn) < barInterval {
		return
	}
	p.drawn, p.visible = now, true
	// What a progress bar cannot write is nobody's loss.
	_, _ = fmt.Fprintf(p.out, "\r%s\x1b[K", barText(read, p.size, counted(found, noun), now.Sub(p.started)))
}

// clear takes the bar off the screen.
func (p *progress) clear() {
	if p.visible {
		p.visible = false
		_, _ = io.WriteString(p.out, "\r\x1b[K")
	}
}

// barText is the bar: how much of what is stored was read, how fast, and what was found.
func barText(read, size int64, found string, took time.Duration) string {
	rate := float64(read) / max(took.Seconds(), 0.001)
	found = fmt.Sprintf("%s/s, %s", byteCount(int64(rate)), found)
	if size <= 0 {
		return byteCount(read) + " read, " + found
	}
	part := min(float64(read)/float64(size), 1)
	full := int(part * barWidth)
	return fmt.Sprintf("[%s%s] %3.0f%% of %s, %s",
		strings.Repeat("#", full), strings.Repeat(" ", barWidth-full), 100*part, byteCount(size), found)
}

// byteCount writes a number of bytes for a person.
func byteCount(n int64) string {
	switch {
	case n >= 1e9:
		return fmt.Sprintf("%.1f GB", float64(n)/1e9)
	case n >= 1e6:
		return fmt.Sprintf("%.1f MB", float64(n)/1e6)
	case n >= 1e3:
		return fmt.Sprintf("%.1f kB", float64(n)/1e3)
	}
	return fmt.Sprintf("%d B", n)
}
