package figure

import "time"

// Space is how full a filesystem is, By. Free less Available is kept for root.
type Space struct {
	Total, Used, Free, Available uint64
}

// Utilisation returns the part that is used of what programs may use, from 0 to 1, as df shows it.
func (s Space) Utilisation() (float64, bool) {
	if s.Used+s.Available == 0 {
		return 0, false
	}
	return float64(s.Used) / float64(s.Used+s.Available), true
}

// Inodes is how many files a filesystem holds and can hold, {inode}.
type Inodes struct {
	Total, Free uint64
}

// Utilisation returns the part of the inodes that is used, from 0 to 1.
func (i Inodes) Utilisation() (float64, bool) {
	if i.Total == 0 {
		return 0, false
	}
	return 1 - float64(min(i.Free, i.Total))/float64(i.Total), true
}

// Filesystem is one mounted filesystem.
type Filesystem struct {
	// Mountpoint is where it is mounted on the host, without the root path.
	Mountpoint string
	// Device is its source, Type its kind: /dev/sda1, ext4.
	Device, Type string
	// ReadOnly tells that it cannot be written to. Filesystems that were never seen writable are left out
	// unless they are asked for, so one that is here was, or was asked for.
	ReadOnly bool
	// Space and Inodes are unknown where this scan got no answer. Inodes are unknown too where the
	// filesystem has no fixed number of them.
	Space  Value[Space]
	Inodes Value[Inodes]
	// NotAnswering tells that a question of this scan or an earlier one is still unanswered.
	NotAnswering bool
	// Age is the time since its last answer, or since it was first asked; 0 if this scan got one.
	Age time.Duration
}
