package labelled

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// Log is a log of which nearly no line reports a failure.
type Log struct {
	// Name is that of the file, without .gz.
	Name  string
	Lines []string
}

// ReadBenign reads the compressed logs of a directory, by name.
func ReadBenign(directory string) ([]Log, error) {
	files, err := filepath.Glob(filepath.Join(directory, "*.log.gz"))
	if err != nil {
		return nil, err
	}
	logs := make([]Log, 0, len(files))
	for _, file := range files {
		content, err := decompress(file)
		if err != nil {
			return nil, fmt.Errorf("benign log: %w", err)
		}
		log := Log{Name: strings.TrimSuffix(filepath.Base(file), ".gz")}
		for line := range bytes.Lines(content) {
			log.Lines = append(log.Lines, strings.TrimRight(string(line), "\r\n"))
		}
		logs = append(logs, log)
	}
	return logs, nil
}

func decompress(file string) ([]byte, error) {
	compressed, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	reader, err := gzip.NewReader(bytes.NewReader(compressed))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	content, err := io.ReadAll(reader)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return content, reader.Close()
}
