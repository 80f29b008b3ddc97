// Package postgres checks PostgreSQL servers, and what speaks its protocol before them: PgBouncer, Supavisor.
//
// It keeps one connection, over which a server that takes no further ones still tells how full it is, and
// opens another every tenth check to see whether it does. It reads in a read-only transaction with a time-out
// of the server's own, by the simple protocol, which poolers pass on.
package postgres
