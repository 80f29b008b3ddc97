package failuredetectorconnector

import "github.com/failuredetector/failuredetector/internal/incident"

// settings are what the state is built with.
func (c *Config) settings() incident.Settings {
	s := incident.NewDefaultSettings()
	share := func(of int) int { return max(int(float64(of)*c.Limits.GroupShare), 1) }
	s.GroupBy = c.GroupBy
	s.Incidents = c.Duties.Incidents
	s.Thresholds = incident.Thresholds{Categories: c.Thresholds.Categories, Types: c.Thresholds.Types, Rules: c.Thresholds.Rules}
	s.Thresholds.Services = map[string]incident.Thresholds{}
	for name, own := range c.Thresholds.Services {
		s.Thresholds.Services[name] = incident.Thresholds{Categories: own.Categories, Types: own.Types, Rules: own.Rules}
	}
	s.Transient = incident.Transient(c.Transient)
	s.ReminderInterval, s.ResolveAfter, s.RegressAfter = c.ReminderInterval, c.ResolveAfter, c.RegressAfter
	s.Unclassified = c.Unclassified
	s.Cascades.Enabled, s.Cascades.Grace = c.Duties.Cascades, c.Cascades.Grace
	s.Cascades.Limits.Settle, s.Cascades.Limits.Traces, s.Cascades.Limits.Spans = c.Cascades.Settle, c.Limits.Traces, c.Limits.Spans
	s.Breakers.MinCalls, s.Breakers.Share, s.Breakers.OpenFor = c.Breakers.MinCalls, c.Breakers.FailureShare, c.Breakers.OpenFor
	s.Silence.Enabled, s.Silence.After = c.Duties.Silence, c.SilentAfter
	s.Hangs = incident.Hangs{After: c.Hangs.After, Bounds: c.Hangs.Bounds}
	s.Novelty.Enabled, s.Novelty.WarmUp, s.Novelty.Sources = c.Duties.Novelty, c.Novelty.WarmUp, c.Limits.Groups
	s.Novelty.Templates, s.Novelty.SourceTemplates = c.Limits.Templates, share(c.Limits.Templates)
	s.Limits.Groups = c.Limits.Groups
	s.Limits.Incidents, s.Limits.GroupIncidents = c.Limits.Incidents, share(c.Limits.Incidents)
	s.Limits.Series, s.Limits.GroupSeries = c.Limits.Series, share(c.Limits.Series)
	return s
}
