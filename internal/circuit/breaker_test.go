package circuit

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

var settings = Settings{MinCalls: 10, Share: 0.5, OpenFor: 30 * time.Second, Trial: 4}

// line follows a breaker through calls: a + is a good one, a - is a failed one, a space is ten seconds.
type line struct {
	Breaker
	now int64
}

func (l *line) play(calls string) []State {
	states := []State{}
	for _, c := range calls {
		switch c {
		case ' ':
			l.now += int64(10 * time.Second)
		default:
			if l.Add(l.now, c == '-', &settings) {
				state, since := l.State()
				if since != l.now {
					panic("it says when it changed")
				}
				states = append(states, state)
			}
		}
	}
	return states
}

func TestBreaker(t *testing.T) {
	for name, tc := range map[string]struct {
		calls string
		want  []State
	}{
		"good calls keep it closed":                {"++++++++++++++++++++", []State{}},
		"too few say nothing":                      {"---------", []State{}},
		"half of ten open it":                      {"+++++-----", []State{Open}},
		"less than half do not":                    {"++++++-----", []State{}},
		"a good call never opens it":               {"----- + + + ++", []State{}},
		"calls of more than a minute ago are past": {"----- " + "      -----", []State{}},
		"those within the minute are not":          {"-----    -----", []State{Open}},
		"it stays open while all fail":             {"----------   - - - - -", []State{Open}},
		"a good call within the time is no sign":   {"----------  +", []State{Open}},
		"a good one after it is tried further":     {"----------   +", []State{Open, HalfOpen}},
		"good trials close it":                     {"----------   ++-+", []State{Open, HalfOpen, Closed}},
		"bad ones open it again":                   {"----------   +--+", []State{Open, HalfOpen, Open}},
		"what failed before does not count then":   {"----------   +++++-", []State{Open, HalfOpen, Closed}},
		"but what fails then does":                 {"----------   ++++ ----------", []State{Open, HalfOpen, Closed, Open}},
	} {
		t.Run(name, func(t *testing.T) {
			l := &line{now: int64(time.Hour)}
			require.Equal(t, tc.want, l.play(tc.calls))
		})
	}
}

func TestLately(t *testing.T) {
	l := &line{now: int64(time.Hour)}
	l.play("++- ---")
	calls, failed := l.Lately(l.now)
	require.Equal(t, 6, calls)
	require.Equal(t, 4, failed)
	calls, _ = l.Lately(l.now + int64(time.Hour))
	require.Zero(t, calls)
	l.Reopen(l.now)
	state, _ := l.State()
	require.Equal(t, "open", state.String())
	require.Len(t, States(), 3)
}
