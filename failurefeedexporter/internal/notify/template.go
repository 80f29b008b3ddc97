package notify

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"text/template"
	"time"
	"unicode/utf8"
)

// maxBody bounds what a template makes, in bytes.
const maxBody = 1 << 20

// body makes the body of a request.
type body struct {
	template *template.Template
}

// shown is what a template sees.
type shown struct {
	Type string
	// EventID is that of the header.
	EventID string
	*Failure
}

var functions = template.FuncMap{
	"json":     toJSON,
	"join":     strings.Join,
	"lower":    strings.ToLower,
	"upper":    strings.ToUpper,
	"truncate": truncate,
}

// newBody reads a template, and tries it on events that have all there is, and nearly nothing: a mistake
// shows at the start, not with the first failure.
func newBody(c *WebhookConfig) (body, error) {
	if c.Template == "" {
		return body{}, nil
	}
	parsed, err := template.New("body").Funcs(functions).Parse(c.Template)
	if err != nil {
		return body{}, err // It begins with the key: template.
	}
	b := body{template: parsed}
	_, named := c.HTTP.Headers.Get("Content-Type")
	for _, sample := range samples() {
		made, err := b.make(sample)
		if err != nil {
			return body{}, fmt.Errorf("%w, for a sample event", err)
		}
		if !named && !json.Valid(made) {
			return body{}, fmt.Errorf("template: it makes no JSON of a message with quotes and line breaks: write {{json .Message}}, or name another Content-Type under headers: %q", clip(string(made), 200))
		}
	}
	return b, nil
}

func (b body) make(e *Event) ([]byte, error) {
	if b.template == nil {
		return e.Message, nil
	}
	out := &bounded{}
	if err := b.template.Execute(out, shown{Type: e.Type, EventID: e.ID, Failure: e.Failure}); err != nil {
		return nil, err
	}
	return out.text.Bytes(), nil
}

// bounded refuses more than a body may have.
type bounded struct {
	text bytes.Buffer
}

func (b *bounded) Write(p []byte) (int, error) {
	if b.text.Len()+len(p) > maxBody {
		return 0, fmt.Errorf("template: it makes more than %d bytes", maxBody)
	}
	return b.text.Write(p)
}

// toJSON writes a value as JSON. Nothing is escaped for HTML, which receivers would show as it is.
func toJSON(value any) (string, error) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return "", err
	}
	return strings.TrimSuffix(out.String(), "\n"), nil
}

func truncate(limit int, text string) (string, error) {
	if limit < 0 {
		return "", errors.New("truncate: the number has to be 0 or more")
	}
	return clip(text, limit), nil
}

// clip gives a text of at most a number of bytes, cut between characters.
func clip(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	for limit > 0 && !utf8.RuneStart(text[limit]) {
		limit--
	}
	return text[:limit]
}

// samples are events on which a template is tried.
func samples() []*Event {
	at := time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC)
	rich := &Failure{
		ID: "0123456789abcdef0123456789abcdef", Status: "active", FailureType: "DATABASE_TIMEOUT", Severity: "high", Category: "database",
		Service: "checkout", Entity: "db:postgresql://db:5432/orders", Rule: "database-timeout", Fingerprint: "v1:0123456789abcdef",
		Message: "canceling statement \"SELECT 1\"\n\tdue to statement timeout \\ <b>", Count: 3, FirstSeen: at, LastSeen: at,
		RootCause: "A statement took longer than it may.", RecoverySteps: []Step{{Do: "Look for slow statements.", Risk: "safe"}},
		Evidence: []Evidence{{Kind: "observed", Text: "3 failures"}}, Transient: true, UserActionRequired: true, Confidence: 0.9,
		Origin: "orders", Path: []string{"orders", "checkout"}, PredictedEarliest: at, PredictedLatest: at,
		Captures: map[string]string{"statement": "SELECT 1"}, Resource: map[string]string{"service.name": "checkout"},
		TraceID: "5b8efff798038103d269b633813fc60c", TraceURL: "https://traces.example/1", URL: "https://feed.example/#1",
	}
	poor := &Failure{ID: "1", Status: "resolved", FailureType: "NETWORK_ERROR", Severity: "low", Message: "NETWORK_ERROR", FirstSeen: at, LastSeen: at}
	return []*Event{{Type: EventTypes[0], ID: "1-1", Failure: rich}, {Type: EventTypes[2], ID: "1-2", Failure: poor}}
}
