package failurefeedexporter

import (
	"context"
	"encoding/base64"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/open-telemetry/opentelemetry-collector-contrib/extension/bearertokenauthextension"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/config/configauth"
	"go.opentelemetry.io/collector/config/confighttp"
	"go.opentelemetry.io/collector/config/configopaque"
	"go.opentelemetry.io/collector/config/configoptional"
	"go.opentelemetry.io/collector/extension/extensiontest"

	"github.com/failuredetector/failuredetector/failure"
)

// locked is a feed behind the authenticator that the distribution has.
func locked(t *testing.T, name, scheme, token string) *harness {
	t.Helper()
	factory := bearertokenauthextension.NewFactory()
	config := factory.CreateDefaultConfig().(*bearertokenauthextension.Config)
	config.Scheme, config.BearerToken = scheme, configopaque.String(token)
	extension, err := factory.Create(t.Context(), extensiontest.NewNopSettings(factory.Type()), config)
	require.NoError(t, err)
	require.NoError(t, extension.Start(t.Context(), componenttest.NewNopHost()))
	t.Cleanup(func() { require.NoError(t, extension.Shutdown(context.Background())) })
	id := component.NewIDWithName(factory.Type(), name)
	return newHarness(t, func(c *Config) {
		c.HTTP.Auth = configoptional.Some(confighttp.AuthConfig{Config: configauth.Config{AuthenticatorID: id}})
		c.HTTP.CORS = configoptional.Some(confighttp.CORSConfig{AllowedOrigins: []string{"https://board.example"}})
	}, hostWith{id: extension})
}

func TestNoRouteAnswersStrangers(t *testing.T) {
	password := base64.StdEncoding.EncodeToString([]byte("feed:secret"))
	for _, tc := range []struct{ name, id, scheme, token, challenge string }{
		{"a token", "", "Bearer", "secret", `Bearer realm="failure_feed"`},
		{"a password, for which a browser asks", "basic", "Basic", password, `Basic realm="failure_feed", charset="UTF-8"`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			h := locked(t, tc.id, tc.scheme, tc.token)
			h.send(incident("a", 1, failure.EventOpened))
			routes := append(h.feed.endpoints(), endpoint{method: http.MethodGet, path: "/"}, endpoint{method: http.MethodGet, path: "/assets/style.css"},
				endpoint{method: http.MethodGet, path: "/none"}, endpoint{method: http.MethodDelete, path: "/api/v1/failures"}, endpoint{method: http.MethodHead, path: "/api/v1/stream"})
			for _, route := range routes {
				path := strings.ReplaceAll(route.path, "{id}", "a")
				for name, values := range map[string][]string{
					"nothing": nil, "an empty word": {""}, "a scheme alone": {tc.scheme}, "another token": {tc.scheme + " Secret"}, "another scheme": {"Digest " + tc.token},
					"more than the token": {tc.scheme + " " + tc.token + "x"}, "the right one after a wrong one": {"x", tc.scheme + " " + tc.token},
				} {
					for _, upgraded := range []bool{false, true} {
						response := h.do(route.method, path, func(r *http.Request) {
							r.Header["Authorization"] = values
							if upgraded {
								r.Header.Set("Connection", "Upgrade")
								r.Header.Set("Upgrade", "websocket")
								r.Header.Set("Sec-WebSocket-Version", "13")
								r.Header.Set("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")
							}
						})
						require.Equal(t, http.StatusUnauthorized, response.status, "%s with %s", path, name)
						require.Equal(t, tc.challenge, response.header.Get("WWW-Authenticate"), "%s with %s", path, name)
						require.Equal(t, "application/problem+json", response.header.Get("Content-Type"))
						if route.method != http.MethodHead {
							content, err := io.ReadAll(response.body)
							require.NoError(t, err)
							require.NotContains(t, string(content), "authorization", "why is not told")
						}
					}
				}
			}
			require.Zero(t, h.feed.hub.size())
			require.Equal(t, http.StatusUnauthorized, h.do(http.MethodGet, "/api/v1/stats?access_token=secret&Authorization="+tc.scheme+"+"+tc.token, nil).status, "a word in the address is none")

			known := func(r *http.Request) { r.Header.Set("Authorization", tc.scheme+" "+tc.token) }
			for _, path := range []string{"/", "/api/v1/failures/a", "/api/v1/stats"} {
				require.Equal(t, http.StatusOK, h.do(http.MethodGet, path, known).status, path)
			}
			require.Equal(t, http.StatusOK, h.do(http.MethodHead, "/api/v1/stream", known).status)
		})
	}
}

// TestAPreflightTellsStrangersNothing holds that a browser may ask before it logs in, and that only pages of allowed
// origins learn that they may.
func TestAPreflightTellsStrangersNothing(t *testing.T) {
	h := locked(t, "", "Bearer", "secret")
	for origin, want := range map[string]string{"https://board.example": "https://board.example", "https://evil.example": ""} {
		response := h.do(http.MethodOptions, "/api/v1/detect", func(r *http.Request) {
			r.Header.Set("Origin", origin)
			r.Header.Set("Access-Control-Request-Method", http.MethodPost)
			r.Header.Set("Access-Control-Request-Headers", "content-type")
		})
		require.Equal(t, want, response.header.Get("Access-Control-Allow-Origin"), origin)
		content, err := io.ReadAll(response.body)
		require.NoError(t, err)
		require.Empty(t, content)
	}
}
