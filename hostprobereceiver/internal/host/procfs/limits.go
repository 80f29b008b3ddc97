package procfs

import (
	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host/fields"
	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host/figure"
)

// FileNR reads /proc/sys/fs/file-nr: what is allocated, what of it is free, which is always 0, and the limit.
func FileNR(text []byte, files *figure.Files) error {
	allocated, rest := fields.Next(text)
	free, rest := fields.Next(rest)
	most, _ := fields.Next(rest)
	n, ok := fields.Uint(allocated)
	unused, known := fields.Uint(free)
	limit, limited := fields.Uint(most)
	if !ok || !known || !limited {
		return fields.ErrFormat
	}
	files.Open, files.Limit = figure.Of(n-min(n, unused)), figure.Of(limit)
	return nil
}

// Count reads a file that is one number.
func Count(text []byte, count *figure.Count) error {
	n, err := fields.Only(text)
	if err != nil {
		return err
	}
	*count = figure.Of(n)
	return nil
}
