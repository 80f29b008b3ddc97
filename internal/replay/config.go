package replay

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/confmap/provider/envprovider"
	"go.opentelemetry.io/collector/confmap/provider/fileprovider"
	"go.opentelemetry.io/collector/confmap/provider/yamlprovider"
	"go.opentelemetry.io/collector/connector"
	"go.opentelemetry.io/collector/pipeline"
	"go.opentelemetry.io/collector/processor"
)

// Factories are those of the components that are run; all others are passed over.
type Factories struct {
	Processors []processor.Factory
	Connectors []connector.Factory
	// Probes are the types of receivers that tell of what they watch. What was recorded is taken for theirs
	// only where nothing else receives its signal, or they are named.
	Probes []component.Type
}

func (f *Factories) processor(id component.ID) processor.Factory {
	return factoryOf(f.Processors, id)
}

func (f *Factories) connector(id component.ID) connector.Factory {
	return factoryOf(f.Connectors, id)
}

func factoryOf[F component.Factory](factories []F, id component.ID) F {
	var none F
	for _, factory := range factories {
		if factory.Type() == id.Type() {
			return factory
		}
	}
	return none
}

// Config is what a collector's configuration says about the components that are run.
type Config struct {
	factories Factories
	// name is how errors call it.
	name  string
	conf  *confmap.Conf
	parts parts
}

// parts are the parts of a configuration that say what runs where.
type parts struct {
	Receivers  map[component.ID]map[string]any `mapstructure:"receivers"`
	Processors map[component.ID]map[string]any `mapstructure:"processors"`
	Exporters  map[component.ID]map[string]any `mapstructure:"exporters"`
	Connectors map[component.ID]map[string]any `mapstructure:"connectors"`
	Extensions map[component.ID]map[string]any `mapstructure:"extensions"`
	Service    struct {
		Pipelines  map[pipeline.ID]pipelineParts `mapstructure:"pipelines"`
		Extensions []component.ID                `mapstructure:"extensions"`
	} `mapstructure:"service"`
}

type pipelineParts struct {
	Receivers  []component.ID `mapstructure:"receivers"`
	Processors []component.ID `mapstructure:"processors"`
	Exporters  []component.ID `mapstructure:"exporters"`
}

// ReadConfig reads a configuration as the Collector does: of several files later ones go before earlier
// ones, and values may name others, such as ${env:NAME}.
func ReadConfig(ctx context.Context, files []string, factories Factories) (*Config, error) {
	c := &Config{factories: factories, name: strings.Join(files, ", ")}
	resolver, err := confmap.NewResolver(confmap.ResolverSettings{
		URIs: files, DefaultScheme: "env",
		ProviderFactories: []confmap.ProviderFactory{fileprovider.NewFactory(), envprovider.NewFactory(), yamlprovider.NewFactory()},
	})
	if err != nil {
		return nil, c.fault(err)
	}
	conf, err := resolver.Resolve(ctx)
	if err = errors.Join(err, resolver.Shutdown(ctx)); err != nil {
		return nil, c.fault(err)
	}
	return c, c.take(conf)
}

func (c *Config) take(conf *confmap.Conf) error {
	c.conf, c.parts = conf, parts{}
	if err := conf.Unmarshal(&c.parts, confmap.WithIgnoreUnused()); err != nil {
		return c.fault(err)
	}
	return c.fault(c.parts.check())
}

func (c *Config) fault(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", c.name, err)
}

// WithRules gives the configuration with other rule files in all components that take some.
func (c *Config) WithRules(files ...string) (*Config, error) {
	other := &Config{factories: c.factories, name: c.name}
	list := make([]any, len(files))
	for i, file := range files {
		list[i] = file
	}
	change := map[string]any{}
	for _, kind := range []struct {
		key string
		ids map[component.ID]map[string]any
		of  func(component.ID) component.Factory
	}{
		{"processors", c.parts.Processors, func(id component.ID) component.Factory { return orNil(c.factories.processor(id)) }},
		{"connectors", c.parts.Connectors, func(id component.ID) component.Factory { return orNil(c.factories.connector(id)) }},
	} {
		own := map[string]any{}
		for id := range kind.ids {
			factory := kind.of(id)
			if factory == nil {
				continue
			}
			defaults := confmap.New()
			if err := defaults.Marshal(factory.CreateDefaultConfig()); err != nil {
				return nil, c.fault(err)
			}
			if defaults.IsSet("rules") {
				own[id.String()] = map[string]any{"rules": map[string]any{"files": list}}
			}
		}
		change[kind.key] = own
	}
	conf := confmap.NewFromStringMap(c.conf.ToStringMap())
	if err := conf.Merge(confmap.NewFromStringMap(change)); err != nil {
		return nil, c.fault(err)
	}
	return other, other.take(conf)
}

// orNil gives nil for a factory that is none, which an interface in an interface hides.
func orNil[F interface {
	comparable
	component.Factory
}](factory F) component.Factory {
	var none F
	if factory == none {
		return nil
	}
	return factory
}

// check refuses pipelines that name what is not there, as the Collector does.
func (p *parts) check() error {
	var errs []error
	if len(p.Service.Pipelines) == 0 {
		errs = append(errs, errors.New("service::pipelines: there is none"))
	}
	for _, id := range sortedPipelines(p.Service.Pipelines) {
		pl := p.Service.Pipelines[id]
		for _, list := range []struct {
			key   string
			ids   []component.ID
			known []map[component.ID]map[string]any
		}{
			{"receivers", pl.Receivers, []map[component.ID]map[string]any{p.Receivers, p.Connectors}},
			{"processors", pl.Processors, []map[component.ID]map[string]any{p.Processors}},
			{"exporters", pl.Exporters, []map[component.ID]map[string]any{p.Exporters, p.Connectors}},
		} {
			for _, name := range list.ids {
				if !slices.ContainsFunc(list.known, func(known map[component.ID]map[string]any) bool { _, found := known[name]; return found }) {
					errs = append(errs, fmt.Errorf("service::pipelines::%s::%s: %q is not configured", id, list.key, name))
				}
			}
		}
	}
	return errors.Join(errs...)
}

// component gives the configuration of a component, checked.
func (c *Config) component(kind string, id component.ID, factory component.Factory) (component.Config, error) {
	key := kind + confmap.KeyDelimiter + id.String()
	config := factory.CreateDefaultConfig()
	sub, err := c.conf.Sub(key)
	if err == nil {
		err = sub.Unmarshal(&config)
	}
	if err == nil {
		err = confmap.Validate(config)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", key, err)
	}
	return config, nil
}

func sortedPipelines[V any](all map[pipeline.ID]V) []pipeline.ID {
	return slices.SortedFunc(maps.Keys(all), func(a, b pipeline.ID) int { return strings.Compare(a.String(), b.String()) })
}

func sortedComponents[V any](all map[component.ID]V) []component.ID {
	return slices.SortedFunc(maps.Keys(all), func(a, b component.ID) int { return strings.Compare(a.String(), b.String()) })
}
