package cgroup

import (
	"bytes"
	"math"

	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host/fields"
	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host/figure"
)

// unlimited is from where on a number of v1 is no limit: it writes the largest that is a multiple of a page.
const unlimited = 1 << 62

// lower makes a limit the least of what it was and of what a file says.
func lower(limit *figure.Count, text []byte) error {
	field, _ := fields.Next(text)
	n, ok := fields.Uint(field)
	switch {
	case string(field) == "max" || ok && n >= unlimited:
		n = figure.NoLimit
	case !ok:
		return fields.ErrFormat
	}
	if least, known := limit.Get(); !known || n < least {
		*limit = figure.Of(n)
	}
	return nil
}

// lowerBoth takes the limit of a level alone, and makes the other the least of all.
func lowerBoth(level, all *figure.Count, text []byte) error {
	*level = figure.Count{}
	if err := lower(level, text); err != nil {
		return err
	}
	return lower(all, text)
}

// isLimit says whether there is one.
func isLimit(limit figure.Count) bool {
	n, known := limit.Get()
	return known && n != figure.NoLimit
}

// isQuota says whether there is one.
func isQuota(cpus float64) bool { return cpus > 0 && !math.IsInf(cpus, 0) }

// lowerQuota does so with the time that may be used in each period, both in µs.
func lowerQuota(quota *figure.Number, used, period []byte) error {
	cpus := math.Inf(1)
	if string(used) != "max" && !bytes.HasPrefix(used, []byte("-")) {
		n, ok := fields.Uint(used)
		of, known := fields.Uint(period)
		if !ok || !known || of == 0 {
			return fields.ErrFormat
		}
		cpus = float64(n) / float64(of)
	}
	if least, known := quota.Get(); !known || cpus < least {
		*quota = figure.Of(cpus)
	}
	return nil
}
