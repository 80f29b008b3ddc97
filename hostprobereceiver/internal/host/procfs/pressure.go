package procfs

import (
	"bytes"
	"math"
	"time"

	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host/fields"
	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host/figure"
)

// Pressure reads a file of pressure stall information, of the host or of a cgroup.
func Pressure(text []byte, stalls *figure.Stalls) error {
	for len(text) > 0 {
		var line []byte
		line, text = fields.Line(text)
		kind, rest := fields.Next(line)
		into := &stalls.Some
		switch string(kind) {
		case "some":
		case "full":
			into = &stalls.Full
		default:
			continue
		}
		stall, ok := stall(rest)
		if !ok {
			return fields.ErrFormat
		}
		*into = figure.Of(stall)
	}
	if !stalls.Some.Known() {
		return fields.ErrFormat
	}
	return nil
}

// stall reads what follows the kind: avg10=0.00 avg60=0.00 avg300=0.00 total=0.
func stall(line []byte) (figure.Stall, bool) {
	var s figure.Stall
	averages := [...]struct {
		name  string
		value *float64
	}{{"avg10=", &s.Avg10}, {"avg60=", &s.Avg60}, {"avg300=", &s.Avg300}}
	for _, average := range averages {
		var field []byte
		field, line = fields.Next(line)
		if len(field) < len(average.name) || string(field[:len(average.name)]) != average.name {
			return s, false
		}
		percent, ok := fields.Decimal(field[len(average.name):])
		if !ok {
			return s, false
		}
		*average.value = percent / 100
	}
	field, _ := fields.Next(line)
	number, found := bytes.CutPrefix(field, []byte("total="))
	micros, ok := fields.Uint(number)
	if !found || !ok || micros > math.MaxInt64/1000 {
		return s, false
	}
	s.Total = time.Duration(micros) * time.Microsecond
	return s, true
}
