package failurefeedexporter

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

func TestTooManyQuestionsAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGate(defaultConfig(), 1)
		release := make(chan struct{})
		handler := g.limit(func(http.ResponseWriter, *http.Request) { <-release })
		ask := func(ctx context.Context) *httptest.ResponseRecorder {
			answer := httptest.NewRecorder()
			handler(answer, httptest.NewRequestWithContext(ctx, http.MethodGet, "/", http.NoBody))
			return answer
		}
		go ask(t.Context())
		synctest.Wait()

		refused := ask(t.Context())
		require.Equal(t, http.StatusServiceUnavailable, refused.Code)
		require.NotEmpty(t, refused.Header().Get("Retry-After"))

		gone, cancel := context.WithCancel(t.Context())
		cancel()
		require.Empty(t, ask(gone).Body.String())

		go func() {
			<-time.After(longestWait / 2)
			release <- struct{}{}
			release <- struct{}{}
		}()
		require.Equal(t, http.StatusOK, ask(t.Context()).Code, "its turn comes")
	})
}
