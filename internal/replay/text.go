package replay

import (
	"cmp"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/failuredetector/failuredetector/internal/logfile"
	"github.com/failuredetector/failuredetector/internal/survey"
)

// texts makes log records of lines of log, or of JSON lines. They come from the service that they name, or
// from one that is called as the file is.
func (r *reading) texts(b *logfile.Batch) plog.Logs {
	logs := plog.NewLogs()
	ofFile := survey.ServiceOfFile(b.File)
	service, records := "", plog.NewLogRecordSlice()
	latest := time.Unix(0, r.latest)
	for i := range b.Records {
		text := b.Records[i].Text
		if own := cmp.Or(survey.ServiceOfText(text), ofFile); own != service || i == 0 {
			rl := logs.ResourceLogs().AppendEmpty()
			rl.Resource().Attributes().PutStr("service.name", own)
			service, records = own, rl.ScopeLogs().AppendEmpty().LogRecords()
		}
		lr := records.AppendEmpty()
		if at, found := logfile.TimeOf(cmp.Or(b.Records[i].Time, text), latest); found && at.UnixNano() > 0 {
			lr.SetTimestamp(pcommon.NewTimestampFromTime(at))
			lr.SetObservedTimestamp(lr.Timestamp())
		}
		if b.Form == logfile.JSONLines {
			if _, ok := survey.PutObject(lr, text); ok {
				continue
			}
			r.counts.unreadable++
		}
		lr.Body().SetStr(text)
	}
	return logs
}
