package notify

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/consumer/consumererror"
)

func TestRetryAfter(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"":                              0,
		"7":                             7 * time.Second,
		"soon":                          0,
		"-1":                            0,
		"99999999999999999999":          0,
		"86400":                         maxPatience,
		start.Format(http.TimeFormat):   0,
		"Sat, 31 Jan 2026 12:00:30 GMT": 30 * time.Second,
		"Sat, 31 Jan 2099 12:00:30 GMT": maxPatience,
	} {
		require.Equal(t, want, retryAfter(text, start), "%q", text)
	}
}

func TestReceiversThatAskToWait(t *testing.T) {
	answer := &http.Response{StatusCode: http.StatusTooManyRequests, Header: http.Header{"Retry-After": {"7"}}}
	require.ErrorContains(t, new(poster).judge(answer, nil, nil), "Throttle (7s)")
	answer.StatusCode = http.StatusNotFound
	require.True(t, consumererror.IsPermanent(new(poster).judge(answer, nil, nil)), "who refuses is not asked again")
}
