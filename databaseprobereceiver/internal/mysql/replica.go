package mysql

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"

	"github.com/failuredetector/failuredetector/databaseprobereceiver/internal/check"
)

// channel is a source that a replica follows, by the names of columns, which differ from version to version.
type channel map[string]string

// first gives the first of some columns that there is.
func (c channel) first(names ...string) string {
	for _, name := range names {
		if value, found := c[name]; found {
			return value
		}
	}
	return ""
}

// replica reads how a replica follows its sources. What is no replica has none.
func (s *session) replica(ctx context.Context, f *check.Figures) error {
	rows, err := s.conn.QueryContext(ctx, "SHOW REPLICA STATUS")
	switch {
	case forbidden(err):
		f.Missing = append(f.Missing, grantReplication)
		return nil
	case hasNumber(err, syntaxError): // An old server.
		return nil
	case err != nil:
		return err
	}
	defer rows.Close() //nolint:errcheck // Rows.Err tells.
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	fields, into := make([]sql.RawBytes, len(columns)), make([]any, len(columns))
	for i := range fields {
		into[i] = &fields[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
		c := channel{}
		for i, name := range columns {
			c[name] = string(fields[i])
		}
		c.add(f)
	}
	return rows.Err()
}

// add takes a source: the lag is that of the one that is furthest ahead, and the state that of the worst. Where one is
// not followed at present the server does not know the lag. Members of a group have channels of their own, which
// rest while all is well.
func (c channel) add(f *check.Figures) {
	if strings.HasPrefix(c["Channel_Name"], "group_replication_") {
		return
	}
	behind := c.first("Seconds_Behind_Source", "Seconds_Behind_Master")
	if n, err := strconv.ParseInt(behind, 10, 64); err == nil && (f.Lag == nil || seconds(n) > *f.Lag) {
		f.Lag = new(seconds(n))
	}
	if state := c.state(); f.Replica == nil || state.State > f.Replica.State {
		f.Replica = state
	}
}

// state tells whether the two threads of a replica run: the one that fetches, and the one that applies. Of an error
// it has the number alone, since the text holds statements.
func (c channel) state() *check.Replica {
	fetches := c.first("Replica_IO_Running", "Slave_IO_Running")
	applies := c.first("Replica_SQL_Running", "Slave_SQL_Running")
	failed := func(what, column string) *check.Replica {
		if number, err := strconv.Atoi(c[column]); err == nil && number != 0 {
			return &check.Replica{State: check.Broken, Text: fmt.Sprintf("an error has stopped it from %s (%d)", what, number)}
		}
		return &check.Replica{State: check.Parted, Text: "it was told to stop " + what}
	}
	switch {
	case applies == "No":
		return failed("applying", "Last_SQL_Errno")
	case fetches == "No":
		return failed("fetching", "Last_IO_Errno")
	case fetches != "" && fetches != "Yes": // It is connecting, or preparing to.
		return &check.Replica{State: check.Parted, Text: "it has no connection to its source"}
	default:
		return new(check.Replica)
	}
}
