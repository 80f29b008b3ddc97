//go:build race

package detect

// oracleStride is wider here, where each text takes ten times as long: that the
// results are the same, the tests without the race detector show.
const oracleStride = 53 * 7
