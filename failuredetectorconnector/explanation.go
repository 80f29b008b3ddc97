package failuredetectorconnector

import (
	"fmt"
	"strings"

	"github.com/failuredetector/failuredetector/failure"
	"github.com/failuredetector/failuredetector/internal/cascade"
	"github.com/failuredetector/failuredetector/internal/incident"
)

// blames say what the blame of a service rests on.
var blames = map[cascade.Evidence]string{
	cascade.Reported:   "its failure is the deepest that was reported",
	cascade.Slow:       "its callers gave up while it was still at work",
	cascade.Unanswered: "calls to it had no answer, it sent no span of them",
	cascade.Refused:    "calls to it failed, and it reports no failure",
}

// cascadeCause says in a sentence what fails because of what.
func cascadeCause(in *incident.Incident) string {
	c := in.Cascade
	if c == nil {
		return "A failure in one service has spread to those that depend on it."
	}
	if c.ByTime {
		return fmt.Sprintf("%s of several types began within a minute, first %s in %s.", plural(int64(len(c.Victims)), "failure"), c.First, originName(in))
	}
	others := c.Path[min(len(c.Path), 1):]
	if len(others) == 0 {
		return fmt.Sprintf("%s fails, and %s.", originName(in), plural(int64(len(c.Victims)), "further failure")+" comes from that")
	}
	return fmt.Sprintf("%s fails, and with it %s.", originName(in), strings.Join(others, ", then "))
}

// cascadeEvidence is what a cascade rests on, and what is not known of it.
func cascadeEvidence(in *incident.Incident) []string {
	c := in.Cascade
	if c.ByTime {
		return []string{
			failure.EvidenceObserved + fmt.Sprintf("%s began from %s on", plural(int64(len(c.Victims)), "failure"), timestamp(in.First)),
			failure.EvidenceUnknown + "whether they come from one another: no trace says so, and each is announced by itself",
		}
	}
	list := []string{
		fmt.Sprintf("%s%s: in %s of the last minutes %s", failure.EvidenceInferred, originName(in), plural(c.Traces, "trace"), blames[c.Evidence]),
		failure.EvidenceObserved + plural(in.Count, "trace") + fmt.Sprintf(" since %s, the last is %x", timestamp(in.First), in.TraceID),
	}
	if c.External {
		list = append(list, failure.EvidenceUnknown+"what happens in "+c.Origin+": it sends no spans")
	}
	if c.Share == 0 {
		return list
	}
	share := fmt.Sprintf("%.0f%% of the requests to it fail", 100*c.Share)
	if c.Biased {
		return append(list, failure.EvidenceUnknown+share+" as far as traces came; they do not tell how they were sampled, so that this may be biased")
	}
	return append(list, failure.EvidenceInferred+share+", weighted by how traces were sampled")
}

// breakerActions are what to do about broken calls. Unlike those of a breaker that is in the program, the
// calls are still made.
var breakerActions = []string{
	"safe: Look at what is called: its health, errors and latency in the minutes before.",
	"safe: Check that the caller serves what users need meanwhile, and does not make it worse by calling again.",
}

// breakerCause says which calls are broken.
func breakerCause(b *incident.Breaker) string {
	return fmt.Sprintf("Of %s from %s to %s within a minute %d failed.", plural(int64(b.Calls), "call"), serviceOr(b.Caller), b.Peer, b.Failed)
}

func serviceOr(name string) string {
	if name == "" {
		return "an unnamed service"
	}
	return name
}

// silenceCause says what does not come.
func silenceCause(in *incident.Incident) string {
	m := in.Missing
	if m.Signal == "" {
		return fmt.Sprintf("Nothing comes since %s, from none of the %d sources that sent steadily: it is the way to here.", moment(m.Since), m.Sources)
	}
	return fmt.Sprintf("No %s come since %s.", m.Signal, moment(m.Since))
}

// silenceEvidence is what makes a silence remarkable.
func silenceEvidence(m *incident.Missing) string {
	if m.Signal == "" {
		return failure.EvidenceObserved + "the last record of any source came at " + timestamp(m.Since)
	}
	return fmt.Sprintf("%sthe last record came at %s; in %d of the 60 minutes before there were some", failure.EvidenceObserved, timestamp(m.Since), m.Steady)
}
