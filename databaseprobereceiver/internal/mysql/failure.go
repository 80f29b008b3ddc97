package mysql

import (
	"database/sql"
	"errors"
	"slices"
	"strconv"

	"github.com/go-sql-driver/mysql"

	"github.com/failuredetector/failuredetector/databaseprobereceiver/internal/check"
)

// numbers are what the error numbers of the server mean, in our words.
var numbers = map[uint16]check.Failure{
	1040: {Class: check.Exhausted, Text: "there are no connections left"},
	1203: {Text: "the user of the probe has as many connections as it may", Denied: true},
	1226: {Text: "the user of the probe has used up what it may", Denied: true},
	1044: {Text: "this user may not use the database", Denied: true},
	1045: {Text: "the user or the password is wrong", Denied: true},
	1049: {Text: "there is no such database", Denied: true},
	1129: {Text: "the server has blocked this host", Denied: true},
	1130: {Text: "this host may not connect", Denied: true},
	1053: {Text: "the server is shutting down"},
	1205: {Class: check.Timeout, Text: "a lock was not to be had in time"},
	1317: {Class: check.Timeout, Text: "the statement was cancelled"},
	3024: {Class: check.Timeout, Text: "the statement was cancelled after its time-out"},
	1969: {Class: check.Timeout, Text: "the statement was cancelled after its time-out"},
}

// Numbers of errors that are no failures.
const (
	syntaxError     = 1064
	noTable         = 1109
	commandDenied   = 1142
	noSuchTable     = 1146
	unknownVariable = 1193
	accessDenied    = 1227
)

// forbidden says whether a grant is missing.
func forbidden(err error) bool { return hasNumber(err, accessDenied, commandDenied) }

// absent says whether the server does not have what was asked for.
func absent(err error) bool {
	return errors.Is(err, sql.ErrNoRows) || hasNumber(err, noTable, noSuchTable)
}

func hasNumber(err error, numbers ...uint16) bool {
	var said *mysql.MySQLError
	return errors.As(err, &said) && slices.Contains(numbers, said.Number)
}

// Failure tells what an error means, in words that hold nothing of the server's or the driver's.
func (*Server) Failure(err error, stage check.Stage) *check.Failure {
	var said *mysql.MySQLError
	if !errors.As(err, &said) {
		return check.Network(err, stage)
	}
	f, known := numbers[said.Number]
	if !known {
		f.Text = "the server gave an error"
	}
	// A server that is full says so before there could be TLS.
	f.Stage, f.Code = max(stage, check.Auth), strconv.Itoa(int(said.Number))
	return &f
}
