package incident

import (
	"math/bits"
	"time"

	"github.com/failuredetector/failuredetector/failure"
	"github.com/failuredetector/failuredetector/internal/fingerprint"
)

// SilenceSettings say when a source that sent steadily is missed.
type SilenceSettings struct {
	Enabled bool
	// After is how long nothing has to come.
	After time.Duration
}

// Missing is what an incident is about that stands for records which do not come. It is never changed.
type Missing struct {
	// Signal is what the source sent, or "" where nothing comes from anybody.
	Signal string `json:"signal,omitempty"`
	// Since is when the last record came, in nanoseconds since 1970, and Steady in how many of the sixty
	// minutes before there were some.
	Since  int64 `json:"since"`
	Steady int   `json:"steady,omitempty"`
	// Sources is how many sources sent steadily, where nothing comes from anybody.
	Sources int `json:"sources,omitempty"`
}

// source is what sends records of one signal.
type source struct {
	resource *Resource
	signal   Signal
	last     int64
	// minutes has a bit for each minute in which there were records; the lowest is that of last.
	minutes  uint64
	incident *Incident
}

// sources are those that are followed.
type sources struct {
	known map[string]*source
	// list is in the order in which they began.
	list []*source
	// last is when anything came from anybody, and ticked when time was looked at last.
	last, ticked int64
	// nothing is the incident of nothing coming from anybody.
	nothing *Incident
}

const (
	// steadyMinutes of steadyOf minutes with records are steady: a restart or two may have been within.
	steadyMinutes, steadyOf = 57, 60
	// listenEvery is how often silence is looked for.
	listenEvery = int64(10 * time.Second)
	// apart is how much longer a source is waited for than everything: so where nothing comes from anybody,
	// that is known before the first source is missed.
	apart = int64(time.Minute)
	// goneAfter is how long after its last record a source is taken for gone.
	goneAfter = int64(24 * time.Hour)
)

var signalNames = [...]string{Logs: "logs", Traces: "traces"}

func newSources(settings *Settings) *sources {
	if !settings.Silence.Enabled || !settings.Incidents {
		return nil
	}
	return &sources{known: map[string]*source{}}
}

// hear notes that a source sent records.
func (s *State) hear(r *Resource, signal Signal) {
	if s.sources == nil {
		return
	}
	s.breakSilence()
	if src := s.sourceOf(r, signal); src != nil {
		src.hear(s.now)
		if src.incident != nil {
			s.endSilence(src)
		}
	}
}

// hear notes a record.
func (src *source) hear(now int64) {
	if passed := now/minute - src.last/minute; passed > 0 {
		src.minutes = src.minutes<<min(passed, 64) | 1
	}
	src.last = now
}

// steady is in how many of the last sixty minutes that it sent in there were records.
func (src *source) steady() int { return bits.OnesCount64(src.minutes & (1<<steadyOf - 1)) }

// sourceOf gives a source, which begins where it is not known; nil where there is no room.
func (s *State) sourceOf(r *Resource, signal Signal) *source {
	s.buffer = append(s.buffer[:0], byte(signal))
	for _, value := range r.Values {
		s.buffer = append(append(s.buffer, value...), separator)
	}
	src := s.sources.known[string(s.buffer)]
	if src == nil {
		if len(s.sources.known) >= 2*s.settings.Limits.Groups {
			s.Stats.Overflow.Sources++
			return nil
		}
		src = &source{resource: r, signal: signal}
		s.sources.known[string(s.buffer)] = src
		s.sources.list = append(s.sources.list, src)
	}
	return src
}

// listen looks for sources that are missed.
func (s *State) listen() {
	if s.sources == nil || s.now/listenEvery == s.sources.ticked/listenEvery {
		return
	}
	if gap := s.now - s.sources.ticked; s.sources.ticked > 0 && gap > deaf {
		s.excuse(gap)
	}
	s.sources.ticked = s.now
	after := int64(s.settings.Silence.After)
	if s.sources.last > 0 && s.now-s.sources.last >= after && s.missAll() {
		return
	}
	kept := s.sources.list[:0]
	for _, src := range s.sources.list {
		quiet := s.now - src.last
		if quiet >= goneAfter {
			s.forget(src)
			continue
		}
		kept = append(kept, src)
		if quiet >= after+apart && src.incident == nil && src.steady() >= steadyMinutes {
			s.miss(src)
		}
	}
	clear(s.sources.list[len(kept):])
	s.sources.list = kept
}

// excuse lets time not count in which nobody could be heard.
func (s *State) excuse(gap int64) {
	s.sources.last += gap
	for _, src := range s.sources.list {
		src.last += gap
	}
}

// miss opens the incident of a source.
func (s *State) miss(src *source) {
	g := s.groupOf(src.resource)
	name := signalNames[src.signal]
	src.incident = s.beginSilence(g, src.resource, name, &Missing{Signal: name, Since: src.last, Steady: src.steady()})
}

// missAll opens one incident where nothing comes from several sources at once: then it is the way to
// here that is broken. It reports whether that is so.
func (s *State) missAll() bool {
	if s.sources.nothing != nil {
		return true
	}
	steady := 0
	for _, src := range s.sources.list {
		if src.incident == nil && src.steady() >= steadyMinutes {
			steady++
		}
	}
	if steady < 2 {
		return false
	}
	all := &Resource{Values: make([]string, len(s.settings.GroupBy))}
	s.sources.nothing = s.beginSilence(s.groupOf(all), all, "everything", &Missing{Since: s.sources.last, Sources: steady})
	return s.sources.nothing != nil
}

// beginSilence opens an incident, or gives nil where there is no room for it.
func (s *State) beginSilence(g *Group, r *Resource, subject string, silence *Missing) *Incident {
	obs := &Observation{
		Resource: r, Type: failure.TypeSilence, Category: failure.CategorySilence, Severity: failure.High, Confidence: 1,
		Fingerprint: fingerprint.Composite(failure.TypeSilence, subject),
	}
	key := s.keyOf(g, "", obs.Fingerprint)
	if s.incidents[key] != nil || s.full(g) {
		return nil
	}
	in := s.begin(g, key, obs, silence.Since, FromSilence)
	in.Missing, in.Count = silence, in.Count+1
	s.announceOpening(in)
	return in
}

// breakSilence notes that something came.
func (s *State) breakSilence() {
	if in := s.sources.nothing; in != nil {
		s.sources.nothing = nil
		// What was silent because nothing came is not missed for that.
		s.excuse(s.now - s.sources.last)
		s.endSilenceOf(in)
	}
	s.sources.last = s.now
}

func (s *State) endSilence(src *source) {
	s.endSilenceOf(src.incident)
	src.incident = nil
}

func (s *State) endSilenceOf(in *Incident) {
	if s.incidents[in.key] == in {
		in.lastArrival, in.Last = s.now, s.now
		s.end(in, "records come again")
	}
}

// forget takes a source for gone.
func (s *State) forget(src *source) {
	if in := src.incident; in != nil && s.incidents[in.key] == in {
		s.resolve(in, "nothing for "+since(s.now-src.last)+": it is taken for gone")
	}
	s.buffer = append(s.buffer[:0], byte(src.signal))
	for _, value := range src.resource.Values {
		s.buffer = append(append(s.buffer, value...), separator)
	}
	delete(s.sources.known, string(s.buffer))
}
