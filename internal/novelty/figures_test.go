package novelty

import (
	"fmt"
	"time"
)

// message is an error of a service.
type message struct {
	at            int64
	version, text string
	// form is which of its messages it is, where that is known; 0 is not.
	form int
	// healthy is how many records came with it that are no errors.
	healthy int
}

// figures are what came of a run.
type figures struct {
	// hours is how long the source was heard after its warm-up.
	hours                  float64
	errors, templates      int
	falseNews, falseShifts int
	// rare is how many of the false news were messages that indeed had not come before.
	rare int
	// found says that the planted error was told, after a delay, and worse how often a message was said to
	// be more frequent in the newer version that is.
	found bool
	delay time.Duration
	worse int
}

func (f *figures) add(other figures) {
	f.hours += other.hours
	f.errors += other.errors
	f.templates += other.templates
	f.falseNews += other.falseNews
	f.rare += other.rare
	f.falseShifts += other.falseShifts
}

// perHour is how often something was told that was none of what was planted.
func (f *figures) perHour() float64 { return float64(f.falseNews+f.falseShifts) / f.hours }

func (f *figures) String() string {
	return fmt.Sprintf("%6d errors, %4d templates, %7.1f h after warm-up: false news %d, false comparisons %d, together %.2f an hour",
		f.errors, f.templates, f.hours, f.falseNews, f.falseShifts, f.perHour())
}

// never is what nothing is.
func never(string) bool { return false }

// run lets a source send messages, and time pass between them as the connector lets it. Planted and worse
// say of which messages it is true that they are news, and that they are more frequent in a newer version.
func run(settings Settings, messages []message, planted, worse func(text string) bool) figures {
	m, f := New(settings), figures{errors: len(messages)}
	var src *Source
	seen := map[int]bool{0: true}
	key, ticked, plantedAt := []byte("shop"), messages[0].at, int64(0)
	for _, msg := range messages {
		for ; ticked+minute <= msg.at; ticked += minute {
			for _, shift := range m.Tick(ticked) {
				if worse(shift.Template.Name) {
					f.worse++
				} else {
					f.falseShifts++
				}
			}
		}
		src = m.Hear(msg.at, key, msg.version, 1+msg.healthy)
		isPlanted := planted(msg.text)
		if isPlanted && plantedAt == 0 {
			plantedAt = msg.at
		}
		switch _, news := m.Add(msg.at, src, msg.version, FromText(msg.text)); {
		case news && isPlanted && !f.found:
			f.found, f.delay = true, time.Duration(msg.at-plantedAt)
		case news:
			f.falseNews++
			f.rare += count(!seen[msg.form])
		}
		seen[msg.form] = true
	}
	f.hours = (src.Known().Heard - settings.WarmUp).Hours()
	f.templates, _ = m.Size()
	return f
}
