//go:build !race

package detect

// oracleStride picks texts for the comparison with the plain loop, which takes
// some ten milliseconds each. That no example loses its own rule to the
// prefilter, TestShippedExamples shows for all of them; FuzzMatch goes on from there.
const oracleStride = 53
