package main

import (
	"context"
	"fmt"
	"log/slog"
	"os/exec"
	"strings"
	"time"
)

// alert is an alert as Alertmanager tells of it.
type alert struct {
	Status      string            `json:"status"`
	Labels      map[string]string `json:"labels"`
	Annotations map[string]string `json:"annotations"`
	StartsAt    time.Time         `json:"startsAt"`
	Fingerprint string            `json:"fingerprint"`
}

const (
	// patience is how long a command may take.
	patience = time.Minute
	// maxWaiting is how many requests of Alertmanager wait.
	maxWaiting = 16
	// everything is what all commands together are counted as.
	everything = "everything"
)

// repairer decides what is done.
type repairer struct {
	plan *plan
	// commands counts what was done, and alerts what it was done about.
	commands, alerts *limit
	// really says that commands are run.
	really  bool
	act     func(ctx context.Context, command []string) (string, error)
	waiting chan []alert
	log     *slog.Logger
}

func newRepairer(p *plan, really bool, log *slog.Logger) *repairer {
	return &repairer{
		plan: p, commands: newLimit(), alerts: newLimit(), really: really, act: execute, waiting: make(chan []alert, maxWaiting), log: log,
	}
}

// work acts on one alert after the other until the context ends.
func (r *repairer) work(ctx context.Context) {
	for {
		select {
		case alerts := <-r.waiting:
			for i := range alerts {
				r.consider(ctx, &alerts[i], time.Now())
			}
		case <-ctx.Done():
			return
		}
	}
}

func (r *repairer) consider(ctx context.Context, a *alert, now time.Time) {
	log := r.log.With("alert", a.Labels["alertname"], "service", a.Labels["service_name"], "summary", a.Annotations["summary"])
	command, reason := r.decide(a, now)
	if reason != "" {
		log.Info("nothing is done", "reason", reason)
		return
	}
	log = log.With("command", strings.Join(command, " "))
	if !r.really {
		log.Info("would run")
		return
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	output, err := r.act(ctx, command)
	if err != nil {
		log.Error("failed", "error", err, "output", output)
		return
	}
	log.Info("ran", "output", output)
}

// decide gives the command for an alert, or why there is none. What is decided counts, whether it works or
// not.
func (r *repairer) decide(a *alert, now time.Time) ([]string, string) {
	if reason := unfit(a); reason != "" {
		return nil, reason
	}
	act := r.plan.actionFor(a.Labels)
	if act == nil {
		return nil, "no action fits"
	}
	command, err := act.commandFor(a.Labels)
	if err != nil {
		return nil, err.Error()
	}
	about, what := a.Fingerprint+" "+a.StartsAt.UTC().String(), strings.Join(command, "\x00")
	switch {
	case r.alerts.left(about, 1, now) <= 0:
		return nil, "it was acted on within the hour"
	case r.commands.left(what, act.PerHour, now) <= 0:
		return nil, fmt.Sprintf("%s was done %d times within the hour: a person has to look", act.Name, act.PerHour)
	case r.commands.left(everything, r.plan.PerHour, now) <= 0:
		return nil, fmt.Sprintf("%d commands were run within the hour: a person has to look", r.plan.PerHour)
	}
	r.alerts.count(about, now)
	r.commands.count(what, now)
	r.commands.count(everything, now)
	return command, ""
}

// unfit says why an alert is none to act on. Alertmanager's routes say the same; a mistake in them is to
// restart nothing.
func unfit(a *alert) string {
	switch {
	case a.Status != "firing":
		return "it is over"
	case a.Labels["failure_transient"] != "true":
		return "it does not go away by itself"
	case a.Labels["failure_status"] == "predicted":
		return "it is only expected"
	case a.Labels["failure_cascade"] == "victim":
		return "it comes from " + a.Labels["failure_origin"]
	default:
		return ""
	}
}

// execute runs a command, without a shell, and gives the beginning of what it says.
func execute(ctx context.Context, command []string) (string, error) {
	output, err := exec.CommandContext(ctx, command[0], command[1:]...).CombinedOutput()
	return string(output[:min(len(output), 1000)]), err
}
