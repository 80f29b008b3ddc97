package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/failuredetector/failuredetector/databaseprobereceiver/internal/check"
)

// AdminDatabase is the database of PgBouncer that is its admin console.
const AdminDatabase = "pgbouncer"

// NewPooler makes a server that is the admin console of PgBouncer.
func NewPooler(o *Options) (*Server, error) {
	s, err := New(o)
	if err != nil {
		return nil, err
	}
	s.pooler = true
	return s, nil
}

// console is a session on the admin console, which answers to SHOW alone.
type console struct{ session }

// Read asks how many clients there are, and who waits for a connection of the server behind.
func (c *console) Read(ctx context.Context) (*check.Figures, error) {
	config, err := c.show(ctx, "SHOW CONFIG")
	if err != nil {
		return nil, err
	}
	pools, err := c.show(ctx, "SHOW POOLS")
	if err != nil {
		return nil, err
	}
	f := &check.Figures{Queue: new(check.Queue)}
	for i := range config.Rows {
		if config.text(i, "key") == "max_client_conn" {
			f.Usable = config.whole(i, "value")
		}
	}
	for i := range pools.Rows {
		waiting := pools.whole(i, "cl_waiting")
		f.Connections += pools.whole(i, "cl_active") + waiting
		f.Queue.Waiting += waiting
		longest := time.Duration(pools.whole(i, "maxwait"))*time.Second + time.Duration(pools.whole(i, "maxwait_us"))*time.Microsecond
		f.Queue.Longest = max(f.Queue.Longest, longest)
	}
	return f, nil
}

// table is an answer with named columns, since they differ from version to version.
type table struct{ *pgconn.Result }

func (c *console) show(ctx context.Context, what string) (table, error) {
	results, err := c.conn.Exec(ctx, what).ReadAll()
	if err != nil {
		return table{}, err
	}
	if len(results) != 1 {
		return table{}, fmt.Errorf("%q gave %d answers", what, len(results))
	}
	return table{results[0]}, results[0].Err
}

func (t table) text(row int, column string) string {
	for i := range t.FieldDescriptions {
		if t.FieldDescriptions[i].Name == column && i < len(t.Rows[row]) {
			return string(t.Rows[row][i])
		}
	}
	return ""
}

// whole reads a number; a column that this version does not have is 0.
func (t table) whole(row int, column string) int64 {
	r := record{row: [][]byte{[]byte(t.text(row, column))}}
	return r.whole(0)
}
