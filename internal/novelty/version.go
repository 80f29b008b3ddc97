package novelty

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"
)

// version is a version of a source.
type version struct {
	name        string
	first, last int64
	// records is how many it sent since versions are compared.
	records int64
}

const (
	// maxVersions is how many versions of a source are told apart; the one that was heard the longest ago
	// makes room.
	maxVersions = 4
	// maxVersion bounds the name of one, in bytes.
	maxVersion = 128
	// liveFor is how long after its last record a version still runs.
	liveFor = int64(5 * time.Minute)
	// settlesIn is how long a new version may take to get going before it is compared.
	settlesIn = int64(5 * time.Minute)
	// halvedEvery is how often what was counted loses half of its weight.
	halvedEvery = int64(2 * time.Hour)
	// A version is compared from these numbers on: of all its records, of records of a template, and of
	// minutes with some, since what happened once may take many records.
	minVersionRecords, minTemplateRecords, minTemplateMinutes = 100, 20, 5
	// moreOften is how many times as often is remarkable, and chance how likely it may be that it is by
	// chance. Each template is looked at every minute, so that has to be small.
	moreOften, chance = 1.5, 1e-4
)

// Shift is a template that is more frequent in the newer of two versions that both run.
type Shift struct {
	Source   *Source
	Template *Template
	// Newer and Older are the versions; each said the template in so many of so many records.
	Newer, Older               string
	NewerRecords, OlderRecords int64
	NewerOf, OlderOf           int64
}

// hearVersion notes records of a version. With a new one the comparison begins anew.
func (s *Source) hearVersion(now int64, name string, records int) {
	if name == "" {
		return
	}
	name = clip(name, maxVersion)
	i := s.versionAt(name)
	if i < 0 {
		v := version{name: strings.Clone(name), first: now}
		if len(s.versions) < maxVersions {
			i = len(s.versions)
			s.versions = append(s.versions, v)
		} else {
			i = s.stalest()
			s.versions[i] = v
		}
		s.beginEra(now)
		s.versionsChanged = true
	}
	v := &s.versions[i]
	v.last = now
	if now >= s.comparesFrom {
		v.records += int64(records)
	}
}

func (s *Source) versionAt(name string) int {
	return slices.IndexFunc(s.versions, func(v version) bool { return v.name == name })
}

func (s *Source) stalest() int {
	at := 0
	for i := range s.versions {
		if s.versions[i].last < s.versions[at].last {
			at = i
		}
	}
	return at
}

func (s *Source) beginEra(now int64) {
	s.era++
	s.comparesFrom = now + settlesIn
	s.halved = s.comparesFrom
	for i := range s.versions {
		s.versions[i].records = 0
	}
}

// tally counts a record of a template for its version.
func (s *Source) tally(now int64, t *Template, name string) {
	if len(s.versions) < 2 || now < s.comparesFrom {
		return
	}
	i := s.versionAt(clip(name, maxVersion))
	if i < 0 {
		return
	}
	if t.era != s.era {
		t.era, t.tallies = s.era, [maxVersions]tally{}
	}
	own := &t.tallies[i]
	own.records++
	if m := now / minute; m != own.lastMinute {
		own.minutes, own.lastMinute = own.minutes+1, m
	}
}

// compare adds the templates that are more frequent in the newest version than in the one that runs
// beside it and sent most.
func (s *Source) compare(now int64, warmUp time.Duration, shifts []Shift) []Shift {
	if len(s.versions) < 2 || now < s.comparesFrom || s.heard < int64(warmUp) {
		return shifts
	}
	s.halve(now)
	newer, older := s.rivals(now)
	if older < 0 {
		return shifts
	}
	for _, t := range s.templates() {
		if t.era != s.era || t.Told != "" || t.shifted == s.versions[newer].name || t.First >= s.versions[newer].first {
			continue // It is told already, or was new with the version.
		}
		more, less := &t.tallies[newer], &t.tallies[older]
		shift := Shift{
			Source: s, Template: t, Newer: s.versions[newer].name, Older: s.versions[older].name,
			NewerRecords: more.records, NewerOf: s.versions[newer].records,
			OlderRecords: less.records, OlderOf: s.versions[older].records,
		}
		if more.records >= minTemplateRecords && more.minutes >= minTemplateMinutes && shift.significant() {
			t.shifted = shift.Newer
			shifts = append(shifts, shift)
		}
	}
	return shifts
}

// rivals gives the newest version, and the one that runs beside it and sent most, or -1.
func (s *Source) rivals(now int64) (newer, older int) {
	newer, older = -1, -1
	for i := range s.versions {
		if v := &s.versions[i]; now-v.last < liveFor && v.records >= minVersionRecords && (newer < 0 || v.first > s.versions[newer].first) {
			newer = i
		}
	}
	for i := range s.versions {
		v := &s.versions[i]
		if i == newer || newer < 0 || now-v.last >= liveFor || v.records < minVersionRecords || v.first >= s.versions[newer].first {
			continue
		}
		if older < 0 || cmp.Compare(v.records, s.versions[older].records) > 0 {
			older = i
		}
	}
	return newer, older
}

// halve takes weight from what was counted long ago.
func (s *Source) halve(now int64) {
	for ; now-s.halved >= halvedEvery; s.halved += halvedEvery {
		for i := range s.versions {
			s.versions[i].records /= 2
		}
		for _, t := range s.templates() {
			for i := range t.tallies {
				t.tallies[i].records /= 2
				t.tallies[i].minutes /= 2
			}
		}
	}
}

// significant says whether the newer version says it more than moreOften times as often, beyond chance:
// by the binomial test, one-sided and exact. Of all records of the template, if the rates differ by no
// more than that, a share falls on the newer version that its records give.
func (s *Shift) significant() bool {
	weight := moreOften * float64(s.NewerOf)
	all, share := s.NewerRecords+s.OlderRecords, weight/(weight+float64(s.OlderOf))
	return float64(s.NewerRecords) > float64(all)*share && upperTail(s.NewerRecords, all, share) < chance
}

// upperTail is how likely at least k of n trials succeed, each with a probability p. It is for k above
// the mean, where each term is smaller than the one before.
func upperTail(k, n int64, p float64) float64 {
	logTerm := logChoose(n, k) + float64(k)*math.Log(p) + float64(n-k)*math.Log1p(-p)
	term := math.Exp(logTerm)
	sum := term
	for i := k; i < n && term > sum*1e-12; i++ {
		term *= float64(n-i) / float64(i+1) * p / (1 - p)
		sum += term
	}
	return sum
}

func logChoose(n, k int64) float64 {
	of := func(x int64) float64 { v, _ := math.Lgamma(float64(x) + 1); return v }
	return of(n) - of(k) - of(n-k)
}
