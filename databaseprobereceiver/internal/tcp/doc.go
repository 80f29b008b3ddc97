// Package tcp checks whether an endpoint takes connections.
package tcp
