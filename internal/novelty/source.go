package novelty

import (
	"slices"
	"time"
)

// Source is who reports errors: a service.
type Source struct {
	// Place is the caller's.
	Place any

	key string
	// heard is for how long it was heard, without its pauses, and last when it was heard last.
	heard, last int64
	records     int64
	// buckets has the templates by the length of their texts.
	buckets map[int][]*Template
	size    int
	// moments are when there were new templates, on the clock of heard, and burst how many there were in
	// the last of them. speaking says that they are told.
	moments  []int64
	burst    int
	speaking bool

	versions        []version
	versionsChanged bool
	// era counts comparisons of versions; the current one counts from a time, and was halved last at another.
	era                  int
	comparesFrom, halved int64
}

const (
	// longestPause is how much of a pause counts as time in which a source was heard.
	longestPause = int64(5 * time.Minute)
	// burstLasts is for how long new templates are one moment, and burstTold how many of it are told: the
	// first ones of what breaks tell it.
	burstLasts = minute
	burstTold  = 3
	// calmShare is the part of the time that a source was heard by whose end it has to have calmed down,
	// within these bounds.
	calmShare              = 2
	shortestCalm, longCalm = int64(30 * time.Minute), int64(24 * time.Hour)
	// calmRate is how far apart the moments of that time are at least, on average.
	calmRate = int64(time.Hour)
	// maxMoments is how many moments have to be known for that.
	maxMoments = int(longCalm/calmRate) + 1
)

// hear notes records of a version.
func (s *Source) hear(now int64, version string, records int) {
	s.heard += min(max(now-s.last, 0), longestPause)
	s.last = max(s.last, now)
	s.records += int64(records)
	s.hearVersion(now, version, records)
}

// noteNew notes that there is a new template, and says whether it is told, or would be but for the
// others of its moment.
func (s *Source) noteNew(warmUp time.Duration) (told, untold bool) {
	last := len(s.moments) - 1
	if last >= 0 && s.heard-s.moments[last] < burstLasts {
		s.burst++
	} else {
		s.burst, s.speaking = 1, s.calm(warmUp)
		if s.moments = append(s.moments, s.heard); len(s.moments) > maxMoments {
			s.moments = slices.Delete(s.moments, 0, 1)
		}
	}
	return s.speaking && s.burst <= burstTold, s.speaking && s.burst > burstTold
}

// calm says whether the source was heard for long enough, and reports new errors so seldom that a
// further one is news. How often it does is measured over the later half of the time that it was heard.
func (s *Source) calm(warmUp time.Duration) bool {
	if s.heard < int64(warmUp) {
		return false
	}
	window := min(max(s.heard/calmShare, shortestCalm), longCalm)
	recent := int64(0)
	for _, moment := range s.moments {
		if s.heard-moment < window {
			recent++
		}
	}
	return recent*calmRate <= window
}

// count counts a record of a template.
func (s *Source) count(now int64, t *Template, version string) {
	t.see(now)
	s.tally(now, t, version)
}

// absorbing gives a template that a text is one of though it is longer, or nil.
func (s *Source) absorbing(text Text) *Template {
	if text.exact {
		return nil
	}
	for length := len(text.tokens) - 1; length > 1; length-- {
		for _, t := range s.buckets[length] {
			if t.absorbs(text.tokens) {
				return t
			}
		}
	}
	return nil
}

// leastBucket gives the bucket of the template that is missed the least.
func (s *Source) leastBucket() int {
	var found *Template
	at := 0
	for bucket := exactBucket; bucket <= maxTokens; bucket++ {
		list := s.buckets[bucket]
		if len(list) == 0 {
			continue
		}
		if t := list[least(list)]; found == nil || t.less(found) {
			found, at = t, bucket
		}
	}
	return at
}

// Known is what is known of a source.
type Known struct {
	// Heard is for how long it was heard, Records how many records it sent, and Templates how many it has.
	Heard     time.Duration
	Records   int64
	Templates int
}

// Known says what is known of the source.
func (s *Source) Known() Known {
	return Known{Heard: time.Duration(s.heard), Records: s.records, Templates: s.size}
}

// templates gives all, in an order that is always the same.
func (s *Source) templates() []*Template {
	list := make([]*Template, 0, s.size)
	for bucket := exactBucket; bucket <= maxTokens; bucket++ {
		list = append(list, s.buckets[bucket]...)
	}
	return list
}
