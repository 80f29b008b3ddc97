package incident

import (
	"slices"
	"strings"
	"time"

	"github.com/failuredetector/failuredetector/failure"
)

// Mutes say which incidents are not announced.
type Mutes struct {
	// Silences hold until a time.
	Silences []Silence
	// Maintenance holds again and again.
	Maintenance []Maintenance
}

// Matcher says which incidents are meant: those whose attributes have all these values. A value may
// end in * to stand for all that begin so.
type Matcher map[string]string

// Silence mutes what it matches until a time.
type Silence struct {
	Match  Matcher
	Until  time.Time
	Reason string
}

// Maintenance mutes what it matches on some days of the week, from one time of day to another. Where
// To is not after From it lasts into the next day.
type Maintenance struct {
	Match  Matcher
	Days   []time.Weekday
	From   time.Duration
	To     time.Duration
	Zone   *time.Location
	Reason string
}

// covers says whether an incident is muted now.
func (m *Mutes) covers(s *State, in *Incident) bool {
	if m == nil {
		return false
	}
	now := time.Unix(0, s.now)
	for i := range m.Silences {
		if now.Before(m.Silences[i].Until) && m.Silences[i].Match.matches(s, in) {
			return true
		}
	}
	for i := range m.Maintenance {
		if m.Maintenance[i].holds(now) && m.Maintenance[i].Match.matches(s, in) {
			return true
		}
	}
	return false
}

// holds says whether a maintenance goes on. Times are those of clocks on the wall, so a maintenance
// from 1:00 to 3:00 is an hour shorter or longer on the night when clocks change.
func (m *Maintenance) holds(now time.Time) bool {
	local := now.In(m.Zone)
	clock := time.Duration(local.Hour())*time.Hour + time.Duration(local.Minute())*time.Minute + time.Duration(local.Second())*time.Second
	if m.From < m.To {
		return m.on(local.Weekday()) && m.From <= clock && clock < m.To
	}
	yesterday := (local.Weekday() + 6) % 7
	return m.on(local.Weekday()) && clock >= m.From || m.on(yesterday) && clock < m.To
}

func (m *Maintenance) on(day time.Weekday) bool {
	return slices.Contains(m.Days, day)
}

func (m Matcher) matches(s *State, in *Incident) bool {
	for key, want := range m {
		if !matchesValue(s.attribute(in, key), want) {
			return false
		}
	}
	return true
}

func matchesValue(value, want string) bool {
	if prefix, open := strings.CutSuffix(want, "*"); open {
		return strings.HasPrefix(value, prefix)
	}
	return value == want
}

// attribute gives the value of an attribute that an incident's events have.
func (s *State) attribute(in *Incident, key string) string {
	switch key {
	case failure.AttrType:
		return in.Type
	case failure.AttrSeverity:
		return in.Severity.String()
	case failure.AttrCategory:
		return in.Category
	case failure.AttrRule:
		return in.Rule
	case failure.AttrEntity:
		return in.Entity
	case failure.AttrFingerprint:
		return in.Fingerprint
	case failure.AttrIncidentID:
		return in.ID
	}
	for i, name := range s.settings.GroupBy {
		if name == key {
			return in.Group.Values[i]
		}
	}
	for _, list := range [][]Attribute{in.Group.Carried, in.EntityAttributes} {
		for _, a := range list {
			if a.Key == key {
				return a.Value
			}
		}
	}
	return ""
}
