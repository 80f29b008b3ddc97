package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"

	"go.yaml.in/yaml/v3"
)

// plan says what is done about which alert.
type plan struct {
	// PerHour bounds how many commands are run in an hour, whatever for.
	PerHour int      `yaml:"per_hour"`
	Actions []action `yaml:"actions"`
}

// action is one thing to do.
type action struct {
	Name string `yaml:"name"`
	// Match has labels with the values that fit; all of them have to be there.
	Match map[string][]string `yaml:"match"`
	// Command is a program with its arguments, in which {label} stands for the value of a label. No shell
	// reads it.
	Command []string `yaml:"command"`
	// PerHour bounds how often the same command is run in an hour.
	PerHour int `yaml:"per_hour"`
}

var (
	placeholder = regexp.MustCompile(`\{([a-zA-Z_][a-zA-Z0-9_]*)\}`)
	// harmless is what a value may be that becomes part of a command: a name as Kubernetes has them. Labels
	// come from telemetry, which anybody may send; no option and no path looks like this.
	harmless = regexp.MustCompile(`^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$`)
)

func loadPlan(file string) (*plan, error) {
	in, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	p, err := readPlan(in)
	if err = errors.Join(err, in.Close()); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return p, nil
}

func readPlan(in io.Reader) (*plan, error) {
	decoder := yaml.NewDecoder(in)
	decoder.KnownFields(true)
	p := &plan{}
	if err := decoder.Decode(p); err != nil {
		return nil, err
	}
	faults := []error{}
	if p.PerHour <= 0 {
		faults = append(faults, errors.New("per_hour: has to be more than 0"))
	}
	if len(p.Actions) == 0 {
		faults = append(faults, errors.New("actions: there is none"))
	}
	for i := range p.Actions {
		if err := p.Actions[i].check(); err != nil {
			faults = append(faults, fmt.Errorf("actions[%d]: %w", i, err))
		}
	}
	return p, errors.Join(faults...)
}

func (a *action) check() error {
	switch {
	case a.Name == "":
		return errors.New("name: is missing")
	case len(a.Match) == 0:
		return errors.New("match: is missing, so that it would fit everything")
	case len(a.Command) == 0:
		return errors.New("command: is missing")
	case placeholder.MatchString(a.Command[0]):
		return fmt.Errorf("command: which program is run is for you to say, not for a label: %q", a.Command[0])
	case a.PerHour <= 0:
		return errors.New("per_hour: has to be more than 0")
	default:
		return nil
	}
}

// actionFor gives the first action that fits, or nil.
func (p *plan) actionFor(labels map[string]string) *action {
	for i := range p.Actions {
		if p.Actions[i].fits(labels) {
			return &p.Actions[i]
		}
	}
	return nil
}

func (a *action) fits(labels map[string]string) bool {
	for name, values := range a.Match {
		if !slices.Contains(values, labels[name]) {
			return false
		}
	}
	return true
}

// commandFor puts labels into the command. One that is missing or no plain name makes it fail.
func (a *action) commandFor(labels map[string]string) ([]string, error) {
	var faults []error
	command := make([]string, 0, len(a.Command))
	for _, argument := range a.Command {
		command = append(command, placeholder.ReplaceAllStringFunc(argument, func(field string) string {
			name := field[1 : len(field)-1]
			value := labels[name]
			if !harmless.MatchString(value) {
				faults = append(faults, fmt.Errorf("label %s: %q is no plain name", name, value))
			}
			return value
		}))
	}
	return command, errors.Join(faults...)
}
