//go:build linux

// Package held reads files of the kernel again and again without opening them each time.
package held

import (
	"errors"

	"golang.org/x/sys/unix"
)

const (
	// enough holds most files of the kernel at once.
	enough = 16 << 10
	// tooMuch bounds what a file may say. The mounts of a host with thousands of containers stay below it.
	tooMuch = 4 << 20
)

// Buffer is what files are read into, one after the other.
type Buffer struct{ bytes []byte }

// File is a file that is opened when it is first read. It holds no place until then.
type File struct {
	// Path is where it is.
	Path string
	// Paged tells that the kernel may hand out less than there is, as it does with tables that it writes line
	// by line. Any other file is at its end where it gives less than there is room for.
	Paged bool
	// fd is one more than the descriptor, so that the zero File is closed.
	fd int
	// missing is how many reads the file is taken for missing without looking.
	missing int
}

// patience is how many reads pass before a missing file is looked for again: what a kernel has not at one
// scan it rarely has at the next, and looking costs more than reading.
const patience = 20

// Read returns what the file says now. The text is overwritten by the next read into the buffer. The
// error is an errno, which costs nothing to make; the file is opened anew at the next read.
func (f *File) Read(into *Buffer) ([]byte, error) {
	if f.fd == 0 {
		if err := f.open(); err != nil {
			return nil, err
		}
	}
	text, err := f.read(into)
	if err != nil {
		f.Close()
		return nil, err
	}
	return text, nil
}

func (f *File) open() error {
	if f.missing > 0 {
		f.missing--
		return unix.ENOENT
	}
	fd, err := retry(func() (int, error) { return unix.Open(f.Path, unix.O_RDONLY|unix.O_CLOEXEC|unix.O_NONBLOCK, 0) })
	if errors.Is(err, unix.ENOENT) {
		f.missing = patience
	}
	if err != nil {
		return err
	}
	f.fd = fd + 1
	return nil
}

// read reads until there is no more.
func (f *File) read(into *Buffer) ([]byte, error) {
	if into.bytes == nil {
		into.bytes = make([]byte, enough)
	}
	length := 0
	for {
		n, err := retry(func() (int, error) { return unix.Pread(f.fd-1, into.bytes[length:], int64(length)) })
		if err != nil {
			return nil, err
		}
		length += n
		full := length == len(into.bytes)
		if n <= 0 || !f.Paged && !full || length >= tooMuch {
			return into.bytes[:length], nil
		}
		if full {
			into.bytes = append(into.bytes, make([]byte, length)...)
		}
	}
}

// Close lets go of the file. It may be read again.
func (f *File) Close() {
	if f.fd != 0 {
		// Nothing was written, so there is nothing that closing could lose.
		_ = unix.Close(f.fd - 1)
		f.fd = 0
	}
}

// retry repeats a call that a signal interrupted, as the runtime of Go sends them.
func retry(call func() (int, error)) (int, error) {
	for {
		n, err := call()
		if !errors.Is(err, unix.EINTR) {
			return n, err
		}
	}
}
