// Package postgres knows PostgreSQL servers, and what speaks their protocol before them: PgBouncer, Supavisor.
//
// It reads in a read-only transaction with a time-out of the server's own, by the simple protocol, which
// poolers pass on.
package postgres
