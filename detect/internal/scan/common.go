package scan

import _ "embed"

// commonWindows are the windows that healthy logs have most often, the most
// frequent first, each of four bytes: those without digits of the public system
// logs in testdata/benign, counted so that each log weighs the same.
//
//go:embed common.txt
var commonWindows string
