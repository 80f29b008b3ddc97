package novelty

// Snapshot is what survives a restart: what sources said, and for how long they were heard. How often
// which version said what is counted anew.
type Snapshot struct {
	Sources []sourceSnapshot `json:"sources,omitempty"`
}

type sourceSnapshot struct {
	Key       string             `json:"key"`
	Heard     int64              `json:"heard"`
	Last      int64              `json:"last"`
	Records   int64              `json:"n"`
	Moments   []int64            `json:"moments,omitempty"`
	Burst     int                `json:"burst,omitempty"`
	Speaking  bool               `json:"speaking,omitempty"`
	Versions  []versionSnapshot  `json:"versions,omitempty"`
	Templates []templateSnapshot `json:"templates,omitempty"`
}

type versionSnapshot struct {
	Name  string `json:"name"`
	First int64  `json:"first"`
	Last  int64  `json:"last"`
}

type templateSnapshot struct {
	// Name is left out where the words are still those of the first text.
	Name    string   `json:"name,omitempty"`
	Tokens  []string `json:"t"`
	Exact   bool     `json:"exact,omitempty"`
	First   int64    `json:"first"`
	Last    int64    `json:"last"`
	Records int64    `json:"n"`
	Minutes int64    `json:"m"`
	Told    string   `json:"told,omitempty"`
	Shifted string   `json:"shifted,omitempty"`
}

// Snapshot copies what is to survive. The copy shares nothing that changes later.
func (m *Miner) Snapshot() *Snapshot {
	snap := &Snapshot{Sources: make([]sourceSnapshot, 0, len(m.list))}
	for _, src := range m.list {
		saved := sourceSnapshot{
			Key: src.key, Heard: src.heard, Last: src.last, Records: src.records, Moments: append([]int64(nil), src.moments...),
			Burst: src.burst, Speaking: src.speaking, Templates: make([]templateSnapshot, 0, src.size),
		}
		for _, v := range src.versions {
			saved.Versions = append(saved.Versions, versionSnapshot{v.name, v.first, v.last})
		}
		for bucket := exactBucket; bucket <= maxTokens; bucket++ {
			for _, t := range src.buckets[bucket] {
				saved.Templates = append(saved.Templates, t.snapshot(bucket == exactBucket))
			}
		}
		snap.Sources = append(snap.Sources, saved)
	}
	return snap
}

func (t *Template) snapshot(exact bool) templateSnapshot {
	saved := templateSnapshot{
		Tokens: t.tokens, Exact: exact, First: t.First, Last: t.Last, Records: t.Records, Minutes: t.minutes, Told: t.Told, Shifted: t.shifted,
	}
	if t.wide {
		saved.Name = t.Name
	}
	return saved
}

// Restore fills an empty miner. Away is for how long nobody listened, in nanoseconds. What is beyond the
// limits of now is left out.
func (m *Miner) Restore(now int64, snap *Snapshot, away int64) {
	for i := range snap.Sources {
		saved := &snap.Sources[i]
		if len(m.list) >= m.settings.Sources || m.known[saved.Key] != nil {
			continue
		}
		src := m.begin(saved.Key, min(saved.Last+away, now))
		src.heard, src.records, src.burst, src.speaking = saved.Heard, saved.Records, saved.Burst, saved.Speaking
		src.moments = saved.Moments[max(len(saved.Moments)-maxMoments, 0):]
		for _, v := range saved.Versions[:min(len(saved.Versions), maxVersions)] {
			src.versions = append(src.versions, version{name: v.Name, first: v.First, last: v.Last + away})
		}
		src.beginEra(now)
		for j := range saved.Templates {
			m.restoreTemplate(src, &saved.Templates[j])
		}
	}
}

func (m *Miner) restoreTemplate(src *Source, saved *templateSnapshot) {
	text := Text{tokens: saved.Tokens, exact: saved.Exact}
	if text.Empty() || len(text.tokens) > maxTokens || text.exact && len(text.tokens) > 1 ||
		src.size >= m.settings.SourceTemplates || m.size >= m.settings.Templates || !text.exact && len(src.buckets[text.bucket()]) >= maxBucket {
		return
	}
	t := m.learn(saved.First, src, text)
	if saved.Name != "" {
		t.Name = saved.Name
	}
	t.Last, t.Records, t.minutes, t.Told, t.shifted = saved.Last, saved.Records, saved.Minutes, saved.Told, saved.Shifted
}
