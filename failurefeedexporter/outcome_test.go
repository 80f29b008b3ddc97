package failurefeedexporter

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/failuredetector/failuredetector/failure"
)

func TestPeopleSayWhetherAFailureWasWorthTelling(t *testing.T) {
	h := newHarness(t, nil)
	rule := with(map[string]any{failure.AttrRule: "db-timeout"})
	h.send(incident("a", 1, failure.EventOpened, rule), incident("b", 1, failure.EventOpened, rule), incident("c", 1, failure.EventOpened))
	say := func(id, body string, status int) {
		t.Helper()
		require.Equal(t, status, h.post("/api/v1/failures/"+id+"/outcome", "application/json", body).status)
	}
	say("a", `{"outcome": "noise"}`, http.StatusOK)
	say("a", `{"outcome": "useful", "cause": "The disk was full."}`, http.StatusOK)
	say("b", `{"outcome": "noise"}`, http.StatusOK)
	say("none", `{"outcome": "noise"}`, http.StatusNotFound)
	say("c", `{"outcome": "lovely"}`, http.StatusBadRequest)
	say("c", `outcome=noise`, http.StatusBadRequest)

	require.Equal(t, map[string]any{"db-timeout": map[string]any{"useful": 1.0, "noise": 1.0, "precision": 0.5}}, h.get("/api/v1/stats")["precision_by_rule"])

	// A failure may be seen by another rule later. What was said counts for the one that found it then.
	h.send(incident("b", 2, failure.EventOngoing, with(map[string]any{failure.AttrRule: "another"})))
	say("b", `{"outcome": "useful"}`, http.StatusOK)
	require.Equal(t, map[string]any{
		"db-timeout": map[string]any{"useful": 1.0, "noise": 0.0, "precision": 1.0}, "another": map[string]any{"useful": 1.0, "noise": 0.0, "precision": 1.0},
	}, h.get("/api/v1/stats")["precision_by_rule"])
	say("c", `{"outcome": "noise"}`, http.StatusOK)
	require.Contains(t, h.get("/api/v1/stats")["precision_by_rule"], "DATABASE_TIMEOUT", "without a rule it counts for the type")

	h.send(incident("a", 2, failure.EventResolved, rule))
	judged := h.get("/api/v1/failures/a")
	require.Equal(t, "resolved", judged["status"])
	require.Equal(t, "The disk was full.", judged["judgement"].(map[string]any)["cause"], "further events do not change what was said")
}
