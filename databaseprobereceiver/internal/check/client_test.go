package check

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"
)

// changeable is a server whose sessions work, and that takes no further ones while full is set.
type changeable struct {
	full   bool
	opened int
	closed int
}

func (s *changeable) Connect(context.Context, *Trace) (Session, error) {
	if s.full {
		return nil, errors.New("full")
	}
	s.opened++
	return open{s}, nil
}

func (*changeable) Failure(_ error, stage Stage) *Failure {
	return &Failure{Class: Exhausted, Stage: stage, Code: "full"}
}

type open struct{ server *changeable }

func (open) Read(context.Context) (*Figures, error) { return new(Figures), nil }

func (s open) Close() { s.server.closed++ }

func TestASessionIsRenewedEveryTenthCheck(t *testing.T) {
	server := new(changeable)
	client := NewClient(server)
	for range 2 * afresh {
		require.Nil(t, client.Check(t.Context(), true).Failure)
	}
	require.Equal(t, 2, server.opened)
	require.Equal(t, 1, server.closed, "there is one at a time")
}

func TestThatNoSessionIsToBeHadLastsUntilOneIs(t *testing.T) {
	server := new(changeable)
	client := NewClient(server)
	for range afresh {
		client.Check(t.Context(), true)
	}
	server.full = true
	for range 2 * afresh {
		result := client.Check(t.Context(), true)
		require.NotNil(t, result.Failure, "the open session is no sign that there are others")
		require.NotNil(t, result.Figures)
	}
	server.full = false
	result := client.Check(t.Context(), false)
	require.NotNil(t, result.Failure, "nobody has tried")
	require.NotNil(t, result.Figures, "what is open tells how it is all the same")
	require.Nil(t, client.Check(t.Context(), true).Failure)
}

func TestWhatMayNotLogInAgainTellsWhatKeptItOut(t *testing.T) {
	server := &changeable{full: true}
	client := NewClient(server)
	refused := client.Check(t.Context(), true)
	server.full = false
	require.Equal(t, refused, client.Check(t.Context(), false))
	require.Zero(t, server.opened)
}
