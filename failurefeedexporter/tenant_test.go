package failurefeedexporter

import (
	"context"
	"errors"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/client"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/configauth"
	"go.opentelemetry.io/collector/config/confighttp"
	"go.opentelemetry.io/collector/config/configoptional"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/failuredetector/failuredetector/failure"
)

// badge is an authenticator that takes the header for the tenant.
type badge struct{ component.Component }

type badgeData string

func (b badgeData) GetAttribute(name string) any {
	if name == "tenant" && b != "nobody" {
		return string(b)
	}
	return nil
}

func (badgeData) GetAttributeNames() []string { return []string{"tenant"} }

func (badge) Authenticate(ctx context.Context, sources map[string][]string) (context.Context, error) {
	got := sources["Authorization"]
	if len(got) != 1 {
		return ctx, errors.New("no badge")
	}
	info := client.FromContext(ctx)
	info.Auth = badgeData(got[0])
	return client.NewContext(ctx, info), nil
}

func of(tenant string, logs plog.Logs) plog.Logs {
	logs.ResourceLogs().At(0).Resource().Attributes().PutStr("workspace_id", tenant)
	return logs
}

func TestTenantsSeeTheirOwn(t *testing.T) {
	id := component.MustNewID("badge")
	h := newHarness(t, func(c *Config) {
		c.HTTP.Auth = configoptional.Some(confighttp.AuthConfig{Config: configauth.Config{AuthenticatorID: id}})
		c.Tenant = TenantConfig{AuthAttribute: "tenant", ResourceAttribute: "workspace_id"}
	}, hostWith{id: badge{}})
	as := func(tenant string) *harness {
		shown := *h
		shown.client = &http.Client{Transport: withBadge{tenant, h.client.Transport}}
		return &shown
	}
	red, blue := as("red"), as("blue")
	l := blue.webSocket("")
	l.next()
	rule := with(map[string]any{failure.AttrRule: "secret-rule", failure.AttrVictims: []any{"b"}})
	h.send(of("red", incident("r", 1, failure.EventOpened, rule)), of("red", incident("r2", 1, failure.EventResolved, rule)), of("blue", incident("b", 1, failure.EventOpened)),
		incident("nobody's", 1, failure.EventOpened))
	require.Equal(t, http.StatusOK, red.post("/api/v1/failures/r/outcome", "application/json", `{"outcome": "noise"}`).status)

	require.Equal(t, []string{"r", "r2"}, red.ids("/api/v1/failures"))
	require.Equal(t, []string{"b"}, blue.ids("/api/v1/failures"))
	require.Equal(t, "b", l.next()["id"], "the stream tells of the others neither")
	require.NotContains(t, red.get("/api/v1/failures/r"), "cascade", "a victim of another tenant is not shown")
	require.Equal(t, http.StatusNotFound, blue.do(http.MethodGet, "/api/v1/failures/r", nil).status)
	require.Equal(t, http.StatusNotFound, blue.post("/api/v1/failures/r/outcome", "application/json", `{"outcome": "useful"}`).status)

	got := red.get("/api/v1/stats")
	require.Equal(t, []any{1.0, 1.0, 2.0, 1.0}, []any{got["active"], got["resolved"], got["total_opened"], got["total_resolved"]})
	require.Contains(t, got["precision_by_rule"], "secret-rule")
	require.NotContains(t, blue.get("/api/v1/stats")["precision_by_rule"], "secret-rule")

	for _, path := range []string{"/api/v1/failures", "/api/v1/failures/r", "/api/v1/stats", "/api/v1/stream"} {
		require.Equal(t, http.StatusForbidden, as("nobody").do(http.MethodGet, path, nil).status, path)
	}
}

func TestTheSameConditionOfTwoTenantsIsTwoFailures(t *testing.T) {
	id := component.MustNewID("badge")
	h := newHarness(t, func(c *Config) {
		c.HTTP.Auth = configoptional.Some(confighttp.AuthConfig{Config: configauth.Config{AuthenticatorID: id}})
		c.Tenant = TenantConfig{AuthAttribute: "tenant", ResourceAttribute: "workspace_id"}
	}, hostWith{id: badge{}})
	h.send(of("red", probe(failure.EventObserved, "high", start)), of("blue", probe(failure.EventObserved, "high", start)), of("blue", probe(failure.EventCleared, "high", start)))
	for tenant, status := range map[string]string{"red": failure.StatusActive, "blue": failure.StatusResolved} {
		shown := *h
		shown.client = &http.Client{Transport: withBadge{tenant, h.client.Transport}}
		list := shown.get("/api/v1/failures")["failures"].([]any)
		require.Len(t, list, 1)
		require.Equal(t, status, list[0].(map[string]any)["status"])
	}
}

type withBadge struct {
	tenant string
	next   http.RoundTripper
}

func (b withBadge) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("Authorization", b.tenant)
	return b.next.RoundTrip(r)
}
