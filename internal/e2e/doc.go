// Package e2e has the tests that run the built programs. They find them by the
// variables that the Makefile sets: run make test.
package e2e
