// Package signal has the arithmetic of measured series: whether a value is bad for long enough to say so
// ([Machine]), whether it rises for certain and how fast ([Rising]), and when something will be full
// ([Forecaster], [Outlook]).
//
// It reads no clock and knows nothing of telemetry. Time is a parameter: what has passed on a monotonic
// clock since any moment that the caller chose. Nothing here is safe for concurrent use.
//
// Per measured thing a caller keeps a [Machine] and, where the thing can fill up, a [History] and an
// [Outlook]; one [Forecaster] serves all of them:
//
//	change := machine.Observe(now, signal.Of(value)) // or machine.Unknown(now)
//	history.Add(now, value)
//	forecast, found := forecaster.Look(history)
//	changed := outlook.Look(value, forecast, found)
package signal
