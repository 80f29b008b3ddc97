// Package rules is the catalogue of failure rules as data: the format of a
// pack, the packs that ship with the project, and everything that happens to
// rules before they meet telemetry: loading, validating, overriding, selecting.
//
// Package detect compiles a Set and runs it.
package rules
