package failuredetectorconnector

import (
	"fmt"
	"reflect"
	"sync"

	"github.com/failuredetector/failuredetector/detect"
	"github.com/failuredetector/failuredetector/failure"
	"github.com/failuredetector/failuredetector/internal/incident"
	"github.com/failuredetector/failuredetector/rules"
)

// catalogue looks rules up by id. It is never changed once loaded.
type catalogue struct {
	set   *rules.Set
	rules map[string]*rules.Rule
}

// shipped is the catalogue of the default configuration. It is in the program and never changes, so it
// is loaded once, however often the configuration is validated.
var shipped = sync.OnceValues(func() (*catalogue, error) { return newCatalogue(rules.NewDefaultConfig()) })

func loadCatalogue(config rules.Config) (*catalogue, error) {
	if reflect.DeepEqual(config, rules.NewDefaultConfig()) {
		return shipped()
	}
	return newCatalogue(config)
}

func newCatalogue(config rules.Config) (*catalogue, error) {
	set, err := rules.Load(config)
	if err != nil {
		return nil, fmt.Errorf("loading rules:\n%w", err)
	}
	c := &catalogue{set: set, rules: make(map[string]*rules.Rule, len(set.Rules))}
	for _, r := range set.Rules {
		c.rules[r.ID] = r
	}
	return c, nil
}

// rule gives the rule of an id, or what its type says where the id is not known; a rule of another
// type under this id is another rule. It is never nil.
func (c *catalogue) rule(id, failureType string) *rules.Rule {
	if r := c.rules[id]; r != nil && r.Type == failureType {
		return r
	}
	if t := c.set.TypeByName(failureType); t != nil {
		return &rules.Rule{Type: t.Name, Category: t.Category, Severity: t.Severity, Resolve: t.Resolve, Explain: t.Explain}
	}
	return &rules.Rule{Type: failureType}
}

func (c *catalogue) policy(id, failureType string) incident.Policy {
	r := c.rule(id, failureType)
	return incident.Policy{ResolveAfter: r.Resolve.After, Transient: isTrue(r.Explain.Transient)}
}

// explanation is what a person is told about a failure.
type explanation struct {
	cause              string
	actions            []string
	userActionRequired *bool
}

func (c *catalogue) explain(in *incident.Incident) explanation {
	switch {
	case in.Origin == incident.FromOverflow:
		return explanation{cause: "The service fails in more ways than are followed one by one; the first of the others is " + in.Type + "."}
	case in.Origin == incident.FromTrend:
		return explanation{cause: "If failures go on as in the last minutes, there will be more within the hour than the threshold allows."}
	case in.Type == failure.TypeUnclassified:
		return explanation{cause: unclassifiedCause(in)}
	}
	r := c.rule(in.Rule, in.Type)
	if in.Type == failure.TypeHang && in.Text != "" {
		return explanation{cause: in.Text, actions: (&detect.Detection{Rule: r}).Actions(), userActionRequired: r.Explain.UserActionRequired}
	}
	if in.News != nil {
		return explanation{cause: newsCause(in), actions: (&detect.Detection{Rule: r}).Actions(), userActionRequired: r.Explain.UserActionRequired}
	}
	if in.Missing != nil {
		return explanation{cause: silenceCause(in), actions: (&detect.Detection{Rule: r}).Actions(), userActionRequired: r.Explain.UserActionRequired}
	}
	if in.Breaker != nil {
		return explanation{cause: breakerCause(in.Breaker), actions: breakerActions, userActionRequired: r.Explain.UserActionRequired}
	}
	if in.Origin == incident.FromCascade {
		return explanation{cause: cascadeCause(in), actions: (&detect.Detection{Rule: r}).Actions(), userActionRequired: r.Explain.UserActionRequired}
	}
	d := detect.Detection{Rule: r, Captures: make([]detect.Capture, 0, len(in.Captures))}
	for _, captured := range in.Captures {
		d.Captures = append(d.Captures, detect.Capture{Name: captured.Key, Value: captured.Value})
	}
	return explanation{cause: d.Cause(), actions: d.Actions(), userActionRequired: r.Explain.UserActionRequired}
}

func unclassifiedCause(in *incident.Incident) string {
	if in.Text == "" {
		return "No rule knows this exception."
	}
	return fmt.Sprintf("No rule knows this exception, which says: %s.", trimStop(in.Text))
}

func isTrue(b *bool) bool { return b != nil && *b }
