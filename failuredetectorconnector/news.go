package failuredetectorconnector

import (
	"fmt"
	"strings"
	"time"

	"github.com/failuredetector/failuredetector/failure"
	"github.com/failuredetector/failuredetector/internal/incident"
)

// newsCause says what is new.
func newsCause(in *incident.Incident) string {
	template := clip(printable(in.News.Template), maxText)
	shift := in.News.Shift
	switch {
	case shift == nil:
		return fmt.Sprintf("An error that it did not report before, and that no rule knows: %s.", trimStop(template))
	case shift.OlderRecords == 0:
		return fmt.Sprintf("Version %s reports an error that version %s, which runs too, does not: %s.", shift.Newer, shift.Older, trimStop(template))
	default:
		times := float64(shift.NewerRecords) / float64(shift.NewerOf) / (float64(shift.OlderRecords) / float64(shift.OlderOf))
		return fmt.Sprintf("Version %s reports an error %.1f times as often as version %s, which runs too: %s.", shift.Newer, times, shift.Older, trimStop(template))
	}
}

// newsEvidence is what news rests on, and what is not known of it.
func newsEvidence(in *incident.Incident) []string {
	n := in.News
	if s := n.Shift; s != nil {
		return []string{
			failure.EvidenceObserved + fmt.Sprintf("version %s said so in %d of %s, version %s in %d of %s, within the last hours",
				s.Newer, s.NewerRecords, plural(s.NewerOf, "record"), s.Older, s.OlderRecords, plural(s.OlderOf, "record")),
			failure.EvidenceInferred + "more than 1.5 times as often: by chance that shows once in 10,000 cases at most, by the binomial test",
			failure.EvidenceUnknown + "whether the newer version sends fewer other records, which looks the same",
		}
	}
	var list []string
	if n.Sample != "" {
		list = append(list, failure.EvidenceObserved+"the first says: "+printable(n.Sample))
	}
	return append(list,
		failure.EvidenceInferred+fmt.Sprintf("it is new: in %s that the service was heard, none of its %s said so before; it has %s without a rule",
			strings.TrimSuffix(n.Heard.Round(time.Minute).String(), "0s"), plural(n.Records, "record"), plural(int64(n.Others), "other error")),
		failure.EvidenceUnknown+"what it means, and whether a message that is known was only reworded")
}
