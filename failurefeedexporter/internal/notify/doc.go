// Package notify tells others what fails: Alertmanager, which is told again and again what goes on, and
// webhooks, which are told of each event. Each destination has a queue of its own, so that one that does not
// answer delays nothing.
package notify
