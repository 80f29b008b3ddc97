// Command failurectl explains failures: it says what a message is, why, and
// what to do, finds failures in log files, replays recorded telemetry, and lists
// and checks the rules that say so.
package main

import "os"

// version is set by the linker; a build without it tells the module's version.
var version string

func main() { os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }
