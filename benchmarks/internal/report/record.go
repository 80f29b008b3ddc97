package report

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"time"
)

// Record puts tables and what they were taken with into a page, in place of what
// stands between the comments `<!-- begin NAME -->` and `<!-- end NAME -->`.
func Record(file, name, origin string, tables []Table) error {
	content, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var section strings.Builder
	section.WriteString(origin + "\n\n")
	if err := WriteMarkdown(&section, tables); err != nil {
		return err
	}
	replaced, err := replace(string(content), name, section.String())
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return os.WriteFile(file, []byte(replaced), 0o644)
}

func replace(page, name, section string) (string, error) {
	begin, end := "<!-- begin "+name+" -->\n", "<!-- end "+name+" -->"
	before, rest, begun := strings.Cut(page, begin)
	_, after, ended := strings.Cut(rest, end)
	if !begun || !ended {
		return "", fmt.Errorf("there is no section between %q and %q", strings.TrimSpace(begin), end)
	}
	return before + begin + "\n" + section + end + after, nil
}

// Origin says with what figures were taken: the command, the day, the processor
// and the versions of the modules that are compared.
func Origin(command string, now time.Time, modules ...string) string {
	versions := []string{runtime.Version()}
	if info, ok := debug.ReadBuildInfo(); ok {
		versions = append(versions, versionsOf(info, modules)...)
	}
	return fmt.Sprintf("%#q on %s, %s, %d processors; %s.", command, now.UTC().Format(time.DateOnly), processor(), runtime.NumCPU(), strings.Join(versions, ", "))
}

func versionsOf(info *debug.BuildInfo, modules []string) []string {
	var versions []string
	for _, dependency := range info.Deps {
		for _, module := range modules {
			if strings.HasSuffix(dependency.Path, "/"+module) {
				versions = append(versions, module+" "+dependency.Version)
			}
		}
	}
	return versions
}

// processor names the machine's, as its kernel does.
func processor() string {
	content, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return runtime.GOARCH
	}
	return model(string(content))
}

func model(cpuinfo string) string {
	fields := map[string]string{}
	for line := range strings.Lines(cpuinfo) {
		key, value, _ := strings.Cut(line, ":")
		if key = strings.TrimSpace(key); fields[key] == "" {
			fields[key] = strings.TrimSpace(value)
		}
	}
	if fields["model name"] == "" {
		return runtime.GOARCH
	}
	return fmt.Sprintf("%s (family %s, model %s)", fields["model name"], fields["cpu family"], fields["model"])
}
