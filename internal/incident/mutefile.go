package incident

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// muteFile is what people write.
type muteFile struct {
	Silences    []silenceEntry     `yaml:"silences"`
	Maintenance []maintenanceEntry `yaml:"maintenance"`
}

type silenceEntry struct {
	Match  Matcher   `yaml:"match"`
	Until  time.Time `yaml:"until"`
	Reason string    `yaml:"reason"`
}

type maintenanceEntry struct {
	Match  Matcher  `yaml:"match"`
	Days   []string `yaml:"days"`
	From   string   `yaml:"from"`
	To     string   `yaml:"to"`
	Zone   string   `yaml:"zone"`
	Reason string   `yaml:"reason"`
}

var dayNames = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

// ParseMutes reads the content of a file of mutes. The name stands in the error, which joins every
// fault. An empty file mutes nothing.
func ParseMutes(name string, content []byte) (*Mutes, error) {
	var file muteFile
	decoder := yaml.NewDecoder(bytes.NewReader(content))
	decoder.KnownFields(true)
	if err := decoder.Decode(&file); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	mutes := &Mutes{}
	var errs []error
	for i := range file.Silences {
		entry := &file.Silences[i]
		err := errors.Join(checkMute(entry.Match, entry.Reason), checkUntil(entry.Until))
		errs = append(errs, prefixed(err, fmt.Sprintf("%s: silences[%d]", name, i)))
		mutes.Silences = append(mutes.Silences, Silence(*entry))
	}
	for i := range file.Maintenance {
		m, err := file.Maintenance[i].compile()
		errs = append(errs, prefixed(err, fmt.Sprintf("%s: maintenance[%d]", name, i)))
		mutes.Maintenance = append(mutes.Maintenance, m)
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return mutes, nil
}

func prefixed(err error, prefix string) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", prefix, err)
}

// checkMute refuses what would mute everything, and what nobody could explain later.
func checkMute(match Matcher, reason string) error {
	var errs []error
	if len(match) == 0 {
		errs = append(errs, errors.New("match: it is empty, so everything would be muted"))
	}
	if strings.TrimSpace(reason) == "" {
		errs = append(errs, errors.New("reason: it is empty"))
	}
	return errors.Join(errs...)
}

func checkUntil(until time.Time) error {
	if until.IsZero() {
		return errors.New("until: a silence needs an end, such as 2026-12-01T18:00:00Z")
	}
	return nil
}

func (e *maintenanceEntry) compile() (Maintenance, error) {
	m := Maintenance{Match: e.Match, Reason: e.Reason}
	errs := []error{checkMute(e.Match, e.Reason)}
	if len(e.Days) == 0 {
		errs = append(errs, fmt.Errorf("days: it is empty: use %s", strings.Join(dayNames, ", ")))
	}
	for _, name := range e.Days {
		day := slices.Index(dayNames, name)
		if day < 0 {
			errs = append(errs, fmt.Errorf("days: %q is no day: use %s", name, strings.Join(dayNames, ", ")))
		}
		m.Days = append(m.Days, time.Weekday(day))
	}
	var err error
	if m.From, err = clock(e.From); err != nil {
		errs = append(errs, fmt.Errorf("from: %w", err))
	}
	if m.To, err = clock(e.To); err != nil {
		errs = append(errs, fmt.Errorf("to: %w", err))
	}
	if e.Zone == "" {
		errs = append(errs, errors.New("zone: it is empty: use a name such as Europe/Berlin or UTC"))
	}
	if m.Zone, err = time.LoadLocation(e.Zone); err != nil {
		errs = append(errs, fmt.Errorf("zone: %w", err))
	}
	return m, errors.Join(errs...)
}

func clock(text string) (time.Duration, error) {
	t, err := time.Parse("15:04", text)
	if err != nil {
		return 0, fmt.Errorf("%q is no time of day: write it as 22:30", text)
	}
	return time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute, nil
}
