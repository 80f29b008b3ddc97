package incident

import (
	"strings"
	"time"

	"github.com/failuredetector/failuredetector/failure"
	"github.com/failuredetector/failuredetector/internal/fingerprint"
	"github.com/failuredetector/failuredetector/internal/novelty"
)

// NoveltySettings say whether errors are told that a service did not report before.
type NoveltySettings struct {
	Enabled bool
	novelty.Settings
}

// Unknown is an error that no rule recognised.
type Unknown struct {
	// Service is the index of what reported it among the services of the batch.
	Service int
	// Records is how many records of the service the batch has up to it, and Place what else stands before
	// it; 0 are all of them.
	Records int
	Place   Place
	// Time is when it happened, in nanoseconds since 1970, or 0 where the record does not tell.
	Time    int64
	TraceID [16]byte
	SpanID  [8]byte
	// Text is what is compared, and Sample what was written, without secrets.
	Text   novelty.Text
	Sample string
}

// News says why an error is news. It is never changed.
type News struct {
	// Template is what its texts have in common, and Sample one of them.
	Template string `json:"template"`
	Sample   string `json:"sample,omitempty"`
	// Heard is for how long the service was heard without it, and Records and Others how many records and
	// other templates it sent.
	Heard   time.Duration `json:"heard,omitempty"`
	Records int64         `json:"records,omitempty"`
	Others  int           `json:"others,omitempty"`
	// Shift is set where the error is known, and more frequent in a newer version.
	Shift *Shift `json:"shift,omitempty"`
}

// Shift is how often two versions that both run report an error: so many of so many records.
type Shift struct {
	Newer        string `json:"newer"`
	Older        string `json:"older"`
	NewerRecords int64  `json:"newer_n"`
	NewerOf      int64  `json:"newer_of"`
	OlderRecords int64  `json:"older_n"`
	OlderOf      int64  `json:"older_of"`
}

// news finds errors that are new.
type news struct {
	miner *novelty.Miner
	// told and changes are what was taken over of what the miner counts.
	told    novelty.Stats
	changes int64
}

const (
	// newFor is how long an error that goes on is news. Then it is known.
	newFor = int64(24 * time.Hour)
	// noveltyConfidence is how sure it is that what is told is new: a message that was reworded looks so too.
	noveltyConfidence = 0.6
	// maxSample bounds the sample, in bytes.
	maxSample = 256
)

func newNews(settings *Settings) *news {
	if !settings.Novelty.Enabled || !settings.Incidents {
		return nil
	}
	return &news{miner: novelty.New(settings.Novelty.Settings)}
}

// hearing is how much of a batch the miner heard: all of the services before one, and so many records of
// that one, whose source it is; nil is none that is followed.
type hearing struct {
	service, records int
	begun            bool
	source           *novelty.Source
}

// mineBefore takes the errors that stand before the failure with an index.
func (s *State) mineBefore(r *reception, index int) {
	for ; r.unknown < len(r.batch.Unknown); r.unknown++ {
		u := &r.batch.Unknown[r.unknown]
		if u.Place.Failures > index {
			return
		}
		if s.news == nil {
			continue
		}
		s.receiveUntil(r, u.Place)
		s.mineError(u, s.hearRecords(r, u), r.batch)
	}
}

// mineRest lets the miner hear what it did not hear yet.
func (s *State) mineRest(r *reception) {
	if s.news == nil {
		return
	}
	for r.heard.service < len(r.batch.Services) {
		s.hearService(r)
	}
	s.countNews()
}

// hearRecords lets the miner hear all records up to an error, and gives its source.
func (s *State) hearRecords(r *reception, u *Unknown) *novelty.Source {
	for r.heard.service < u.Service {
		s.hearService(r)
	}
	records := u.Records
	if records == 0 {
		records = r.batch.count(u.Service)
	}
	s.hearUpTo(r, records)
	return r.heard.source
}

// hearService lets the miner hear the rest of a service.
func (s *State) hearService(r *reception) {
	s.hearUpTo(r, r.batch.count(r.heard.service))
	r.heard = hearing{service: r.heard.service + 1}
}

func (s *State) hearUpTo(r *reception, records int) {
	h, resource := &r.heard, r.batch.Services[r.heard.service]
	if h.begun && (records == h.records || h.source == nil) {
		return
	}
	h.source = s.news.miner.Hear(s.now, s.serviceKey(resource), resource.Version, records-h.records)
	h.begun, h.records = true, records
	if h.source != nil && h.source.Place == nil {
		h.source.Place = resource
	}
}

// count is how many records a service sent.
func (b *Batch) count(service int) int {
	if service < len(b.Counts) {
		return b.Counts[service]
	}
	return 0
}

func (s *State) mineError(u *Unknown, src *novelty.Source, batch *Batch) {
	if src == nil {
		return
	}
	r, before := batch.Services[u.Service], src.Known()
	t, isNews := s.news.miner.Add(s.now, src, r.Version, u.Text)
	if t == nil || !isNews && t.Told == "" {
		return
	}
	obs := &Observation{Signal: batch.Signal, Resource: r, Time: u.Time, TraceID: u.TraceID, SpanID: u.SpanID}
	if isNews {
		t.Told = fingerprint.Composite(failure.TypeNovel, t.Name)
		obs.News = &News{
			Template: t.String(), Sample: strings.Clone(strings.ToValidUTF8(u.Sample[:min(len(u.Sample), maxSample)], "")),
			Heard: before.Heard, Records: before.Records, Others: before.Templates,
		}
	} else if !s.stillNews(t, r) {
		return
	}
	s.tellNews(obs, t, failure.Low)
}

// stillNews says whether a record counts in the incident that tells of its template. An incident that
// ended, or that went on for long enough, is no news any more.
func (s *State) stillNews(t *novelty.Template, r *Resource) bool {
	in := s.incidents[s.keyOf(s.groupOf(r), "", t.Told)]
	switch {
	case in == nil:
		t.Told = ""
		return false
	case s.now-in.reopened() >= newFor:
		s.resolve(in, "it goes on for "+since(newFor)+" and is known by now")
		return false
	}
	return in.News == nil || in.News.Shift == nil || in.News.Shift.Newer == r.Version
}

// reopened is when the incident opened, or came back.
func (in *Incident) reopened() int64 {
	if n := len(in.returns); n > 0 {
		return in.returns[n-1]
	}
	return in.Opened
}

// tellNews takes an error that is news for a failure.
func (s *State) tellNews(obs *Observation, t *novelty.Template, severity failure.Severity) {
	obs.Kind, obs.Type, obs.Category, obs.Severity = Failure, failure.TypeNovel, failure.CategoryNovel, severity
	obs.Confidence, obs.Fingerprint = noveltyConfidence, t.Told
	s.revision++
	s.apply(obs)
}

// tickNews tells what is more frequent in a newer version.
func (s *State) tickNews() {
	if s.news == nil {
		return
	}
	for _, shift := range s.news.miner.Tick(s.now) {
		place, t := shift.Source.Place.(*Resource), shift.Template
		r := *place
		r.Version = shift.Newer
		t.Told = fingerprint.Composite(failure.TypeNovel, t.Name+" in version "+shift.Newer)
		s.tellNews(&Observation{Resource: &r, News: &News{
			Template: t.String(),
			Shift: &Shift{
				Newer: shift.Newer, Older: shift.Older, NewerRecords: shift.NewerRecords, NewerOf: shift.NewerOf,
				OlderRecords: shift.OlderRecords, OlderOf: shift.OlderOf,
			},
		}}, t, failure.Medium)
	}
	s.countNews()
}

// countNews takes over what the miner counts.
func (s *State) countNews() {
	n := s.news
	stats := n.miner.Stats
	s.Stats.Overflow.Templates += stats.Forgotten - n.told.Forgotten
	s.Stats.Overflow.Sources += stats.Sources - n.told.Sources
	s.Stats.Overflow.News += stats.Untold - n.told.Untold
	n.told = stats
	changes := n.miner.Changes()
	s.revision += changes - n.changes
	n.changes = changes
}
