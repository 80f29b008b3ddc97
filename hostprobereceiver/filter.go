package hostprobereceiver

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host/mounts"
)

// filter is what the patterns mean.
func (c *FilesystemsConfig) filter() (mounts.Filter, error) {
	f := mounts.Filter{Network: c.Network}
	var errs []error
	for _, list := range []struct {
		name     string
		patterns []string
		into     *[]*regexp.Regexp
		path     bool
	}{
		{"include_mount_points", c.IncludeMountPoints, &f.IncludeMountpoints, true},
		{"exclude_mount_points", c.ExcludeMountPoints, &f.ExcludeMountpoints, true},
		{"include_types", c.IncludeTypes, &f.IncludeTypes, false},
		{"exclude_types", c.ExcludeTypes, &f.ExcludeTypes, false},
	} {
		for i, pattern := range list.patterns {
			if list.path && !strings.HasPrefix(pattern, "/") && !strings.HasPrefix(pattern, "*") {
				errs = append(errs, fmt.Errorf("filesystems::%s[%d]: %q does not begin with a slash, as mount points do", list.name, i, pattern))
				continue
			}
			if pattern == "" {
				errs = append(errs, fmt.Errorf("filesystems::%s[%d]: the pattern is empty", list.name, i))
				continue
			}
			*list.into = append(*list.into, compilePattern(pattern))
		}
	}
	return f, errors.Join(errs...)
}

// compilePattern reads a pattern in which ** is anything, * anything but a slash, and ? one character.
func compilePattern(pattern string) *regexp.Regexp {
	quoted := regexp.QuoteMeta(pattern)
	quoted = strings.NewReplacer(`\*\*`, `.*`, `\*`, `[^/]*`, `\?`, `[^/]`).Replace(quoted)
	return regexp.MustCompile(`^(?s:` + quoted + `)$`)
}
