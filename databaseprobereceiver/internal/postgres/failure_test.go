package postgres

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"

	"github.com/failuredetector/failuredetector/databaseprobereceiver/internal/check"
)

func TestWhatServersAndPoolersSay(t *testing.T) {
	for name, tc := range map[string]struct {
		err    error
		class  check.Class
		text   string
		denied bool
	}{
		"a wrong password":            {&pgconn.PgError{Code: "28P01", Message: `password authentication failed for user "probe"`}, check.Unreachable, "the password is wrong", true},
		"a server that shuts down":    {&pgconn.PgError{Code: "57P01", Message: "terminating connection due to administrator command"}, check.Unreachable, "the server is shutting down", false},
		"a server that starts":        {&pgconn.PgError{Code: "57P03", Message: "the database system is starting up"}, check.Unreachable, "the server is starting up or shutting down", false},
		"a statement that took long":  {&pgconn.PgError{Code: "57014", Message: "canceling statement due to statement timeout"}, check.Timeout, "the statement was cancelled after its time-out", false},
		"too many clients":            {&pgconn.PgError{Code: "53300", Message: "sorry, too many clients already"}, check.Exhausted, "there are no connections left", false},
		"too many of the probe":       {&pgconn.PgError{Code: "53300", Message: `too many connections for role "probe"`}, check.Unreachable, "the user of the probe has as many connections as it may", true},
		"PgBouncer that is full":      {&pgconn.PgError{Code: "08P01", Message: "no more connections allowed (max_client_conn)"}, check.Exhausted, "the pooler takes no further clients", false},
		"PgBouncer that waits":        {&pgconn.PgError{Code: "08P01", Message: "query_wait_timeout"}, check.Exhausted, "the pooler had no server connection to give in time", false},
		"Supavisor that is full":      {&pgconn.PgError{Code: "XX000", Message: "Max client connections reached"}, check.Exhausted, "the pooler takes no further clients", false},
		"Supavisor in session mode":   {&pgconn.PgError{Code: "XX000", Message: "MaxClientsInSessionMode: max clients reached - in Session mode max clients are limited to pool_size"}, check.Exhausted, "the pooler takes no further clients", false},
		"Supavisor without a tenant":  {&pgconn.PgError{Code: "XX000", Message: "Tenant or user not found"}, check.Unreachable, "the pooler knows no such tenant or user", true},
		"an error that nobody knows":  {&pgconn.PgError{Code: "XX000", Message: "secret internals"}, check.Unreachable, "the server gave an error", false},
		"a code that is none":         {&pgconn.PgError{Code: "secret", Message: "secret"}, check.Unreachable, "the server gave an error", false},
		"an error that is wrapped":    {fmt.Errorf("connect: %w", &pgconn.PgError{Code: "3D000"}), check.Unreachable, "there is no such database", true},
		"no answer":                   {fmt.Errorf("read: %w", context.DeadlineExceeded), check.Timeout, "no answer in time", false},
		"what the driver cannot read": {errors.New("secret@host: unexpected message"), check.Unreachable, "the connection was closed", false},
	} {
		t.Run(name, func(t *testing.T) {
			f := new(Server).Failure(tc.err, check.Auth)
			require.Equal(t, tc.class, f.Class)
			require.Equal(t, tc.text, f.Text)
			require.Equal(t, tc.denied, f.Denied)
			require.NotEmpty(t, f.Code)
			require.NotContains(t, f.Text+f.Code, "secret")
		})
	}
}

func TestRowsThatAreNotWhatWasAskedFor(t *testing.T) {
	for name, row := range map[string][][]byte{"a field that is missing": {}, "a field that is null": {nil}, "a field of letters": {[]byte("x")}} {
		t.Run(name, func(t *testing.T) {
			r := record{row: row}
			require.Zero(t, r.whole(0))
			require.Error(t, r.err)
		})
	}
}
