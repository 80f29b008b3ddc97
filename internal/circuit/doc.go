// Package circuit says from outside what a circuit breaker between two services would do: whether calls
// are good, fail, or are good again. It is arithmetic on calls and times, without a clock of its own.
package circuit
