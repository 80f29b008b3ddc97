package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"go.yaml.in/yaml/v3"

	"github.com/failuredetector/failuredetector/internal/replay"
)

// compare replays the data with the baseline too, and tells what differs.
func (o *replayOptions) compare(cmd *cobra.Command, config *replay.Config) error {
	baseline, err := o.readBaseline(cmd, config)
	if err != nil {
		return err
	}
	var sides [2]replay.Incidents
	troubles := false
	for i, c := range []*replay.Config{baseline, config} {
		_, trouble, err := o.replay(cmd, c, func(e replay.Event) error {
			sides[i].Add(&e)
			return nil
		})
		if err != nil {
			return err
		}
		troubles = troubles || trouble
	}
	if n := sides[0].Beyond + sides[1].Beyond; n > 0 {
		cmd.PrintErrf("failurectl: %s of incidents that are too many to compare\n", counted(n, "event"))
	}
	differences := replay.Compare(&sides[0], &sides[1])
	if err := o.printDifferences(cmd, &sides, differences); err != nil {
		return err
	}
	switch {
	case troubles:
		return exitError(exitTrouble)
	case len(differences) > 0:
		return exitError(exitNothing)
	}
	return nil
}

// readBaseline reads a configuration, or puts rules in the place of those that one adds.
func (o *replayOptions) readBaseline(cmd *cobra.Command, config *replay.Config) (*replay.Config, error) {
	if o.baseline == builtin {
		return config.WithRules()
	}
	info, err := os.Stat(o.baseline)
	if err != nil {
		return nil, fmt.Errorf("--baseline: %w", err)
	}
	if info.IsDir() {
		return config.WithRules(o.baseline)
	}
	content, err := os.ReadFile(o.baseline)
	if err != nil {
		return nil, fmt.Errorf("--baseline: %w", err)
	}
	var form struct {
		Service yaml.Node `yaml:"service"`
	}
	if yaml.Unmarshal(content, &form) == nil && !form.Service.IsZero() {
		return replay.ReadConfig(cmd.Context(), []string{o.baseline}, components())
	}
	return config.WithRules(o.baseline)
}

func (o *replayOptions) printDifferences(cmd *cobra.Command, sides *[2]replay.Incidents, list []replay.Difference) error {
	if o.output.value == outputJSON {
		var lines strings.Builder
		for i := range list {
			text, err := json.Marshal(differenceObject(&list[i]))
			if err != nil {
				return err
			}
			lines.Write(append(text, '\n'))
		}
		return emit(cmd, lines.String())
	}
	p := newPage(cmd.OutOrStdout())
	appear, vanish := 0, 0
	for i := range list {
		switch d := &list[i]; {
		case d.Before == nil:
			appear++
			p.incident("appears", d, d.After, "")
		case d.After == nil:
			vanish++
			p.incident("vanishes", d, d.Before, "")
		default:
			p.incident("changes", d, d.After, strings.Join(changesOf(d), "; "))
		}
	}
	before, after := sides[0].Counts(), sides[1].Counts()
	if len(list) > 0 {
		p.line("")
	}
	p.line("baseline %s with %s, now %s with %s", counted(before.Incidents, "incident"), counted(int(before.Failures), "failure"),
		counted(after.Incidents, "incident"), counted(int(after.Failures), "failure"))
	if len(list) == 0 {
		p.line("nothing differs")
		return emit(cmd, p.String())
	}
	p.line("%s, %s, %s", numbered(appear, "appear"), numbered(vanish, "vanish"), numbered(len(list)-appear-vanish, "change"))
	return emit(cmd, p.String())
}

// incident writes what becomes of an incident.
func (p *page) incident(what string, d *replay.Difference, in *replay.Incident, changes string) {
	p.line("%-8s  %s  %s  %-28s  %-16s  %-6d  %s", what, in.Told.UTC().Format(timeLayout), p.styled(severityStyle(d.Worst()), fmt.Sprintf("%-8s", in.Severity)),
		visible(head(in.Type, maxBeside)), visible(head(in.Service, maxBeside)), in.Count, visible(in.ID[:min(len(in.ID), shortID)]))
	if changes == "" {
		changes = visible(head(in.Cause, maxExampleShown))
	}
	if changes != "" {
		p.line("    %s", changes)
	}
}

// numbered puts a number before what so many do.
func numbered(n int, verb string) string {
	switch {
	case n == 1 && verb == "vanish":
		verb += "es"
	case n == 1:
		verb += "s"
	}
	return fmt.Sprintf("%d %s", n, verb)
}

// changesOf says what of an incident differs.
func changesOf(d *replay.Difference) []string {
	var list []string
	b, a, aspects := d.Before, d.After, d.Aspects()
	for _, part := range []struct {
		differs       bool
		what          string
		before, after string
	}{
		{aspects.Type, "type", visible(head(b.Type, maxBeside)), visible(head(a.Type, maxBeside))},
		{aspects.Severity, "severity", b.Severity.String(), a.Severity.String()},
		{aspects.Told, "told", b.Told.UTC().Format(timeLayout), a.Told.UTC().Format(timeLayout)},
		{aspects.Ended, "ended", endOf(b), endOf(a)},
		{aspects.Count, "count", strconv.FormatInt(b.Count, 10), strconv.FormatInt(a.Count, 10)},
	} {
		if part.differs {
			list = append(list, fmt.Sprintf("%s was %s, is %s", part.what, part.before, part.after))
		}
	}
	return list
}

func endOf(in *replay.Incident) string {
	if in.Ended.IsZero() {
		return "open"
	}
	return in.Ended.UTC().Format(timeLayout)
}

// differenceObject gives a difference for programs.
func differenceObject(d *replay.Difference) object {
	what := "changes"
	switch {
	case d.Before == nil:
		what = "appears"
	case d.After == nil:
		what = "vanishes"
	}
	return object{{"difference", what}, {"before", incidentObject(d.Before)}, {"after", incidentObject(d.After)}}
}

func incidentObject(in *replay.Incident) any {
	if in == nil {
		return nil
	}
	o := object{
		{"failure_incident_id", in.ID},
		{"service", in.Service},
		{"failure_type", in.Type},
		{"failure_severity", in.Severity},
		{"failure_count", in.Count},
		{"failure_fingerprint", in.Fingerprint},
		{"failure_cause", in.Cause},
		{"told", in.Told.UTC().Format(time.RFC3339Nano)},
		{"ended", nil},
	}
	if !in.Ended.IsZero() {
		o[len(o)-1].value = in.Ended.UTC().Format(time.RFC3339Nano)
	}
	return o
}
