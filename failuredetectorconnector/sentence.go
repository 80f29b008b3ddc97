package failuredetectorconnector

import (
	"fmt"
	"time"

	"github.com/failuredetector/failuredetector/failure"
	"github.com/failuredetector/failuredetector/internal/incident"
)

// sentence is the body of an event: what failed where, how bad it is, and why, for a person who was
// just woken. Types stand in it as they are, since people search for them.
func sentence(e *incident.Event, cause string) string {
	in := &e.Incident
	if in.Origin == incident.FromProbe && in.Probe != nil && in.Probe.Says != "" {
		return printable(ofProbe(e, in.Probe.Says))
	}
	subject := in.Type + place(in)
	switch in.Origin {
	case incident.FromOverflow:
		subject = "More failures than are followed one by one" + place(in)
	case incident.FromTrend:
		subject = "More failures than usual" + place(in)
	case incident.FromSilence:
		if in.Missing != nil && in.Missing.Signal == "" {
			subject = in.Type + " of all sources"
		}
	case incident.FromBreaker:
		if in.Breaker != nil {
			subject = in.Type + " on the way from " + serviceOr(in.Breaker.Caller) + " to " + in.Breaker.Peer
		}
	case incident.FromCascade:
		subject = in.Type + " from " + originName(in)
	}
	return printable(subject + " " + predicate(e, cause) + ".")
}

// ofProbe passes on what the probe says. It knows what it watches by name, and how bad that is.
func ofProbe(e *incident.Event, says string) string {
	subject := e.Incident.Type
	switch {
	case e.Status == failure.StatusStale:
		subject += because(e.Reason) + "; its last word"
	case e.Name == failure.EventRegressed:
		subject += " is back" + because(e.Reason)
	case e.Name == failure.EventOngoing:
		subject += " goes on"
	}
	return subject + ": " + says
}

func predicate(e *incident.Event, cause string) string {
	in := &e.Incident
	switch e.Name {
	case failure.EventOpened:
		return fmt.Sprintf("(%s): %s", in.Severity, trimStop(cause))
	case failure.EventRegressed:
		return fmt.Sprintf("is back (%s)%s: %s", in.Severity, because(e.Reason), trimStop(cause))
	case failure.EventEscalated:
		return fmt.Sprintf("is now %s%s", in.Severity, because(e.Reason))
	case failure.EventResolved:
		return "is over" + because(e.Reason) + total(in)
	case failure.EventPredicted:
		return "is expected" + between(in.Probe) + because(e.Reason)
	default:
		if in.Missing != nil {
			return fmt.Sprintf("goes on (%s)%s, since %s", in.Severity, because(e.Reason), moment(in.First))
		}
		return fmt.Sprintf("goes on (%s)%s, %s since %s", in.Severity, because(e.Reason), plural(in.Count, countedAs(in)), moment(in.First))
	}
}

// place says where it failed.
func place(in *incident.Incident) string {
	name := in.Group.Name
	switch {
	case in.Group.Overflow:
		name = "a service beyond those that are told apart"
	case name == "" && in.Entity == "":
		name = "an unnamed service"
	}
	switch {
	case in.Entity == "":
		return " in " + name
	case name == "":
		return " on " + in.Entity
	default:
		return " on " + in.Entity + ", told by " + name
	}
}

func because(reason string) string {
	if reason == "" {
		return ""
	}
	return ", " + reason
}

func originName(in *incident.Incident) string {
	if in.Cascade == nil {
		return serviceOr("")
	}
	return serviceOr(in.Cascade.Origin)
}

// countedAs names what an incident counts.
func countedAs(in *incident.Incident) string {
	if in.Cascade != nil && !in.Cascade.ByTime {
		return "trace"
	}
	return "failure"
}

// total says how many failures there were in which time.
func total(in *incident.Incident) string {
	if in.Count == 0 || in.Origin == incident.FromTrend || in.Origin == incident.FromSilence {
		return ""
	}
	if in.Cascade != nil && !in.Cascade.ByTime {
		return ": it was seen in " + plural(in.Count, "trace")
	}
	if in.Count == 1 {
		return ": there was 1 failure"
	}
	if lasted := time.Duration(in.Last - in.First).Round(time.Second); lasted > 0 {
		return fmt.Sprintf(": there were %d failures within %s", in.Count, lasted)
	}
	return fmt.Sprintf(": there were %d failures at once", in.Count)
}

func between(p *incident.Probe) string {
	if p == nil || p.Earliest == 0 || p.Latest == 0 {
		return ""
	}
	return fmt.Sprintf(" between %s and %s", moment(p.Earliest), moment(p.Latest))
}

func moment(ns int64) string { return time.Unix(0, ns).UTC().Format("2006-01-02 15:04 MST") }
