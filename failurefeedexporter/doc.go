//go:generate go tool -modfile=../tools.mod mdatagen metadata.yaml

// Package failurefeedexporter shows failures to people and programs: it keeps what failure events say and
// serves it over HTTP, as answers, as a live stream and as a page. It decides nothing about failures.
package failurefeedexporter
