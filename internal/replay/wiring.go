package replay

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/pipeline"
)

// forward is the type of the connector that passes on what it gets, as the replay does in its place.
var forward = component.MustNewType("forward")

// wiring says which pipelines of a configuration matter, and where recorded telemetry enters.
type wiring struct {
	*Config

	// matters has the pipelines that lead to a connector which is run.
	matters map[pipeline.ID]bool
	// entries are the pipelines that recorded telemetry of a signal enters.
	entries map[pipeline.Signal][]pipeline.ID
}

var signals = []pipeline.Signal{pipeline.SignalLogs, pipeline.SignalTraces}

// wire works out the wiring. The receiver is the one whose telemetry was recorded, or nil where there is
// but one, or it does not matter which.
func (c *Config) wire(receiver *component.ID) (*wiring, error) {
	w := &wiring{Config: c, matters: map[pipeline.ID]bool{}, entries: map[pipeline.Signal][]pipeline.ID{}}
	for again := true; again; {
		again = false
		for id, pl := range c.parts.Service.Pipelines {
			if !w.matters[id] && slices.Contains(signals, id.Signal()) && slices.ContainsFunc(pl.Exporters, func(e component.ID) bool { return w.leadsOn(id, e) }) {
				w.matters[id], again = true, true
			}
		}
	}
	if len(w.matters) == 0 {
		return nil, c.fault(errors.New("service::pipelines: no pipeline of logs or traces leads to a connector that makes incidents"))
	}
	if receiver != nil {
		if _, found := c.parts.Receivers[*receiver]; !found {
			return nil, c.fault(fmt.Errorf("receivers: there is no %q", receiver))
		}
	}
	for _, signal := range signals {
		entries, err := w.enter(signal, receiver)
		if err != nil {
			return nil, c.fault(err)
		}
		w.entries[signal] = entries
	}
	if len(w.entries[pipeline.SignalLogs])+len(w.entries[pipeline.SignalTraces]) == 0 {
		from := "no receiver leads"
		if receiver != nil {
			from = fmt.Sprintf("receiver %q does not lead", receiver)
		}
		return nil, c.fault(fmt.Errorf("service::pipelines: %s to a connector that makes incidents", from))
	}
	return w, nil
}

// leadsOn says whether an exporter of a pipeline is a connector that is run, or leads to one.
func (w *wiring) leadsOn(from pipeline.ID, exporter component.ID) bool {
	if _, found := w.parts.Connectors[exporter]; !found {
		return false
	}
	return w.factories.connector(exporter) != nil || slices.ContainsFunc(w.fedBy(exporter), func(to pipeline.ID) bool {
		return exporter.Type() == forward && to.Signal() == from.Signal() && w.matters[to]
	})
}

// fedBy gives the pipelines that a receiver or connector feeds.
func (c *Config) fedBy(id component.ID) []pipeline.ID {
	var list []pipeline.ID
	for _, to := range sortedPipelines(c.parts.Service.Pipelines) {
		if slices.Contains(c.parts.Service.Pipelines[to].Receivers, id) {
			list = append(list, to)
		}
	}
	return list
}

// enter gives the pipelines that telemetry of a signal enters.
func (w *wiring) enter(signal pipeline.Signal, receiver *component.ID) ([]pipeline.ID, error) {
	probe := func(id component.ID) bool { return slices.Contains(w.factories.Probes, id.Type()) }
	if receiver != nil {
		return w.enterFrom(signal, func(id component.ID) bool { return id == *receiver })
	}
	entries, err := w.enterFrom(signal, func(id component.ID) bool { return !probe(id) })
	if entries == nil && err == nil {
		entries, err = w.enterFrom(signal, probe)
	}
	return entries, err
}

// enterFrom gives the pipelines that some receivers feed. Where it depends on the receiver which those are,
// nobody can tell.
func (w *wiring) enterFrom(signal pipeline.Signal, meant func(component.ID) bool) ([]pipeline.ID, error) {
	var entries []pipeline.ID
	var first component.ID
	for _, id := range sortedComponents(w.parts.Receivers) {
		if !meant(id) {
			continue
		}
		own := slices.DeleteFunc(w.fedBy(id), func(to pipeline.ID) bool { return to.Signal() != signal || !w.matters[to] })
		switch {
		case len(own) == 0:
		case entries == nil:
			entries, first = own, id
		case !slices.Equal(entries, own):
			return nil, fmt.Errorf("service::pipelines: %s of receiver %q and of %q go different ways: say with --receiver which of them were recorded", signal, first, id)
		}
	}
	return entries, nil
}

// skipped names what a configuration has that is not run, with what that means.
func (w *wiring) skipped() []string {
	p := &w.parts
	var list []string
	for _, kind := range []struct {
		one, several string
		names        []component.ID
	}{
		{
			"receiver %s: the files stand for what it receives", "receivers %s: the files stand for what they receive",
			w.used(func(pl *pipelineParts) []component.ID { return pl.Receivers }, p.Receivers, nil),
		},
		{
			"processor %s: what it drops, adds or changes is as it was recorded", "processors %s: what they drop, add or change is as it was recorded",
			w.used(func(pl *pipelineParts) []component.ID { return pl.Processors }, p.Processors, func(id component.ID) bool { return w.factories.processor(id) != nil }),
		},
		{
			"connector %s: nothing passes through it", "connectors %s: nothing passes through them",
			w.used(func(pl *pipelineParts) []component.ID { return slices.Concat(pl.Receivers, pl.Exporters) }, p.Connectors,
				func(id component.ID) bool { return w.factories.connector(id) != nil || id.Type() == forward }),
		},
		{
			"exporter %s: nothing is sent", "exporters %s: nothing is sent",
			w.used(func(pl *pipelineParts) []component.ID { return pl.Exporters }, p.Exporters, nil),
		},
		{
			"extension %s: no state is read from a storage or kept in one", "extensions %s: no state is read from a storage or kept in one",
			p.Service.Extensions,
		},
	} {
		names := make([]string, len(kind.names))
		for i, id := range kind.names {
			names[i] = id.String()
		}
		switch {
		case len(names) == 1:
			list = append(list, fmt.Sprintf(kind.one, names[0]))
		case len(names) > 1:
			list = append(list, fmt.Sprintf(kind.several, strings.Join(names, ", ")))
		}
	}
	return list
}

// used gives the components of a kind that pipelines use, but those that are run.
func (w *wiring) used(of func(*pipelineParts) []component.ID, known map[component.ID]map[string]any, run func(component.ID) bool) []component.ID {
	all := map[component.ID]bool{}
	for _, pl := range w.parts.Service.Pipelines {
		for _, id := range of(&pl) {
			if _, found := known[id]; found && (run == nil || !run(id)) {
				all[id] = true
			}
		}
	}
	return sortedComponents(all)
}
