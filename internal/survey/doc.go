// Package survey classifies the records of log files and sums up what they report.
package survey
