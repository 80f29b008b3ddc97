package redis

import (
	"bufio"
	"context"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/failuredetector/failuredetector/databaseprobereceiver/internal/check"
)

func TestWhatServersSay(t *testing.T) {
	for name, tc := range map[string]struct {
		said   string
		class  check.Class
		code   string
		denied bool
	}{
		"a wrong password":           {"WRONGPASS invalid username-password pair or user is disabled.", check.Unreachable, "WRONGPASS", true},
		"no password":                {"NOAUTH Authentication required.", check.Unreachable, "NOAUTH", true},
		"an old server":              {"ERR invalid password", check.Unreachable, "ERR", true},
		"a server that is full":      {"ERR max number of clients reached", check.Exhausted, "ERR", false},
		"a server that loads":        {"LOADING Redis is loading the dataset in memory", check.Unreachable, "LOADING", false},
		"a server with a script":     {"BUSY Redis is busy running a script.", check.Timeout, "BUSY", false},
		"an error that nobody knows": {"SECRET internals", check.Unreachable, "ERR", false},
	} {
		t.Run(name, func(t *testing.T) {
			f := new(Server).Failure(serverError(tc.said), check.Auth)
			require.Equal(t, tc.class, f.Class)
			require.Equal(t, tc.code, f.Code)
			require.Equal(t, tc.denied, f.Denied)
			require.NotContains(t, f.Text, "internals")
		})
	}
}

func TestFiguresOfInfo(t *testing.T) {
	f := figures("# Clients\r\nconnected_clients:7\r\nmaxclients:10\r\nblocked_clients:2\r\nused_memory:90\r\nmaxmemory:100\r\n" +
		"role:slave\r\nmaster_link_status:up\r\nmaster_last_io_seconds_ago:3\r\n")
	require.EqualValues(t, 7, f.Connections)
	require.EqualValues(t, 10, f.Usable)
	require.Equal(t, []check.Sessions{{State: "blocked", Count: 2}}, f.Sessions)
	require.InDelta(t, .9, *f.Memory, 1e-9)
	require.Equal(t, 3*time.Second, *f.Lag)

	f = figures("role:master\r\nmaxmemory:0\r\nconnected_clients:x\r\n")
	require.Equal(t, &check.Figures{}, f, "what is not told is not there")
}

func TestStopEndsWhatIsAsked(t *testing.T) {
	here, there := net.Pipe()
	defer there.Close() //nolint:errcheck // Nothing is written.
	s := &session{conn: here, reader: bufio.NewReader(here)}
	defer s.Close()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := s.ask(ctx, "PING")
	require.Error(t, err)
}

// FuzzReply holds that whatever a server sends is read or refused, in bounded memory.
func FuzzReply(f *testing.F) {
	for _, seed := range []string{"+PONG\r\n", "-ERR x\r\n", ":1\r\n", "$3\r\nabc\r\n", "$-1\r\n", "$99999999999\r\n", "*2\r\n", "", "\r\n", "$5\r\nab"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s := &session{reader: bufio.NewReaderSize(strings.NewReader(text), 64)}
		reply, err := s.reply()
		if err == nil {
			require.LessOrEqual(t, len(reply), len(text))
			figures(reply)
		}
	})
}
