package notify

import "github.com/failuredetector/failuredetector/failure"

// maxChain bounds how many failures stand between one and its origin: broken calls, and the cascade that
// these come from.
const maxChain = 4

// Values of the label failure_cascade.
const (
	roleOrigin = "origin"
	roleVictim = "victim"
)

// origins knows the failures that others come from.
type origins map[string]*Failure

func originsOf(failures []*Failure) origins {
	o := origins{}
	for _, f := range failures {
		if f.Status == failure.StatusActive && sourceName(f) != "" {
			o[f.ID] = f
		}
	}
	return o
}

// sourceName names what others fail because of, the same wherever it is told: a service for a cascade, what
// is called for broken calls, and nothing for any other failure.
func sourceName(f *Failure) string {
	switch f.FailureType {
	case failure.TypeCascade:
		return f.Origin
	case failure.TypeBreaker:
		return f.Entity
	default:
		return ""
	}
}

// of gives the name of what a failure comes from, and whether it is the origin or a victim of it; "" where
// it stands for itself. A failure that is announced although something explained it is no victim: it goes on
// without its origin, and silence about it would hide a fault.
func (o origins) of(f *Failure) (name, role string) {
	at := f
	for range maxChain {
		by := o[at.SuppressedBy]
		if !at.Held || by == nil {
			break
		}
		at = by
	}
	switch {
	case at != f:
		return sourceName(at), roleVictim
	case sourceName(f) != "":
		return sourceName(f), roleOrigin
	default:
		return "", ""
	}
}
