package redis

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/failuredetector/failuredetector/databaseprobereceiver/internal/check"
)

// Read asks for what INFO tells.
func (s *session) Read(ctx context.Context) (*check.Figures, error) {
	text, err := s.ask(ctx, "INFO")
	var said serverError
	if errors.As(err, &said) && firstWord(said) == "NOPERM" {
		return &check.Figures{Missing: []string{"+info"}}, nil
	}
	if err != nil {
		return nil, err
	}
	return figures(text), nil
}

// figures reads lines like maxclients:10000. What is not there is not told by this version.
func figures(info string) *check.Figures {
	fields := map[string]string{}
	for line := range strings.Lines(info) {
		if key, value, found := strings.Cut(strings.TrimRight(line, "\r\n"), ":"); found {
			fields[key] = value
		}
	}
	whole := func(key string) int64 {
		n, err := strconv.ParseInt(fields[key], 10, 64)
		if err != nil {
			return 0
		}
		return n
	}
	f := &check.Figures{Connections: whole("connected_clients"), Usable: whole("maxclients")}
	if blocked, found := fields["blocked_clients"]; found {
		if n, err := strconv.ParseInt(blocked, 10, 64); err == nil {
			f.Sessions = []check.Sessions{{State: "blocked", Count: n}}
		}
	}
	if most := whole("maxmemory"); most > 0 {
		f.Memory = new(float64(whole("used_memory")) / float64(most))
	}
	if fields["role"] == "slave" {
		lag := time.Duration(max(0, whole("master_last_io_seconds_ago"))) * time.Second
		if fields["master_link_status"] == "down" {
			lag = time.Duration(max(0, whole("master_link_down_since_seconds"))) * time.Second
		}
		f.Lag = &lag
		f.Replica = new(check.Replica)
		if fields["master_link_status"] == "down" {
			f.Replica = &check.Replica{State: check.Parted, Text: "it has no connection to its source"}
		}
	}
	return f
}

// answers are what the first word of an error means, in our words.
var answers = map[string]check.Failure{
	"WRONGPASS": {Text: "the user or the password is wrong", Denied: true},
	"NOAUTH":    {Text: "the server wants a password", Denied: true},
	"NOPERM":    {Text: "this user may not even say hello", Denied: true},
	"LOADING":   {Text: "the server is loading its data"},
	"BUSY":      {Class: check.Timeout, Text: "the server is busy with a script"},
}

// Failure tells what an error means, in words that hold nothing of the server's.
func (*Server) Failure(err error, stage check.Stage) *check.Failure {
	var said serverError
	if !errors.As(err, &said) {
		return check.Network(err, stage)
	}
	word := firstWord(said)
	f, known := answers[word]
	switch {
	case strings.Contains(string(said), "max number of clients"):
		f = check.Failure{Class: check.Exhausted, Text: "the server takes no further clients"}
	case strings.Contains(string(said), "without any password configured"), strings.Contains(string(said), "invalid password"):
		f = answers["WRONGPASS"]
	case !known:
		f.Text, word = "the server gave an error", "ERR"
	}
	f.Stage, f.Code = stage, word
	return &f
}

func firstWord(said serverError) string {
	word, _, _ := strings.Cut(string(said), " ")
	return word
}
