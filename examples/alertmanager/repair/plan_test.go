package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestShippedPlan(t *testing.T) {
	p, err := loadPlan(filepath.Join("..", "actions.yaml"))
	require.NoError(t, err)
	labels := map[string]string{"failure_type": "NETWORK_ERROR", "service_name": "checkout", "service_namespace": "shop"}
	command, err := p.actionFor(labels).commandFor(labels)
	require.NoError(t, err)
	require.Equal(t, "kubectl --namespace shop rollout restart deployment/checkout", strings.Join(command, " "))
	require.Nil(t, p.actionFor(map[string]string{"failure_type": "DISK_SPACE_LOW"}))
	require.Nil(t, p.actionFor(map[string]string{"failure_type": "CPU_EXHAUSTION"}), "all labels have to fit")
}

func TestFaultsOfAPlan(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"nothing":     {"{per_hour: 1}", "actions: there is none"},
		"no limit":    {"{actions: [{name: a, match: {a: [b]}, command: [c], per_hour: 1}]}", "per_hour: has to be more than 0"},
		"no rate":     {"{per_hour: 1, actions: [{name: a, match: {a: [b]}, command: [c]}]}", "actions[0]: per_hour: has to be more than 0"},
		"no name":     {"{per_hour: 1, actions: [{match: {a: [b]}, command: [c], per_hour: 1}]}", "actions[0]: name: is missing"},
		"all alerts":  {"{per_hour: 1, actions: [{name: a, command: [c], per_hour: 1}]}", "actions[0]: match: is missing"},
		"no command":  {"{per_hour: 1, actions: [{name: a, match: {a: [b]}, per_hour: 1}]}", "actions[0]: command: is missing"},
		"any command": {"{per_hour: 1, actions: [{name: a, match: {a: [b]}, command: ['{service_name}'], per_hour: 1}]}", "which program is run is for you to say"},
		"unknown key": {"{per_hour: 1, acitons: []}", "acitons"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := readPlan(strings.NewReader(c.text))
			require.ErrorContains(t, err, c.want)
		})
	}
}

func TestLabelsThatNeverBecomePartOfACommand(t *testing.T) {
	a := &action{Command: []string{"kubectl", "rollout", "restart", "deployment/{service_name}"}}
	for _, value := range []string{"", "--all", "-f", "a b", "a;b", "$(b)", "../b", "a/b", "A", "a\n", "a-", strings.Repeat("a", 254)} {
		_, err := a.commandFor(map[string]string{"service_name": value})
		require.ErrorContains(t, err, "is no plain name", "%q", value)
	}
	for _, value := range []string{"a", "check-out.2", strings.Repeat("a", 253)} {
		command, err := a.commandFor(map[string]string{"service_name": value})
		require.NoError(t, err, "%q", value)
		require.Equal(t, "deployment/"+value, command[3])
	}
}
