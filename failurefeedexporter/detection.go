package failurefeedexporter

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/failuredetector/failuredetector/detect"
)

// maxContext is how many attributes the record of a question may have, which is as many as that of a program.
const maxContext = 128

// question is the body of POST /api/v1/detect.
type question struct {
	Message string `json:"message"`
	// Context are attributes of the record that the message stands for.
	Context map[string]json.RawMessage `json:"context"`
}

// detection is the answer to it.
type detection struct {
	FailureType        string            `json:"failure_type"`
	Severity           string            `json:"severity"`
	Category           string            `json:"category"`
	Confidence         float64           `json:"confidence"`
	Rule               string            `json:"rule"`
	Fingerprint        string            `json:"fingerprint"`
	Evidence           string            `json:"evidence"`
	RootCause          string            `json:"root_cause"`
	RecoverySteps      []step            `json:"recovery_steps"`
	UserActionRequired *bool             `json:"user_action_required,omitempty"`
	Transient          *bool             `json:"transient,omitempty"`
	Captures           map[string]string `json:"captures,omitempty"`
	// AlsoTypes are the other types that matched, from the most specific.
	AlsoTypes []string `json:"also_types,omitempty"`
}

func (f *feed) detectFailure(w http.ResponseWriter, r *http.Request) {
	var q question
	if !f.readBody(w, r, &q) {
		return
	}
	if q.Message == "" && len(q.Context) == 0 {
		writeProblem(w, http.StatusBadRequest, "message: is missing")
		return
	}
	if len(q.Context) > maxContext {
		writeProblem(w, http.StatusBadRequest, fmt.Sprintf("context: has more than %d keys", maxContext))
		return
	}
	detector, err := f.classifier.detector()
	if err != nil {
		writeProblem(w, http.StatusInternalServerError, "the rules of this server cannot be used")
		return
	}
	rl, sl, lr := q.record()
	verdict := detector.Log(rl, sl, lr)
	if len(verdict.Detections) == 0 {
		writeJSON(w, nil)
		return
	}
	writeJSON(w, newDetection(&verdict))
}

// readBody reads the JSON of a request that a page of this server, or a program, sent. Where it cannot it
// answers, and gives false.
func (f *feed) readBody(w http.ResponseWriter, r *http.Request, into any) bool {
	if !f.guard.allowsOrigin(r) {
		writeProblem(w, http.StatusForbidden, "pages of this origin may not write: add it to cors::allowed_origins")
		return false
	}
	// Only a page of an allowed origin can make a browser send this type.
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		writeProblem(w, http.StatusUnsupportedMediaType, "the body has to be application/json")
		return false
	}
	decoder := json.NewDecoder(r.Body)
	decoder.DisallowUnknownFields()
	err := decoder.Decode(into)
	if err == nil {
		if _, more := decoder.Token(); !errors.Is(more, io.EOF) {
			err = errors.New("there is more than one value")
		}
	}
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		writeProblem(w, http.StatusRequestEntityTooLarge, fmt.Sprintf("the body is larger than %d bytes", tooLarge.Limit))
	case err != nil:
		writeProblem(w, http.StatusBadRequest, "body: "+err.Error())
	}
	return err == nil
}

// record makes what rules read. An attribute may be of the record or of who sent it, and the context does
// not say of which.
func (q *question) record() (plog.ResourceLogs, plog.ScopeLogs, plog.LogRecord) {
	rl := plog.NewLogs().ResourceLogs().AppendEmpty()
	sl := rl.ScopeLogs().AppendEmpty()
	lr := sl.LogRecords().AppendEmpty()
	lr.Body().SetStr(q.Message)
	// Whoever asks takes it for a failure, so that codes in the context are evidence.
	lr.SetSeverityNumber(plog.SeverityNumberError)
	for key, value := range q.Context {
		put(rl.Resource().Attributes(), key, value)
		put(lr.Attributes(), key, value)
	}
	return rl, sl, lr
}

// put adds a scalar. What is within other values is not looked at, so that a small question stays small.
func put(attributes pcommon.Map, key string, raw json.RawMessage) {
	if len(raw) == 0 || raw[0] == '{' || raw[0] == '[' {
		return
	}
	var value any
	if json.Unmarshal(raw, &value) != nil {
		return
	}
	switch value := value.(type) {
	case string:
		attributes.PutStr(key, value)
	case bool:
		attributes.PutBool(key, value)
	case float64:
		if value == float64(int64(value)) {
			attributes.PutInt(key, int64(value))
		} else {
			attributes.PutDouble(key, value)
		}
	}
}

func newDetection(verdict *detect.Verdict) detection {
	found := &verdict.Detections[0]
	answer := detection{
		FailureType: found.Rule.Type, Severity: found.Rule.Severity.String(), Category: found.Rule.Category,
		Confidence: found.Rule.Confidence, Rule: found.Rule.ID, Fingerprint: found.Fingerprint, Evidence: found.Text,
		RootCause: found.Cause(), RecoverySteps: []step{},
		UserActionRequired: found.Rule.Explain.UserActionRequired, Transient: found.Rule.Explain.Transient,
	}
	for _, action := range found.Actions() {
		answer.RecoverySteps = append(answer.RecoverySteps, newStep(action))
	}
	for _, captured := range found.Captures {
		if answer.Captures == nil {
			answer.Captures = map[string]string{}
		}
		answer.Captures[captured.Name] = captured.Value
	}
	for i := range verdict.Detections[1:] {
		answer.AlsoTypes = append(answer.AlsoTypes, verdict.Detections[i+1].Rule.Type)
	}
	return answer
}
