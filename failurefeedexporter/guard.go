package failurefeedexporter

import (
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"go.opentelemetry.io/collector/config/confignet"
)

// contentPolicy lets the page load what this server serves and nothing else.
const contentPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// guard keeps web pages of others from using a browser that can reach the server.
type guard struct {
	hosts   []string
	origins []string
}

func newGuard(config *Config) *guard {
	g := &guard{hosts: append([]string{"localhost"}, config.AllowedHosts...)}
	if host, _, err := net.SplitHostPort(config.HTTP.NetAddr.Endpoint); err == nil && config.HTTP.NetAddr.Transport != confignet.TransportTypeUnix {
		g.hosts = append(g.hosts, host)
	}
	if config.HTTP.CORS.HasValue() {
		g.origins = config.HTTP.CORS.Get().AllowedOrigins
	}
	return g
}

// protect refuses requests to a host of another name, which is how a foreign page gets round the rule of
// the same origin (DNS rebinding). It stands before authentication.
func (g *guard) protect(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header.Set("Content-Security-Policy", contentPolicy)
		header.Set("X-Content-Type-Options", "nosniff")
		header.Set("Referrer-Policy", "no-referrer")
		header.Set("Cross-Origin-Opener-Policy", "same-origin")
		header.Set("Cross-Origin-Resource-Policy", "same-origin")
		if len(r.TransferEncoding) > 0 {
			// A proxy that went by a Content-Length beside it would take what follows the body for a part of it, so
			// nothing may follow (RFC 9112, 6.3). Which of them had both is not to be seen here.
			header.Set("Connection", "close")
		}
		if !g.knowsHost(r.Host) {
			writeProblem(w, http.StatusMisdirectedRequest, "this server is not known under the name by which it was addressed: add it to allowed_hosts")
			return
		}
		next.ServeHTTP(w, r)
	})
}

func (g *guard) knowsHost(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	// Rebinding takes a name, so an address is what it says.
	if _, err := netip.ParseAddr(strings.Trim(host, "[]")); err == nil {
		return true
	}
	return slices.ContainsFunc(g.hosts, func(known string) bool { return strings.EqualFold(known, host) })
}

// allowsOrigin says whether a request comes from the page of this server, from no page at all, or from a
// page that cors::allowed_origins names.
func (g *guard) allowsOrigin(r *http.Request) bool {
	origin := r.Header.Get("Origin")
	if origin == "" {
		// Browsers leave the origin out where a page embeds something, but say that it is another site's.
		site := r.Header.Get("Sec-Fetch-Site")
		return site == "" || site == "same-origin" || site == "none"
	}
	parsed, err := url.Parse(origin)
	// A page that came without TLS may be anybody's. Where a proxy ends TLS that is not to be seen.
	if err == nil && parsed.Host != "" && strings.EqualFold(parsed.Host, r.Host) && (r.TLS == nil || parsed.Scheme == "https") {
		return true
	}
	return slices.ContainsFunc(g.origins, func(pattern string) bool { return matchesOrigin(pattern, origin) })
}

// matchesOrigin compares as CORS does here: one * stands for any characters.
func matchesOrigin(pattern, origin string) bool {
	pattern, origin = strings.ToLower(pattern), strings.ToLower(origin)
	before, after, wild := strings.Cut(pattern, "*")
	if !wild {
		return pattern == origin
	}
	return len(origin) >= len(before)+len(after) && strings.HasPrefix(origin, before) && strings.HasSuffix(origin, after)
}
