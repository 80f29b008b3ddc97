// Package logfile reads log files into records: it finds what form a file has,
// joins the lines of one record, and keeps memory bounded whatever the file holds.
package logfile
