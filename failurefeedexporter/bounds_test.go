package failurefeedexporter

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/failuredetector/failuredetector/failure"
)

// TestASenderCannotMakeAFailureLarge writes as much as it can everywhere, and holds what the README says.
func TestASenderCannotMakeAFailureLarge(t *testing.T) {
	long := strings.Repeat("x", 1<<20)
	list := make([]any, 1000)
	for i := range list {
		list[i] = long[:4096]
	}
	s := newTestStore(nil)
	for sequence := range int64(2 * maxTimeline) {
		logs := incident(long, sequence+1, failure.EventOngoing, func(m pcommon.Map) {
			for key := range m.All() {
				if text, _ := m.Get(key); text.Type() == pcommon.ValueTypeStr && key != failure.AttrEvent && key != failure.AttrFirstSeen && key != failure.AttrLastSeen {
					text.SetStr(long)
				}
			}
			for _, key := range []string{failure.AttrCause, failure.AttrRule, failure.AttrEntity, failure.AttrFingerprint, failure.AttrOrigin, failure.AttrSuppressedBy, failure.AttrRegressionOf, failure.AttrScope} {
				m.PutStr(key, long)
			}
			for _, key := range []string{failure.AttrActions, failure.AttrEvidence, failure.AttrPath, failure.AttrVictims} {
				if err := m.PutEmptySlice(key).FromRaw(list); err != nil {
					panic(err)
				}
			}
			for i := range 100 {
				m.PutStr(failure.AttrCapturePrefix+strconv.Itoa(i)+long[:1000], long)
			}
		})
		resource := logs.ResourceLogs().At(0).Resource().Attributes()
		for i := range 100 {
			resource.PutStr(strconv.Itoa(i)+long[:1000], long)
		}
		logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0).Body().SetStr(long)
		_, _, became := s.apply(read(t, logs, start.Add(time.Duration(sequence)*time.Second)))
		require.Equal(t, taken, became)
	}
	require.Equal(t, 1, s.size())
	found := s.get(long[:maxName])
	content, err := json.Marshal(detail{shownFailure: found, Timeline: found.timeline.moments})
	require.NoError(t, err)
	require.Less(t, len(content), 130<<10)
	require.Greater(t, len(content), 100<<10, "or the README says too much")
}
