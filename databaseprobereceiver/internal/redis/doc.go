// Package redis knows Redis and Valkey servers. It speaks their protocol itself, since drivers hide what a
// server says to those that it does not let in.
package redis
