// Package signal has the arithmetic of measured series: whether one rises, and how fast for certain.
// It keeps no state, reads no clock and knows nothing of telemetry.
package signal
