// Package sample has what is measured on: lines, traces and records. It is the
// same in every run.
package sample

import (
	"errors"
	"math/rand/v2"
	"path/filepath"
	"strconv"

	"github.com/failuredetector/failuredetector/detect"
	"github.com/failuredetector/failuredetector/internal/labelled"
)

// seed makes a run repeatable; its value means nothing.
const seed = 20261126

func shuffled[T any](list []T) []T {
	source := rand.New(rand.NewPCG(seed, seed))
	source.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	return list
}

// Quiet gives the lines of the benign logs in which a detector finds nothing, in a random order.
func Quiet(testdata string, nothing *detect.Detector) ([]string, error) {
	logs, err := labelled.ReadBenign(filepath.Join(testdata, "benign"))
	if err != nil {
		return nil, err
	}
	var lines []string
	for _, log := range logs {
		for _, line := range log.Lines {
			if line != "" && len(nothing.Text(line).Detections) == 0 {
				lines = append(lines, line)
			}
		}
	}
	if len(lines) == 0 {
		return nil, errors.New("benign logs: there is no line that matches nothing")
	}
	return shuffled(lines), nil
}

// Labelled gives the texts of the labelled messages, in a random order.
func Labelled(testdata string) ([]string, error) {
	files, err := filepath.Glob(filepath.Join(testdata, "labelled", "*.jsonl"))
	if err != nil {
		return nil, err
	}
	messages, err := labelled.ReadFiles(files...)
	if err != nil {
		return nil, err
	}
	texts := make([]string, 0, len(messages))
	for i := range messages {
		texts = append(texts, messages[i].Text)
	}
	return shuffled(texts), nil
}

// Failing gives those of the texts that are as short as a log line and are a failure.
func Failing(texts []string, d *detect.Detector) []string {
	// Most lines of the benign logs are shorter.
	const longest = 256
	var list []string
	for _, text := range texts {
		if len(text) <= longest && len(d.Text(text).Detections) > 0 {
			list = append(list, text)
		}
	}
	return list
}

// Numbered gives so many texts, each of them another one: the given ones in turn, each with a
// number of six digits.
func Numbered(texts []string, number int) []string {
	const first = 100_000
	return fresh(texts, number, func(n int) string { return strconv.Itoa(first + n) })
}

// Worded gives so many texts, each of them another one: the given ones in turn, each with a word of letters.
func Worded(texts []string, number int) []string {
	return fresh(texts, number, func(n int) string {
		var word []byte
		for n += len(letters); n > 0; n /= len(letters) {
			word = append(word, letters[n%len(letters)])
		}
		return string(word)
	})
}

const letters = "abcdefghijklmnopqrstuvwxyz"

func fresh(texts []string, number int, mark func(n int) string) []string {
	list := make([]string, number)
	for i := range list {
		list[i] = texts[i%len(texts)] + " (" + mark(i) + ")"
	}
	return list
}

// Mixed puts a failing text in place of one line out of every so many.
func Mixed(lines, failing []string, every int) []string {
	mixed := make([]string, len(lines))
	for i, line := range lines {
		mixed[i] = line
		if i%every == every-1 {
			mixed[i] = failing[i/every%len(failing)]
		}
	}
	return mixed
}

// Bytes is the mean length of texts.
func Bytes(texts []string) int {
	sum := 0
	for _, text := range texts {
		sum += len(text)
	}
	return sum / max(len(texts), 1)
}
