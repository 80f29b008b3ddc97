package logfile

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
)

const (
	// maxObject is the longest line in a form of objects, in bytes: a request with
	// many thousand records.
	maxObject = 64 << 20
	// maxHead is how much is read to find the form, in bytes.
	maxHead = 64 << 10
)

// Reader reads the records of a file.
type Reader struct {
	name    string
	file    io.Reader
	closer  io.Closer
	stored  *counter
	form    Form
	lines   *lines
	joiner  joiner
	started bool
	// held says that the current line is not taken yet.
	held     bool
	decision decision
	done     bool
	// size is that of the file as it is stored, or 0.
	size int64
}

// counter counts what is read from a stream.
type counter struct {
	io.Reader

	count int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.count += int64(n)
	return n, err
}

// Open opens a file of a form. Close it.
func Open(path string, form Form) (*Reader, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	info, err := file.Stat()
	if err == nil && info.IsDir() {
		err = fmt.Errorf("%s: is a directory, name the files in it", path)
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	r := NewReader(path, file, form)
	r.closer = file
	if info.Mode().IsRegular() {
		r.size = info.Size()
	}
	return r, nil
}

// NewReader reads a stream, which has a name for messages.
func NewReader(name string, stream io.Reader, form Form) *Reader {
	return &Reader{name: name, stored: &counter{Reader: stream}, form: form}
}

// Close closes the file.
func (r *Reader) Close() error {
	if r.closer == nil {
		return nil
	}
	return r.closer.Close()
}

// Size is how many bytes the file has as it is stored, or 0 where that is not known.
func (r *Reader) Size() int64 { return r.size }

// Read counts the bytes that were read, decompressed.
func (r *Reader) Read() int64 {
	if r.lines == nil {
		return 0
	}
	return r.lines.read
}

// Lost tells what of the file is not in the records, or not as it was.
func (r *Reader) Lost() []string {
	var lost []string
	switch n := r.lines.shortened; {
	case n == 1:
		lost = append(lost, fmt.Sprintf("1 line is longer than %d KiB: the middle was left out", r.lines.limit>>10))
	case n > 1:
		lost = append(lost, fmt.Sprintf("%d lines are longer than %d KiB: the middle was left out", n, r.lines.limit>>10))
	}
	switch n := r.joiner.cut; {
	case n == 1:
		lost = append(lost, fmt.Sprintf("1 record is longer than %d lines or %d KiB: the rest was read as further records", maxLines, maxBytes>>10))
	case n > 1:
		lost = append(lost, fmt.Sprintf("%d records are longer than %d lines or %d KiB: the rest was read as further records", n, maxLines, maxBytes>>10))
	}
	return lost
}

// Next fills a batch with the next records. After the last one the error is
// io.EOF; another one tells why reading ended, and the batch still counts.
func (r *Reader) Next(b *Batch) error {
	b.reset()
	if !r.started {
		if err := r.start(); err != nil {
			return err
		}
	}
	b.File, b.Form = r.name, r.form
	if r.done {
		return io.EOF
	}
	r.joiner.batch = b
	if r.form == Text {
		r.joinLines()
	} else {
		r.joinObjects()
	}
	b.finish()
	b.Read = r.stored.count
	if err := r.lines.failure(); r.done && err != nil {
		if errors.Is(err, io.ErrUnexpectedEOF) {
			return fmt.Errorf("%s: the compressed file breaks off: what came before was read", r.name)
		}
		return fmt.Errorf("%s: reading ended early: %w", r.name, err)
	}
	return nil
}

// start looks at the beginning of the stream.
func (r *Reader) start() error {
	r.started = true
	r.lines = newLines(r.stored, maxBytes)
	buffered := bufio.NewReaderSize(r.stored, blockSize)
	r.file = buffered
	if magic, _ := buffered.Peek(2); bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		unzipped, err := gzip.NewReader(buffered)
		if err != nil {
			r.done = true
			return fmt.Errorf("%s: reading ended early: %w", r.name, err)
		}
		r.file = unzipped
	}
	head, err := readHead(r.file)
	head = bytes.TrimPrefix(head, []byte("\xef\xbb\xbf"))
	if r.form == Auto {
		r.form = formOf(r.name, firstLine(head))
	}
	limit := maxBytes
	if r.form != Text {
		limit = maxObject
	}
	r.lines = newLines(io.MultiReader(bytes.NewReader(head), &rest{r.file, err}), limit)
	return nil
}

// rest gives what follows the head of a stream, or the error that ended that.
type rest struct {
	io.Reader

	err error
}

func (r *rest) Read(p []byte) (int, error) {
	if r.err != nil {
		return 0, r.err
	}
	return r.Reader.Read(p)
}

// readHead reads up to the end of the first line that is not blank.
func readHead(stream io.Reader) ([]byte, error) {
	head := make([]byte, 0, maxHead)
	for len(head) < maxHead {
		n, err := stream.Read(head[len(head):maxHead])
		head = head[:len(head)+n]
		if err != nil {
			return head, err
		}
		if bytes.IndexByte(bytes.TrimLeft(head, "\ufeff \t\r\n"), '\n') >= 0 {
			break
		}
	}
	return head, nil
}

// firstLine gives the first line that is not blank. Where that is a bracket of
// an object over several lines, the second is taken with it.
func firstLine(head []byte) []byte {
	head = bytes.TrimLeft(head, " \t\r\n")
	line, rest, _ := bytes.Cut(head, []byte("\n"))
	if len(bytes.TrimSpace(line)) == 1 {
		second, _, _ := bytes.Cut(rest, []byte("\n"))
		return append(bytes.Clone(line), second...)
	}
	return line
}

// decision is what becomes of a line.
type decision struct {
	// begins says that a record begins with the line, and isCut that the open
	// record is full.
	begins, isCut bool
	// text is what the line adds to the record, and next what the next line has.
	text, next []byte
	wrapping
}

// joinLines fills the batch with records of lines.
func (r *Reader) joinLines() {
	j := &r.joiner
	for r.held || r.lines.advance() {
		if !r.held {
			r.decision = j.decide(r.lines)
			if (r.decision.begins || r.decision.isCut) && len(j.batch.text) >= batchSize {
				r.held = true
				return
			}
		}
		r.held = false
		j.add(r.lines.number, &r.decision)
	}
	r.done = true
}

// decide says what becomes of the current line.
func (j *joiner) decide(l *lines) decision {
	j.isSeen = false
	w, line := unwrap(l.line())
	d := decision{begins: true, text: line, next: l.next(), wrapping: w}
	if w.stream != "" {
		_, d.next = unwrap(d.next)
	}
	switch {
	case !j.open || w.stream != j.stream:
	case j.partial:
		d.begins = false
	default:
		d.begins, d.text = j.begins(line, d.next)
	}
	if d.partial {
		d.text = bytes.TrimSuffix(d.text, []byte("\n"))
	}
	d.isCut = !d.begins && j.full(d.text)
	return d
}

// add takes a line into the record that is open, or begins one with it.
func (j *joiner) add(number int, d *decision) {
	switch {
	case d.begins && isBlank(d.text):
		return
	case d.begins:
		j.start(number, d)
	case d.isCut:
		j.cut++
		j.next(number, d.time)
		j.take(d.text)
		j.first = len(j.batch.text)
	case j.partial:
		j.put(d.text)
	default:
		j.take(d.text)
	}
	j.partial = d.partial
}

// joinObjects fills the batch with one record for each object.
func (r *Reader) joinObjects() {
	j, b := &r.joiner, r.joiner.batch
	for r.held || r.lines.advance() {
		r.held = false
		line := r.lines.line()
		if isBlank(line) {
			continue
		}
		// An object over several lines ends with a bracket that is not indented. One that breaks off ends
		// where the next one begins.
		begins := !j.open || bytes.HasPrefix(line, []byte(`{"`))
		if begins && len(b.text) >= batchSize {
			r.held = true
			return
		}
		if begins {
			j.next(r.lines.number, nil)
		}
		j.put(line)
		if begins {
			j.open = bytes.IndexByte([]byte("{[,"), last(line)) >= 0
		} else {
			j.open = line[0] != '}' && line[0] != ']' && b.last().until-b.last().from < maxObject
		}
	}
	r.done = true
}
