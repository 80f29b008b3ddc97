package failurefeedexporter

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

var (
	loadFeed   = flag.String("feed", "", "the socket of the feed to which TestListeners listens for TestLoad")
	loadEvents = flag.Int("events", 0, "how many events TestListeners waits for")
)

// allListen is what the listeners tell when they are ready.
const allListen = "all listen"

// TestListeners is the clients of TestLoad. By itself it does nothing. They read frames themselves, since a thousand
// of any library would take most of the machine.
func TestListeners(t *testing.T) {
	if *loadFeed == "" {
		return
	}
	var listening sync.WaitGroup
	faults := make(chan error, *loadClients)
	late := make([][]time.Duration, *loadClients)
	for i := range *loadClients {
		connection, err := new(net.Dialer).DialContext(t.Context(), "unix", *loadFeed)
		require.NoError(t, err)
		t.Cleanup(func() { _ = connection.Close() })
		_, err = io.WriteString(connection, "GET /api/v1/stream HTTP/1.1\r\nHost: localhost\r\n"+upgrade+"\r\n")
		require.NoError(t, err)
		reader := bufio.NewReaderSize(connection, 32<<10)
		response, err := http.ReadResponse(reader, nil)
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		require.Equal(t, http.StatusSwitchingProtocols, response.StatusCode)
		_, err = readFrame(reader, nil)
		require.NoError(t, err, "ready")
		listening.Go(func() {
			var err error
			if late[i], err = hear(reader); err != nil {
				faults <- fmt.Errorf("client %d: %w", i, err)
			}
		})
	}
	tell(allListen)
	listening.Wait()
	close(faults)
	for err := range faults {
		require.NoError(t, err)
	}
	steady := slices.Concat(late...)
	slices.Sort(steady)
	if len(steady) > 0 {
		tell("heard of an event " + percentiles(steady))
	}
}

// tell writes a line for TestLoad.
func tell(line string) { _, _ = os.Stdout.WriteString(line + "\n") }

// hear reads all events in their order, and measures how late they are before the burst.
func hear(reader *bufio.Reader) ([]time.Duration, error) {
	var late []time.Duration
	var text []byte
	var err error
	for number := 1; number <= *loadEvents; number++ {
		if text, err = readFrame(reader, text); err != nil {
			return nil, fmt.Errorf("message %d: %w", number, err)
		}
		if want := `"id":"load` + strconv.Itoa(number) + `"`; !bytes.Contains(text[:min(len(text), 200)], []byte(want)) {
			return nil, fmt.Errorf("message %d is %s", number, text)
		}
		if number > *loadEvents-burst {
			continue
		}
		_, after, _ := bytes.Cut(text, []byte(`"root_cause":"`))
		sent, err := strconv.ParseInt(string(after[:bytes.IndexByte(after, '"')]), 10, 64)
		if err != nil {
			return nil, err
		}
		late = append(late, time.Since(time.Unix(0, sent)))
	}
	return late, nil
}

// readFrame reads one frame of a server into memory that is used again.
func readFrame(reader *bufio.Reader, text []byte) ([]byte, error) {
	var header [8]byte
	if _, err := io.ReadFull(reader, header[:2]); err != nil {
		return nil, err
	}
	if header[0] != final|opText {
		return nil, fmt.Errorf("a frame begins with %#x", header[0])
	}
	length := uint64(header[1])
	if further := map[uint64]int{126: 2, 127: 8}[length]; further > 0 {
		header = [8]byte{}
		if _, err := io.ReadFull(reader, header[8-further:]); err != nil {
			return nil, err
		}
		length = binary.BigEndian.Uint64(header[:])
	}
	text = slices.Grow(text[:0], int(length))[:length]
	_, err := io.ReadFull(reader, text)
	return text, err
}
