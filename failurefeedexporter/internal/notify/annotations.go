package notify

import (
	"strconv"
	"strings"
	"time"
)

// annotations are what people read of an alert, and what may change while it lasts.
func annotations(f *Failure) map[string]string {
	steps := make([]string, 0, len(f.RecoverySteps))
	for _, s := range f.RecoverySteps {
		steps = append(steps, s.Risk+": "+s.Do)
	}
	evidence := make([]string, 0, len(f.Evidence))
	for _, e := range f.Evidence {
		evidence = append(evidence, e.Kind+": "+e.Text)
	}
	told := map[string]string{
		"summary":        f.Message,
		"description":    description(f, steps),
		"root_cause":     f.RootCause,
		"recovery_steps": strings.Join(steps, "\n"),
		"evidence":       strings.Join(evidence, "\n"),
		"path":           strings.Join(f.Path, ", "),
		"trace_url":      f.TraceURL,
		"incident_id":    f.ID,
		"count":          strconv.FormatInt(f.Count, 10),
		"first_seen":     f.FirstSeen.UTC().Format(time.RFC3339),
		"last_seen":      f.LastSeen.UTC().Format(time.RFC3339),
	}
	if f.UserActionRequired {
		told["user_action_required"] = "true"
	}
	if f.Confidence > 0 {
		told["confidence"] = strconv.FormatFloat(f.Confidence, 'g', 3, 64)
	}
	if !f.PredictedEarliest.IsZero() {
		told["predicted_earliest"] = f.PredictedEarliest.UTC().Format(time.RFC3339)
	}
	if !f.PredictedLatest.IsZero() {
		told["predicted_latest"] = f.PredictedLatest.UTC().Format(time.RFC3339)
	}
	for name, text := range told {
		if text = lines(text); text == "" {
			delete(told, name)
		} else {
			told[name] = text
		}
	}
	return told
}

// description says why it fails and what to do, for receivers that show one text.
func description(f *Failure, steps []string) string {
	parts := make([]string, 0, len(steps)+1)
	if f.RootCause != "" {
		parts = append(parts, f.RootCause)
	}
	for _, step := range steps {
		parts = append(parts, "- "+step)
	}
	return strings.Join(parts, "\n")
}
