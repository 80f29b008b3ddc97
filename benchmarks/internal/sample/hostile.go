package sample

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// File is a file as the body of one record.
type File struct {
	Name, Text string
}

// Hostile gives the files under testdata/hostile, compressed ones unpacked. It
// is no error that there are none.
func Hostile(testdata string) ([]File, error) {
	root := filepath.Join(testdata, "hostile")
	var list []File
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if path == root && errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil || entry.IsDir() || strings.HasSuffix(path, ".md") {
			return err
		}
		content, err := os.ReadFile(path)
		if err == nil && strings.HasSuffix(path, ".gz") {
			content, err = unpacked(content)
		}
		if err != nil {
			return err
		}
		name, err := filepath.Rel(root, path)
		list = append(list, File{Name: filepath.ToSlash(name), Text: string(content)})
		return err
	})
	return list, err
}

func unpacked(content []byte) ([]byte, error) {
	reader, err := gzip.NewReader(bytes.NewReader(content))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(reader)
}
