package main

import (
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/failuredetector/failuredetector/rules"
)

func TestPipelineHasTheProcessorOfTheVariant(t *testing.T) {
	set, err := rules.Load(rules.NewDefaultConfig())
	require.NoError(t, err)
	for _, v := range variants(set) {
		t.Run(v.name, func(t *testing.T) {
			written, err := v.configuration("127.0.0.1:4317")
			require.NoError(t, err)
			var read struct {
				Processors map[string]any `yaml:"processors"`
				Service    struct {
					Pipelines map[string]struct {
						Processors []string `yaml:"processors"`
					} `yaml:"pipelines"`
				} `yaml:"service"`
			}
			require.NoError(t, yaml.Unmarshal(written, &read))
			require.Len(t, read.Processors, len(v.processors))
			if len(v.processors) > 0 {
				require.Equal(t, []string{v.name}, read.Service.Pipelines["logs"].Processors)
			}
		})
	}
}

func TestDollarIsNoReference(t *testing.T) {
	require.Equal(t, []string{"a$$|$${b}"}, escaped([]string{"a$|${b}"}))
}

func TestDifferenceIsTheMedianOfTheRounds(t *testing.T) {
	require.InDelta(t, 3, differences([]float64{5, 9, 4}, []float64{2, 1, 3}), 1e-9)
}

func TestFactorSaysSoWhereNothingIsMeasured(t *testing.T) {
	require.Equal(t, "10", factorOf(0.05, 0.005))
	require.Equal(t, "over 500", factorOf(0.05, -0.001))
}
