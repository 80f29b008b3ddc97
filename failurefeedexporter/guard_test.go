package failurefeedexporter

import (
	"context"
	"crypto/tls"
	"errors"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/configauth"
	"go.opentelemetry.io/collector/config/confighttp"
	"go.opentelemetry.io/collector/config/configoptional"
	"go.opentelemetry.io/collector/extension/extensionauth"
)

func TestHosts(t *testing.T) {
	h := newHarness(t, func(c *Config) { c.AllowedHosts = []string{"feed.example"} })
	for host, status := range map[string]int{
		"localhost": 200, "localhost:8686": 200, "LOCALHOST": 200, "127.0.0.1:8686": 200, "[::1]:8686": 200, "10.0.0.7": 200,
		"feed.example": 200, "feed.example:443": 200,
		"evil.example": 421, "evil.example:8686": 421, "localhost.evil.example": 421, "feed.example.evil.example": 421,
	} {
		t.Run(host, func(t *testing.T) {
			response := h.do(http.MethodGet, "/api/v1/stats", func(r *http.Request) { r.Host = host })
			require.Equal(t, status, response.status)
			require.Equal(t, contentPolicy, response.header.Get("Content-Security-Policy"))
		})
	}
}

func TestTheNameOfTheEndpointIsAllowed(t *testing.T) {
	config := defaultConfig()
	config.HTTP.NetAddr.Endpoint = "feed.internal:8686"
	require.True(t, newGuard(config).knowsHost("feed.internal:8686"))
	require.False(t, newGuard(defaultConfig()).knowsHost("feed.internal:8686"))
}

func TestOrigins(t *testing.T) {
	config := defaultConfig()
	config.HTTP.CORS = configoptional.Some(confighttp.CORSConfig{AllowedOrigins: []string{"https://board.example", "https://*.team.example"}})
	g := newGuard(config)
	for origin, want := range map[string]bool{
		"": true, "http://localhost:8686": true, "https://board.example": true, "https://a.team.example": true,
		"http://localhost:9999": false, "http://board.example": false, "https://team.example": false,
		"https://evil.example": false, "null": false, "://": false,
	} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://localhost:8686/", http.NoBody)
		require.NoError(t, err)
		if origin != "" {
			request.Header.Set("Origin", origin)
		}
		require.Equal(t, want, g.allowsOrigin(request), origin)
	}
}

func TestAPageWithoutTLSIsAnotherOriginUnderTLS(t *testing.T) {
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://localhost:8686/", http.NoBody)
	require.NoError(t, err)
	request.TLS = &tls.ConnectionState{}
	for origin, want := range map[string]bool{"https://localhost:8686": true, "http://localhost:8686": false} {
		request.Header.Set("Origin", origin)
		require.Equal(t, want, newGuard(defaultConfig()).allowsOrigin(request), origin)
	}
}

// lock is an authenticator that knows one word.
type lock struct{ component.Component }

func (lock) Authenticate(ctx context.Context, sources map[string][]string) (context.Context, error) {
	if got := sources["Authorization"]; len(got) == 1 && got[0] == "Bearer open" {
		return ctx, nil
	}
	return ctx, errors.New("the word is open")
}

var _ extensionauth.Server = lock{}

type hostWith map[component.ID]component.Component

func (h hostWith) GetExtensions() map[component.ID]component.Component { return h }

func TestAuthentication(t *testing.T) {
	for _, tc := range []struct{ name, kind, challenge string }{
		{"a browser is asked for a password", "basicauth", `Basic realm="failure_feed", charset="UTF-8"`},
		{"a program for a token", "bearertokenauth", `Bearer realm="failure_feed"`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			id := component.MustNewID(tc.kind)
			h := newHarness(t, func(c *Config) {
				c.HTTP.Auth = configoptional.Some(confighttp.AuthConfig{Config: configauth.Config{AuthenticatorID: id}})
			}, hostWith{id: lock{}})
			for _, path := range []string{"/api/v1/failures", "/api/v1/stream", "/api/v1/stats"} {
				response := h.do(http.MethodGet, path, nil)
				require.Equal(t, http.StatusUnauthorized, response.status, path)
				require.Equal(t, tc.challenge, response.header.Get("WWW-Authenticate"))
				require.Equal(t, "application/problem+json", response.header.Get("Content-Type"))
			}
			response := h.do(http.MethodGet, "/api/v1/stats", func(r *http.Request) { r.Header.Set("Authorization", "Bearer open") })
			require.Equal(t, http.StatusOK, response.status)
		})
	}
}
