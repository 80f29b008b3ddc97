package logfile

import (
	"bytes"
	"encoding/json"
)

// wrapping is what a container runtime writes around each line of a program.
type wrapping struct {
	// stream is stdout or stderr; empty where nothing is wrapped.
	stream string
	// time is when the runtime read the line.
	time []byte
	// partial says that the line of the program goes on in the next one.
	partial bool
}

// unwrap gives what a program wrote in a line of a container runtime: that of
// the Kubernetes container runtime interface, or of Docker's json-file driver.
func unwrap(line []byte) (wrapping, []byte) {
	switch {
	case len(line) > 30 && line[4] == '-' && line[10] == 'T':
		return unwrapCRI(line)
	case bytes.HasPrefix(line, []byte(`{"log":"`)):
		return unwrapDocker(line)
	}
	return wrapping{}, line
}

// unwrapCRI reads a line like 2026-03-10T09:00:00.123456789Z stderr F text.
func unwrapCRI(line []byte) (wrapping, []byte) {
	none := wrapping{}
	end := bytes.IndexByte(line, ' ')
	if end < 20 || end > 40 {
		return none, line
	}
	rest := line[end+1:]
	var w wrapping
	switch {
	case bytes.HasPrefix(rest, []byte("stdout ")):
		w.stream = "stdout"
	case bytes.HasPrefix(rest, []byte("stderr ")):
		w.stream = "stderr"
	default:
		return none, line
	}
	rest = rest[len("stdout "):]
	if len(rest) < 2 || rest[0] != 'F' && rest[0] != 'P' || rest[1] != ' ' && rest[1] != '\n' {
		return none, line
	}
	w.time = line[:end]
	w.partial = rest[0] == 'P'
	if rest[1] == '\n' {
		return w, rest[1:]
	}
	return w, rest[2:]
}

// unwrapDocker reads a line like {"log":"text\n","stream":"stderr","time":"…"}.
func unwrapDocker(line []byte) (wrapping, []byte) {
	var entry struct {
		Log    string `json:"log"`
		Stream string `json:"stream"`
		Time   string `json:"time"`
	}
	if json.Unmarshal(line, &entry) != nil || entry.Stream == "" || entry.Time == "" {
		return wrapping{}, line
	}
	return wrapping{stream: entry.Stream, time: []byte(entry.Time), partial: !bytes.HasSuffix([]byte(entry.Log), []byte("\n"))}, []byte(entry.Log)
}
