// Package stacktrace reads what identifies an exception out of its printed
// trace: types, and where in the application it happened.
//
// Each runtime has a file, which knows how that runtime prints an exception,
// its causes and its frames, which frames are not the application's own, and
// what in the name of a frame changes from build to build or run to run.
package stacktrace
