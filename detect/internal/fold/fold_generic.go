//go:build !amd64

package fold

func foldInto(out []byte, s string) int { return foldWords(out, s, 0, 0) }
