package databaseprobereceiver

import (
	"fmt"
	"maps"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap"
)

func TestConfig(t *testing.T) {
	good := map[string]any{"type": "postgresql", "endpoint": "db.example:5432", "username": "probe", "password": "secret"}
	with := func(change map[string]any) map[string]any {
		changed := maps.Clone(good)
		maps.Copy(changed, change)
		return changed
	}
	for name, tc := range map[string]struct {
		raw  map[string]any
		want string
	}{
		"the least":           {map[string]any{"targets": []any{good}}, ""},
		"no targets":          {map[string]any{}, "targets: there are none"},
		"too often":           {map[string]any{"targets": []any{good}, "collection_interval": "1s"}, "collection_interval: 1s is too short: use at least 10s, which a check may take"},
		"a negative delay":    {map[string]any{"targets": []any{good}, "initial_delay": "-1s"}, "initial_delay: -1s is negative"},
		"an unknown type":     {map[string]any{"targets": []any{with(map[string]any{"type": "oracle"})}}, `targets[0]: type: "oracle" is not known: use one of postgresql, pgbouncer, mysql, mariadb, redis, tcp`},
		"no port":             {map[string]any{"targets": []any{with(map[string]any{"endpoint": "db.example"})}}, `targets[0]: endpoint: "db.example" is no host with a port, like db.example:5432`},
		"a port of letters":   {map[string]any{"targets": []any{with(map[string]any{"endpoint": "db.example:pg"})}}, `targets[0]: endpoint: "db.example:pg" has no host or no port, like db.example:5432`},
		"no user":             {map[string]any{"targets": []any{with(map[string]any{"username": ""})}}, "targets[0]: username: there is none"},
		"a database of redis": {map[string]any{"targets": []any{with(map[string]any{"type": "redis", "database": "1"})}}, `targets[0]: database means nothing to type "redis", which is checked as a whole`},
		"a user for tcp":      {map[string]any{"targets": []any{with(map[string]any{"type": "tcp"})}}, `targets[0]: username, password and database mean nothing to type "tcp"`},
		"the same twice":      {map[string]any{"targets": []any{good, good}}, `targets[1]: "db:postgresql://db.example:5432/probe" is targets[0] already`},
		"thresholds that fall": {
			map[string]any{"targets": []any{good}, "connections": map[string]any{"threshold_percent": 95}},
			"connections: threshold_percent 95 and critical_percent 90 have to rise and lie between 5 and 100",
		},
	} {
		t.Run(name, func(t *testing.T) {
			config := createDefaultConfig().(*Config)
			require.NoError(t, confmap.NewFromStringMap(tc.raw).Unmarshal(config))
			if err := confmap.Validate(config); tc.want == "" {
				require.NoError(t, err)
			} else {
				require.EqualError(t, err, tc.want)
			}
		})
	}
}

func TestPasswordIsNotWritten(t *testing.T) {
	config := createDefaultConfig().(*Config)
	config.Targets = []TargetConfig{{Type: typePostgreSQL, Endpoint: "db.example:5432", Username: "probe", Password: "secret"}}
	require.NotContains(t, fmt.Sprintf("%v %+v %#v", config, config, config.Targets), "secret")
	require.Equal(t, 30*time.Second, config.schedule().Interval)
}
