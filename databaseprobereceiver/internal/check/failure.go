package check

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"os"
	"syscall"
)

// Class is what kind of failure it is.
type Class uint8

// The classes.
const (
	// Unreachable is a server that does not let anybody in: it is down, its certificate is wrong, or who
	// asks is not known.
	Unreachable Class = iota
	// Timeout is one that does not answer in time.
	Timeout
	// Exhausted is one that has no connection left.
	Exhausted
)

// Failure is what stopped a check.
type Failure struct {
	Class Class
	Stage Stage
	// Code is the code that the server gave, or a short name of ours.
	Code string
	// Text says it to a person, in our own words: those of servers and drivers hold names and secrets.
	Text string
	// Denied says that trying again soon may lock the account.
	Denied bool
}

// codeClosed is the code of a connection that the server closed without a word.
const codeClosed = "closed"

// Network tells what stopped a check below the protocol of the server, from an error and the stage.
func Network(err error, stage Stage) *Failure {
	f := &Failure{Class: Unreachable, Stage: stage, Code: codeClosed, Text: "the connection was closed"}
	var dns *net.DNSError
	switch {
	case timedOut(err):
		f.Class, f.Code, f.Text = Timeout, "timeout", "no answer in time"
	case errors.As(err, &dns):
		f.Code, f.Text = "name", "the name is not known"
	case errors.Is(err, syscall.ECONNREFUSED):
		f.Code, f.Text = "refused", "the connection was refused"
	case errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		f.Code, f.Text = "route", "there is no route"
	case stage == TLS && !cutOff(err):
		f.Code, f.Text = certificate(err)
	}
	return f
}

func timedOut(err error) bool {
	var network net.Error
	return errors.Is(err, context.DeadlineExceeded) || errors.Is(err, os.ErrDeadlineExceeded) ||
		errors.As(err, &network) && network.Timeout()
}

// cutOff says whether the other side closed the connection without a word.
func cutOff(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, syscall.ECONNRESET)
}

// certificate tells why a TLS handshake failed.
func certificate(err error) (code, text string) {
	var (
		authority x509.UnknownAuthorityError
		name      x509.HostnameError
		invalid   x509.CertificateInvalidError
		record    tls.RecordHeaderError
	)
	switch {
	case errors.As(err, &authority):
		return "certificate", "the certificate is signed by an authority that is not trusted"
	case errors.As(err, &name):
		return "certificate", "the certificate is for another name"
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return "certificate", "the certificate is not valid at this time"
	case errors.As(err, &invalid):
		return "certificate", "the certificate is not valid"
	case errors.As(err, &record):
		return "tls", "the server does not speak TLS"
	default:
		return "tls", "there was no TLS connection"
	}
}
