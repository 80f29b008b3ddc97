package replay

import (
	"fmt"

	"go.opentelemetry.io/collector/pipeline"
)

// report says what of a file was lost, and what was odd about it.
func (s *source) report() []string {
	var list []string
	for _, message := range s.lost {
		list = append(list, s.path+": "+message)
	}
	for _, odd := range []struct {
		n          int
		one, other string
	}{
		{s.counts.unreadable, "1 object is not of the form of the file", "%d objects are not of the form of the file"},
		{s.counts.future, "1 time is still to come, so it is not believed", "%d times are still to come, so they are not believed"},
		{s.counts.events, "1 event of an incident is passed over", "%d events of incidents are passed over"},
		{s.nowhere[pipeline.SignalLogs], nowhere("1 log record goes", "logs"), nowhere("%d log records go", "logs")},
		{s.nowhere[pipeline.SignalTraces], nowhere("1 span goes", "traces"), nowhere("%d spans go", "traces")},
	} {
		switch {
		case odd.n == 1:
			list = append(list, s.path+": "+odd.one)
		case odd.n > 1:
			list = append(list, s.path+": "+fmt.Sprintf(odd.other, odd.n))
		}
	}
	if s.arrived == 0 && s.trouble == nil && s.records > 0 {
		list = append(list, s.path+": no record tells a time: all arrive at once")
	}
	return list
}

func nowhere(what, signal string) string {
	return what + " nowhere: no pipeline of " + signal + " leads from a receiver to a connector that makes incidents"
}
