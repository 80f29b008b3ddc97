package failurefeedexporter

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/failuredetector/failuredetector/failure"
)

// node is a part of the description.
type node = map[string]any

func describedBy(t *testing.T, h *harness) node {
	t.Helper()
	response := h.do(http.MethodGet, "/api/v1/openapi.yaml", nil)
	content, err := io.ReadAll(response.body)
	require.NoError(t, err)
	var all node
	require.NoError(t, yaml.Unmarshal(content, &all))
	return all
}

// schema checks values against a part of the description. It is stricter than the standard: a key that is
// not described is a fault.
type schema struct {
	schemas node
}

func (s schema) faults(at string, want node, got any) []string {
	if ref, found := want["$ref"].(string); found {
		return s.faults(at, s.schemas[path.Base(ref)].(node), got)
	}
	if all, found := want["allOf"].([]any); found {
		return s.faults(at, s.merged(all), got)
	}
	if one, found := want["oneOf"].([]any); found {
		best := []string{at + ": is none of what it may be"}
		for _, option := range one {
			if len(s.faults(at, option.(node), got)) == 0 {
				return nil
			}
		}
		return best
	}
	if allowed, found := want["enum"].([]any); found && !slices.Contains(allowed, got) {
		return []string{fmt.Sprintf("%s: %v is not in %v", at, got, allowed)}
	}
	switch got := got.(type) {
	case node:
		return s.object(at, want, got)
	case []any:
		var faults []string
		for i, entry := range got {
			faults = append(faults, s.faults(fmt.Sprint(at, "/", i), want["items"].(node), entry)...)
		}
		return append(faults, kind(at, want, "array")...)
	case string:
		return kind(at, want, "string")
	case bool:
		return kind(at, want, "boolean")
	case float64:
		if got == float64(int64(got)) && want["type"] == "integer" {
			return nil
		}
		return kind(at, want, "number")
	default:
		return kind(at, want, "null")
	}
}

func (s schema) merged(all []any) node {
	properties, required := node{}, []any{}
	for _, part := range all {
		part := part.(node)
		if ref, found := part["$ref"].(string); found {
			part = s.schemas[path.Base(ref)].(node)
		}
		maps.Copy(properties, part["properties"].(node))
		required = append(required, part["required"].([]any)...)
	}
	return node{"type": "object", "properties": properties, "required": required}
}

func (s schema) object(at string, want, got node) []string {
	faults := kind(at, want, "object")
	properties, _ := want["properties"].(node)
	for key, value := range got {
		if described, found := properties[key].(node); found {
			faults = append(faults, s.faults(at+"/"+key, described, value)...)
		} else if further, found := want["additionalProperties"].(node); found {
			faults = append(faults, s.faults(at+"/"+key, further, value)...)
		} else {
			faults = append(faults, at+"/"+key+": is not described")
		}
	}
	required, _ := want["required"].([]any)
	for _, key := range required {
		if _, found := got[key.(string)]; !found {
			faults = append(faults, at+"/"+key.(string)+": is missing")
		}
	}
	return faults
}

func kind(at string, want node, got string) []string {
	if want["type"] != got {
		return []string{fmt.Sprintf("%s: is %s, not %v", at, got, want["type"])}
	}
	return nil
}

func TestTheDescriptionNamesWhatIsServed(t *testing.T) {
	h := newHarness(t, nil)
	described, served := []string{}, []string{}
	for path, methods := range describedBy(t, h)["paths"].(node) {
		for method := range methods.(node) {
			described = append(described, strings.ToUpper(method)+" "+path)
		}
	}
	for _, e := range h.feed.endpoints() {
		served = append(served, e.method+" "+e.path)
	}
	require.ElementsMatch(t, served, described)
}

func TestAnswersAreAsDescribed(t *testing.T) {
	h := newHarness(t, func(c *Config) { c.TraceURL = "https://traces.example/{trace_id}" })
	l := h.webSocket("")
	ready := l.next()
	full := with(map[string]any{
		failure.AttrCause: "c", failure.AttrActions: []any{"safe: a", "b"}, failure.AttrEvidence: []any{"observed: a", "b"}, failure.AttrConfidence: 0.5,
		failure.AttrUserActionRequired: true, failure.AttrTransient: true, failure.AttrVictims: []any{"victim"}, failure.AttrPath: []any{"a"}, failure.AttrOrigin: "a",
		failure.AttrPredictedEarliest: "2026-01-31T13:00:00Z", failure.AttrPredictedLatest: "2026-01-31T13:00:00Z", failure.AttrRule: "r", failure.AttrFingerprint: "f",
		failure.AttrCapturePrefix + "x": "y", failure.AttrSuppressedBy: "z", failure.AttrRegressionOf: "z", failure.AttrEntity: "e", failure.AttrScope: "host",
		failure.AttrValue: 1.5, failure.AttrThreshold: 2.5,
	})
	h.send(incident("victim", 1, failure.EventOpened), incident("a", 1, failure.EventOpened, full), incident("a", 2, failure.EventOngoing, full),
		incident("a", 3, failure.EventOngoing, full), incident("b", 1, failure.EventResolved, full))
	told := l.next()
	all := describedBy(t, h)
	s := schema{schemas: all["components"].(node)["schemas"].(node)}
	require.Empty(t, s.faults("ready", node{"$ref": "Notice"}, ready))
	require.Empty(t, s.faults("told", node{"$ref": "Told"}, told))

	for _, tc := range []struct {
		method, path, template, body string
		status                       int
	}{
		{"GET", "/api/v1/failures?limit=2", "/api/v1/failures", "", 200},
		{"GET", "/api/v1/failures?limit=0", "/api/v1/failures", "", 400},
		{"GET", "/api/v1/failures/a", "/api/v1/failures/{id}", "", 200},
		{"GET", "/api/v1/failures/none", "/api/v1/failures/{id}", "", 404},
		{"POST", "/api/v1/failures/a/outcome", "/api/v1/failures/{id}/outcome", `{"outcome": "useful", "cause": "c"}`, 200},
		{"POST", "/api/v1/failures/a/outcome", "/api/v1/failures/{id}/outcome", `{}`, 400},
		{"GET", "/api/v1/stats", "/api/v1/stats", "", 200},
		{"POST", "/api/v1/detect", "/api/v1/detect", `{"message": "ModuleNotFoundError: No module named 'yaml'"}`, 200},
		{"POST", "/api/v1/detect", "/api/v1/detect", `{"message": "all is well"}`, 200},
		{"POST", "/api/v1/detect", "/api/v1/detect", `[]`, 400},
		{"GET", "/api/v1/stream?since=x", "/api/v1/stream", "", 400},
	} {
		t.Run(tc.method+" "+tc.path, func(t *testing.T) {
			response := h.do(tc.method, tc.path, func(r *http.Request) {
				r.Header.Set("Content-Type", "application/json")
				r.Body = io.NopCloser(strings.NewReader(tc.body))
			})
			require.Equal(t, tc.status, response.status)
			operation := all["paths"].(node)[tc.template].(node)[strings.ToLower(tc.method)].(node)
			want := operation["responses"].(node)[strconv.Itoa(tc.status)].(node)
			if ref, found := want["$ref"].(string); found {
				want = all["components"].(node)["responses"].(node)[path.Base(ref)].(node)
			}
			media, found := want["content"].(node)[response.header.Get("Content-Type")].(node)
			require.True(t, found, response.header.Get("Content-Type"))
			var got any
			require.NoError(t, json.NewDecoder(response.body).Decode(&got))
			require.Empty(t, s.faults("answer", media["schema"].(node), got))
		})
	}
}
