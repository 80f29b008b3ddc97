package keys

import (
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap"
)

type inner struct {
	Endpoint string `mapstructure:"endpoint,omitempty"`
	hidden   string
}

type outer struct {
	Inner inner  `mapstructure:",squash"`
	Name  string `mapstructure:"name"`
	Other any    `mapstructure:"-"`
}

func TestCheck(t *testing.T) {
	config := outer{Inner: inner{hidden: "it is no key"}}
	require.NoError(t, Check(confmap.NewFromStringMap(map[string]any{"endpoint": 1, "name": map[string]any{"any": 1}}), config))
	for _, key := range []string{"nmae", "hidden", "-", ""} {
		require.ErrorContains(t, Check(confmap.NewFromStringMap(map[string]any{key: 1}), config), `"`+key+`" is no key here: use endpoint, name`)
	}
}
