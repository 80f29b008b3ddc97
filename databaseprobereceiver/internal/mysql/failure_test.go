package mysql

import (
	"context"
	"testing"

	"github.com/go-sql-driver/mysql"
	"github.com/stretchr/testify/require"

	"github.com/failuredetector/failuredetector/databaseprobereceiver/internal/check"
)

func TestWhatServersSay(t *testing.T) {
	for name, tc := range map[string]struct {
		err   error
		class check.Class
		code  string
	}{
		"too many connections":       {&mysql.MySQLError{Number: 1040, Message: "Too many connections"}, check.Exhausted, "1040"},
		"too many of the probe":      {&mysql.MySQLError{Number: 1203}, check.Unreachable, "1203"},
		"a wrong password":           {&mysql.MySQLError{Number: 1045, Message: "secret"}, check.Unreachable, "1045"},
		"a lock":                     {&mysql.MySQLError{Number: 1205}, check.Timeout, "1205"},
		"an error that nobody knows": {&mysql.MySQLError{Number: 9999, Message: "secret"}, check.Unreachable, "9999"},
		"a connection that broke":    {mysql.ErrInvalidConn, check.Unreachable, "closed"},
		"no answer":                  {context.DeadlineExceeded, check.Timeout, "timeout"},
	} {
		t.Run(name, func(t *testing.T) {
			f := new(Server).Failure(tc.err, check.Query)
			require.Equal(t, tc.class, f.Class)
			require.Equal(t, tc.code, f.Code)
			require.NotContains(t, f.Text, "secret")
		})
	}
}
