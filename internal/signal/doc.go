// Package signal has the arithmetic of measured series: whether a trend reaches a limit, and when.
// It keeps no state, reads no clock and knows nothing of telemetry.
package signal
