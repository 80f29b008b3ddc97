package redis

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

// maxReply bounds what a reply may take. INFO is about 5 KB.
const maxReply = 256 << 10

// serverError is an error that the server tells: a word in capitals and a sentence.
type serverError string

func (e serverError) Error() string { return string(e) }

var errProtocol = errors.New("the reply is not one of Redis")

// ask sends a command and reads its reply, a line or a text.
func (s *session) ask(ctx context.Context, words ...string) (string, error) {
	deadline, _ := ctx.Deadline() // None is the zero time, which is none here too.
	if err := s.conn.SetDeadline(deadline); err != nil {
		return "", err
	}
	// The deadline alone would let a stop wait for it.
	stop := context.AfterFunc(ctx, func() { _ = s.conn.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	var command strings.Builder
	fmt.Fprintf(&command, "*%d\r\n", len(words))
	for _, word := range words {
		fmt.Fprintf(&command, "$%d\r\n%s\r\n", len(word), word)
	}
	// A server that is full says so and closes without having read.
	_, written := io.WriteString(s.conn, command.String())
	reply, err := s.reply()
	var said serverError
	if written != nil && !errors.As(err, &said) {
		return "", written
	}
	return reply, err
}

func (s *session) reply() (string, error) {
	line, err := s.reader.ReadSlice('\n')
	if err != nil {
		return "", err
	}
	text := strings.TrimRight(string(line), "\r\n")
	if text == "" {
		return "", errProtocol
	}
	switch text[0] {
	case '+', ':':
		return text[1:], nil
	case '-':
		return "", serverError(text[1:])
	case '$':
		n, err := strconv.Atoi(text[1:])
		if err != nil || n < 0 || n > maxReply {
			return "", errProtocol
		}
		body := make([]byte, n+len("\r\n"))
		if _, err := io.ReadFull(s.reader, body); err != nil {
			return "", err
		}
		return string(body[:n]), nil
	default:
		return "", errProtocol
	}
}
