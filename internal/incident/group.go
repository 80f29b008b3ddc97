package incident

import (
	"slices"
	"strings"
	"time"
)

const (
	// groupIdle is how long a group without records and open incidents is kept, with its series.
	groupIdle = 24 * time.Hour
	// crowdedGroupIdle is the same where groups are nearly all that there may be, so that a flood of
	// names that never come back does not last a day.
	crowdedGroupIdle = time.Hour
)

// Group is what failures with the same grouping key share.
type Group struct {
	// Values are those of the grouping attributes, in the order of Settings.GroupBy.
	Values []string
	// Carried are the further attributes of the resource that was seen first.
	Carried []Attribute
	// Overflow says that the group stands for all that are not told apart.
	Overflow bool
	// Service is the name of the service, by which thresholds are overridden.
	Service string
	// Name is what people call the group: its service where it is grouped by that, else its values.
	Name string

	key      string
	lastSeen int64
	limits   limits
	// incidents are the open ones, in the order in which they opened.
	incidents []*Incident
	// overflow is the open incident that stands for what is not followed one by one.
	overflow   *Incident
	thresholds []*threshold
	ended      bool
}

// groupOf gives the group of a resource.
func (s *State) groupOf(r *Resource) *Group {
	s.buffer = s.buffer[:0]
	for i, value := range r.Values {
		if i > 0 {
			s.buffer = append(s.buffer, separator)
		}
		s.buffer = append(s.buffer, value...)
	}
	g := s.groups[string(s.buffer)]
	if g == nil {
		if len(s.groups) < s.settings.Limits.Groups {
			g = s.addGroup(string(s.buffer), r)
		} else {
			s.Stats.Overflow.Groups++
			g = s.overflowGroup()
		}
	}
	g.lastSeen = s.now
	return g
}

func (s *State) addGroup(key string, r *Resource) *Group {
	g := &Group{
		Values:  slices.Clone(r.Values),
		Carried: slices.Clone(r.Carried),
		Service: r.Service,
		Name:    s.groupName(r.Values),
		key:     key,
		limits:  s.thresholdsOf(r.Service),
	}
	s.groups[key] = g
	s.groupList = append(s.groupList, g)
	return g
}

func (s *State) groupName(values []string) string {
	if i := slices.Index(s.settings.GroupBy, "service.name"); i >= 0 && values[i] != "" {
		return values[i]
	}
	return strings.Join(slices.DeleteFunc(slices.Clone(values), func(value string) bool { return value == "" }), "/")
}

// overflowKey is no key that values make, since those are joined by separators.
const overflowKey = "\x1e"

// overflowGroup stands for every group beyond the limit. It has no thresholds, which would be those
// of services that have nothing in common.
func (s *State) overflowGroup() *Group {
	if s.overflow == nil {
		s.overflow = &Group{Values: make([]string, len(s.settings.GroupBy)), Overflow: true, key: overflowKey}
		s.groupList = append(s.groupList, s.overflow)
	}
	return s.overflow
}

// endGroups drops groups that were idle for long. Their series end with them.
func (s *State) endGroups() {
	idle := groupIdle
	if len(s.groups) > s.settings.Limits.Groups*3/4 {
		idle = crowdedGroupIdle
	}
	before := s.now - int64(idle)
	s.groupList = slices.DeleteFunc(s.groupList, func(g *Group) bool {
		if g.lastSeen > before || len(g.incidents) > 0 || g.Overflow {
			return false
		}
		g.ended = true
		delete(s.groups, g.key)
		s.ended = append(s.ended, g)
		return true
	})
}

// remove takes an incident out of its group.
func (g *Group) remove(in *Incident) {
	if i := slices.Index(g.incidents, in); i >= 0 {
		g.incidents = slices.Delete(g.incidents, i, i+1)
	}
	if g.overflow == in {
		g.overflow = nil
	}
}
