//go:build !amd64

package scan

func (f *filter) scan(text []byte, masks []uint16) { f.scanPortable(text, masks) }
