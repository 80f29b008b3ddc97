package incident

import "maps"

// Thresholds say how many failures an hour are more than usual, by category, type and rule. 0 is
// no threshold.
type Thresholds struct {
	Categories map[string]int
	Types      map[string]int
	Rules      map[string]int
	// Services has what is different for services, by name.
	Services map[string]Thresholds
}

// NewDefaultThresholds gives the thresholds that the project has always had.
func NewDefaultThresholds() Thresholds {
	return Thresholds{Categories: map[string]int{"pydantic": 5, "sdk": 10, "database": 15}}
}

// Scopes of thresholds; the name of a threshold is its scope, a slash and what it is for.
const (
	scopeCategory = "category/"
	scopeType     = "type/"
	scopeRule     = "rule/"
)

// limits maps the names of thresholds to failures per hour.
type limits map[string]int

func (t *Thresholds) compile() limits {
	l := limits{}
	for scope, values := range map[string]map[string]int{scopeCategory: t.Categories, scopeType: t.Types, scopeRule: t.Rules} {
		for name, limit := range values {
			l[scope+name] = limit
		}
	}
	return l
}

// thresholdsOf gives the limits of a service.
func (s *State) thresholdsOf(service string) limits {
	override, found := s.settings.Thresholds.Services[service]
	if !found {
		return s.limits
	}
	own := maps.Clone(s.limits)
	maps.Copy(own, override.compile())
	return own
}

// threshold is a limit of a group with its window.
type threshold struct {
	name  string
	limit int64
	window
	// above says that the limit is reached; the next crossing is after it was not.
	above bool
	// predicted is the open prediction that it will be reached.
	predicted *Incident
	// judged is the minute of the window in which its trend was last looked at.
	judged int64
}

// thresholdOf gives the threshold of a name in a group, or nil where there is none.
func (g *Group) thresholdOf(name string) *threshold {
	limit := g.limits[name]
	if limit <= 0 {
		return nil
	}
	for _, t := range g.thresholds {
		if t.name == name {
			return t
		}
	}
	t := &threshold{name: name, limit: int64(limit)}
	g.thresholds = append(g.thresholds, t)
	return t
}

// thresholdNames are the names under which a failure may have thresholds.
func thresholdNames(obs *Observation) [3]string {
	return [3]string{scopeCategory + obs.Category, scopeType + obs.Type, scopeRule + obs.Rule}
}

// countThresholds counts a failure in all windows that it belongs to, and gives the thresholds that
// it makes reached.
func (s *State) countThresholds(g *Group, obs *Observation, eventTime int64) []*threshold {
	var crossed []*threshold
	if len(g.limits) == 0 {
		return nil
	}
	for _, name := range thresholdNames(obs) {
		t := g.thresholdOf(name)
		if t == nil {
			continue
		}
		if !t.add(s.now, eventTime) {
			s.Stats.Late++
			continue
		}
		if reached := t.count(s.now) >= t.limit; reached != t.above {
			t.above = reached
			if reached {
				crossed = append(crossed, t)
			}
		}
	}
	return crossed
}

// relax notes which thresholds are no longer reached because time has passed.
func (t *threshold) relax(now int64) {
	if t.above && t.count(now) < t.limit {
		t.above = false
	}
}
