package failurefeedexporter

import (
	"net/http"

	"go.opentelemetry.io/collector/client"

	"github.com/failuredetector/failuredetector/failure"
)

// TenantConfig limits answers to the tenant that asks.
type TenantConfig struct {
	// AuthAttribute is the attribute of an authenticated client that names its tenant. Default: none, and
	// everybody sees all.
	AuthAttribute string `mapstructure:"auth_attribute"`
	// ResourceAttribute is the resource attribute of failure events that names whose they are. Default: none.
	ResourceAttribute string `mapstructure:"resource_attribute"`
}

// scope is what a client may see: failures whose resource has a value, or all where the key is empty.
type scope struct {
	key, value string
}

func (s scope) sees(f *shownFailure) bool { return s.key == "" || f.Resource[s.key] == s.value }

// scoped serves a client in the scope that its authentication gives it. One without a tenant may see nothing.
func (f *feed) scoped(handler func(w http.ResponseWriter, r *http.Request, seen scope)) http.HandlerFunc {
	config := f.config.Tenant
	return func(w http.ResponseWriter, r *http.Request) {
		if config.AuthAttribute == "" {
			handler(w, r, scope{})
			return
		}
		if data := client.FromContext(r.Context()).Auth; data != nil {
			if value, is := data.GetAttribute(config.AuthAttribute).(string); is && value != "" {
				handler(w, r, scope{key: config.ResourceAttribute, value: value})
				return
			}
		}
		writeProblem(w, http.StatusForbidden, "it is not known whose failures may be shown")
	}
}

// tallyOf counts for one scope. What was counted since the start mixes tenants, so here it is what is kept.
// The caller holds the lock.
func (s *store) tallyOf(seen scope) *tally {
	t := newTally(s.tally.since)
	for _, element := range s.failures {
		f := element.Value.(*shownFailure)
		if !seen.sees(f) {
			continue
		}
		if f.Status != failure.StatusPredicted {
			t.open(f, f.FirstSeen)
		}
		if f.Status == failure.StatusResolved {
			t.end(f)
		}
		if f.Judgement != nil {
			t.say(f.Judgement.Rule, f.Judgement.Outcome, 1)
		}
	}
	return t
}
