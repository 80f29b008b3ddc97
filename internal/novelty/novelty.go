// Package novelty finds errors that a service did not report before. What errors say is mined into
// templates, as Drain does it: texts of the same number of words that mostly agree are one template, in
// which a wildcard stands where they differ.
//
// It has no clock and no randomness: what it finds is a function of what it was given. All that it keeps
// is bounded.
package novelty

import (
	"slices"
	"time"
)

// Settings say how templates are mined.
type Settings struct {
	// WarmUp is how long a source is heard before anything of it is news.
	WarmUp time.Duration
	// Templates is how many are known at once, SourceTemplates how many of one source, and Sources how
	// many sources are.
	Templates, SourceTemplates, Sources int
}

// NewDefaultSettings gives the settings that the documentation names.
func NewDefaultSettings() Settings {
	return Settings{WarmUp: time.Hour, Templates: 20_000, SourceTemplates: 1_000, Sources: 10_000}
}

// Stats count what was beyond a limit, or not told. They only rise.
type Stats struct {
	// Forgotten counts templates that made room for others, Sources batches of sources that are not
	// followed, and Untold new templates of a burst beyond those that are told.
	Forgotten, Sources, Untold int64
}

// Miner knows the templates of sources.
type Miner struct {
	Stats Stats

	settings Settings
	known    map[string]*Source
	// list is in the order in which the sources began.
	list []*Source
	// size is how many templates there are.
	size int
	// ticked is when versions were compared last, and aged when it was last worth saving that time passes.
	ticked, aged int64
	// changes rises with what is worth saving.
	changes int64
}

// goneAfter is how long after its last record a source is taken for gone. Weekly work is still known.
const goneAfter = int64(8 * 24 * time.Hour)

const (
	minute = int64(time.Minute)
	// agedEvery is how often it is worth saving for how long sources were heard.
	agedEvery = 10 * minute
)

// New makes a miner that knows nothing.
func New(settings Settings) *Miner {
	return &Miner{settings: settings, known: map[string]*Source{}}
}

// Hear notes that a source sent records, of which most are no errors, and gives it. It is nil where
// there is no room for a further source.
func (m *Miner) Hear(now int64, key []byte, version string, records int) *Source {
	src := m.known[string(key)]
	if src == nil {
		if len(m.list) >= m.settings.Sources {
			m.Stats.Sources++
			return nil
		}
		src = m.begin(string(key), now)
	}
	src.hear(now, version, records)
	if src.versionsChanged {
		src.versionsChanged = false
		m.changes++
	}
	return src
}

func (m *Miner) begin(key string, now int64) *Source {
	src := &Source{key: key, last: now}
	m.known[key] = src
	m.list = append(m.list, src)
	return src
}

// Add takes what an error of a source says, and gives its template. News says that there was no such
// template, and that this is worth telling. The template is nil where nothing can be said.
func (m *Miner) Add(now int64, src *Source, version string, text Text) (t *Template, news bool) {
	if text.Empty() {
		return nil, false
	}
	t, widened := find(src.buckets[text.bucket()], text.tokens)
	if t == nil {
		t = src.absorbing(text)
	}
	if t == nil {
		if t = m.learn(now, src, text); t == nil {
			return nil, false
		}
		var untold bool
		if news, untold = src.noteNew(m.settings.WarmUp); untold {
			m.Stats.Untold++
		}
		widened = true
	}
	if widened {
		m.changes++
	}
	src.count(now, t, version)
	return t, news
}

// learn makes a template of a text. Where there is no room it makes some, at the cost of what the source
// said least often.
func (m *Miner) learn(now int64, src *Source, text Text) *Template {
	b := text.bucket()
	switch {
	case !text.exact && len(src.buckets[b]) >= maxBucket:
		m.forget(src, b)
	case src.size >= m.settings.SourceTemplates, m.size >= m.settings.Templates && src.size > 0:
		m.forget(src, src.leastBucket())
	case m.size >= m.settings.Templates:
		m.Stats.Forgotten++
		return nil
	}
	if src.buckets == nil {
		src.buckets = map[int][]*Template{}
	}
	t := newTemplate(now, text)
	src.buckets[b] = append(src.buckets[b], t)
	src.size++
	m.size++
	return t
}

func (m *Miner) forget(src *Source, bucket int) {
	list := src.buckets[bucket]
	i := least(list)
	if src.buckets[bucket] = slices.Delete(list, i, i+1); len(src.buckets[bucket]) == 0 {
		delete(src.buckets, bucket)
	}
	src.size--
	m.size--
	m.Stats.Forgotten++
}

// Tick lets time pass: it compares versions, once a minute, and drops sources that are gone.
func (m *Miner) Tick(now int64) []Shift {
	if now/minute == m.ticked/minute {
		return nil
	}
	m.ticked = now
	if now-m.aged >= agedEvery && len(m.list) > 0 {
		m.aged = now
		m.changes++
	}
	var shifts []Shift
	m.list = slices.DeleteFunc(m.list, func(src *Source) bool {
		if now-src.last >= goneAfter {
			delete(m.known, src.key)
			m.size -= src.size
			m.changes++
			return true
		}
		before := len(shifts)
		shifts = src.compare(now, m.settings.WarmUp, shifts)
		m.changes += int64(len(shifts) - before)
		return false
	})
	return shifts
}

// Idle says that time alone changes nothing that is told: no source has versions that run, to compare.
func (m *Miner) Idle(now int64) bool {
	return !slices.ContainsFunc(m.list, func(src *Source) bool { return len(src.versions) > 1 && now-src.last < liveFor })
}

// Changes gives a number that stays the same while there is nothing new to save.
func (m *Miner) Changes() int64 { return m.changes }

// Size gives how many templates and how many sources are known.
func (m *Miner) Size() (templates, sources int) { return m.size, len(m.list) }
