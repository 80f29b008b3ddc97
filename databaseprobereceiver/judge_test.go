package databaseprobereceiver

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/failuredetector/failuredetector/databaseprobereceiver/internal/check"
)

// scripted is a server that tells one thing after the other, and then the last again and again.
type scripted []check.Figures

func (s *scripted) Check(context.Context, bool) check.Result {
	figures := (*s)[0]
	if len(*s) > 1 {
		*s = (*s)[1:]
	}
	return check.Result{Figures: &figures}
}

func (*scripted) Close() {}

// tells gives what is told of figures, the first of which nothing is judged by.
func tells(t *testing.T, scans int, figures ...check.Figures) []string {
	t.Helper()
	h := newHarness(t, TargetConfig{Type: typePostgreSQL, Endpoint: "127.0.0.1:5432", Username: "probe", TLS: plain})
	script := scripted(figures)
	h.probe.targets[0].checker = &script
	events := []string{}
	for range scans {
		events = append(events, h.scan()...)
	}
	return events
}

func TestWhatASingleScanIsEnoughFor(t *testing.T) {
	waits := func(sessions int64, longest time.Duration) check.Figures {
		return check.Figures{Running: &check.Running{Waiting: sessions, LongestWait: longest}}
	}
	queue := func(longest time.Duration) check.Figures {
		return check.Figures{Queue: &check.Queue{Waiting: 40, Longest: longest}}
	}
	counts := func(commits, rollbacks int64) check.Figures {
		return check.Figures{Transactions: &check.Transactions{Commits: commits, Rollbacks: rollbacks}}
	}
	used := func(share float64) check.Figures {
		return check.Figures{Wraparound: &check.Wraparound{Share: share}}
	}
	replica := func(state check.ReplicaState) check.Figures {
		return check.Figures{Replica: &check.Replica{State: state, Text: "why"}}
	}
	for name, tc := range map[string]struct {
		before, after check.Figures
		want          string
	}{
		"many sessions that wait shortly":          {waits(0, 0), waits(200, 50*time.Millisecond), ""},
		"a wait for a lock that is long":           {waits(0, 0), waits(1, 5*time.Second), "observed medium DATABASE_TIMEOUT: Sessions wait for locks"},
		"one that is very long":                    {waits(0, 0), waits(1, 30*time.Second), "observed high DATABASE_TIMEOUT: Sessions wait for locks"},
		"a long one that holds up many":            {waits(0, 0), waits(10, 5*time.Second), "observed high DATABASE_TIMEOUT: Sessions wait for locks"},
		"a queue of a pooler that moves":           {queue(0), queue(50 * time.Millisecond), ""},
		"a queue of a pooler that stands":          {queue(0), queue(time.Second), "observed high CONNECTION_POOL_EXHAUSTION: Clients wait"},
		"rollbacks where nothing else happens":     {counts(0, 0), counts(70, 30), "observed high TRANSACTION_ROLLBACK: Many transactions"},
		"one rollback of a few transactions":       {counts(0, 0), counts(19, 1), ""},
		"transaction ids that are half used":       {used(.1), used(.5), "observed medium TRANSACTION_ROLLBACK: Transaction ids"},
		"transaction ids that are nearly all used": {used(.1), used(.75), "observed critical TRANSACTION_ROLLBACK: Transaction ids"},
		"a replica that an error stopped":          {replica(check.Following), replica(check.Broken), "observed high DATABASE_CONNECTION_ERROR: The replica does not follow"},
		"a replica that may find its source again": {replica(check.Following), replica(check.Parted), ""},
	} {
		t.Run(name, func(t *testing.T) {
			events := tells(t, 2, tc.before, tc.after)
			if tc.want == "" {
				require.Empty(t, events)
				return
			}
			require.Len(t, events, 1)
			require.Contains(t, events[0], tc.want)
		})
	}
}

func TestRollbacksAreNotHiddenByWhatWentWellBefore(t *testing.T) {
	figures := []check.Figures{}
	counted := func(commits, rollbacks int64) {
		figures = append(figures, check.Figures{Transactions: &check.Transactions{Commits: commits, Rollbacks: rollbacks}})
	}
	for i := range int64(10) {
		counted(10000*i, 10*i)
	}
	counted(10000*10-3000, 10*9+3000)
	events := tells(t, 11, figures...)
	require.Len(t, events, 1)
	require.Contains(t, events[0], "observed high TRANSACTION_ROLLBACK: Many transactions are rolled back")
}

func TestAReplicaWithoutASourceIsToldOfTwice(t *testing.T) {
	well, parted := check.Figures{Replica: new(check.Replica)}, check.Figures{Replica: &check.Replica{State: check.Parted, Text: "it has no connection to its source"}}
	events := tells(t, 6, well, parted, parted, well, well, well)
	require.Equal(t, []string{
		"observed medium DATABASE_CONNECTION_ERROR: The replica does not follow on postgresql probe at 127.0.0.1:5432 (medium): it has no connection to its source.",
	}, events[:1])
	require.Len(t, events, 2)
	require.Contains(t, events[1], "cleared medium DATABASE_CONNECTION_ERROR: The replica does not follow on ")
}
