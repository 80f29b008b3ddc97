package postgres

import (
	"errors"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/failuredetector/failuredetector/databaseprobereceiver/internal/check"
)

// codes are what the server's SQLSTATE means, in our words.
var codes = map[string]check.Failure{
	"28P01": {Text: "the password is wrong", Denied: true},
	"28000": {Text: "this user may not log in from here", Denied: true},
	"3D000": {Text: "there is no such database", Denied: true},
	"42501": {Text: "this user may not connect to the database", Denied: true},
	"57P01": {Text: "the server is shutting down"},
	"57P02": {Text: "the server crashed"},
	"57P03": {Text: "the server is starting up or shutting down"},
	"57014": {Class: check.Timeout, Text: "the statement was cancelled after its time-out"},
	"55P03": {Class: check.Timeout, Text: "a lock was not to be had in time"},
	"53300": {Class: check.Exhausted, Text: "there are no connections left"},
}

// sayings are what poolers say, which have no code of their own for it.
var sayings = []struct {
	saying string
	means  check.Failure
}{
	{"too many connections for role", check.Failure{Text: "the user of the probe has as many connections as it may", Denied: true}},
	{"password authentication failed", check.Failure{Text: "the password is wrong", Denied: true}},
	{"no more connections allowed", check.Failure{Class: check.Exhausted, Text: "the pooler takes no further clients"}},
	{"max client connections reached", check.Failure{Class: check.Exhausted, Text: "the pooler takes no further clients"}},
	{"max clients reached", check.Failure{Class: check.Exhausted, Text: "the pooler takes no further clients"}},
	{"query_wait_timeout", check.Failure{Class: check.Exhausted, Text: "the pooler had no server connection to give in time"}},
	{"(emaxc", check.Failure{Class: check.Exhausted, Text: "the pooler takes no further clients"}},
	{"(echeckout", check.Failure{Class: check.Exhausted, Text: "the pooler had no server connection to give in time"}},
	{"tenant or user not found", check.Failure{Text: "the pooler knows no such tenant or user", Denied: true}},
	{"(enotfound)", check.Failure{Text: "the pooler knows no such tenant or user", Denied: true}},
	{"(ewrongpassword)", check.Failure{Text: "the password is wrong", Denied: true}},
	{"(ecircuitbreaker)", check.Failure{Text: "the pooler has blocked the address after too many wrong passwords", Denied: true}},
	{"server_login_retry", check.Failure{Text: "the pooler has no connection to the server behind it"}},
	{"no such database", check.Failure{Text: "there is no such database", Denied: true}},
}

// Failure tells what an error means, in words that hold nothing of the server's or the driver's.
func (*Server) Failure(err error, stage check.Stage) *check.Failure {
	var server *pgconn.PgError
	if !errors.As(err, &server) {
		return check.Network(err, stage)
	}
	f := check.Failure{Text: "the server gave an error"}
	if known, found := codes[server.Code]; found {
		f = known
	}
	message := strings.ToLower(server.Message)
	for _, s := range sayings {
		if strings.Contains(message, s.saying) {
			f = s.means
			break
		}
	}
	f.Stage, f.Code = stage, sqlState(server.Code)
	return &f
}

// sqlState is the code of a server where it is one, since it may send anything.
func sqlState(code string) string {
	const length, unknown = 5, "unknown"
	if len(code) != length {
		return unknown
	}
	for _, c := range []byte(code) {
		if (c < '0' || c > '9') && (c < 'A' || c > 'Z') {
			return unknown
		}
	}
	return code
}
