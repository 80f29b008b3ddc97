//go:build linux && hosttest

package host

import (
	"encoding/binary"
	"os"
	"runtime"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// What of the FUSE protocol is spoken here: the kernel's include/uapi/linux/fuse.h.
const (
	fuseForget      = 2
	fuseStatfs      = 17
	fuseInit        = 26
	fuseInterrupt   = 36
	fuseBatchForget = 42

	fuseMajor, fuseMinor = 7, 31

	fuseInHeader, fuseOutHeader, fuseInitOut, fuseStatfsOut = 40, 16, 64, 80
)

// hanging is a filesystem that does not say how full it is until it may.
type hanging struct {
	device int
	asked  chan uint64
	// hangs tells that questions are kept, not answered.
	hangs atomic.Bool
	ended chan struct{}
}

// hang mounts a filesystem that hangs.
func hang(t *testing.T) (*hanging, string) {
	t.Helper()
	device, err := unix.Open("/dev/fuse", unix.O_RDWR|unix.O_CLOEXEC, 0)
	require.NoError(t, err, "make test-host runs this as root, and the kernel needs FUSE")
	point := t.TempDir()
	options := "fd=" + strconv.Itoa(device) + ",rootmode=40000,user_id=0,group_id=0"
	require.NoError(t, unix.Mount("hanging", point, "fuse", 0, options))
	h := &hanging{device: device, asked: make(chan uint64, 64), ended: make(chan struct{})}
	h.hangs.Store(true)
	go h.serve()
	t.Cleanup(func() {
		require.NoError(t, unix.Unmount(point, unix.MNT_FORCE|unix.MNT_DETACH))
		<-h.ended
		require.NoError(t, unix.Close(device))
	})
	return h, point
}

// serve ends when the filesystem is unmounted.
func (h *hanging) serve() {
	defer close(h.ended)
	request := make([]byte, 1<<20)
	for {
		n, err := unix.Read(h.device, request)
		if err == unix.EINTR || err == unix.ENOENT || err == unix.EAGAIN {
			continue
		}
		if err != nil || n < fuseInHeader {
			return
		}
		opcode, unique := binary.LittleEndian.Uint32(request[4:]), binary.LittleEndian.Uint64(request[8:])
		switch opcode {
		case fuseInit:
			body := make([]byte, fuseInitOut)
			binary.LittleEndian.PutUint32(body, fuseMajor)
			binary.LittleEndian.PutUint32(body[4:], fuseMinor)
			h.reply(unique, 0, body)
		case fuseStatfs:
			if h.hangs.Load() {
				h.asked <- unique
			} else {
				h.statfs(unique)
			}
		case fuseForget, fuseBatchForget, fuseInterrupt:
		default:
			h.reply(unique, unix.ENOSYS, nil)
		}
	}
}

// statfs says: 1000 blocks of 4 KiB, 250 of them free, and as many inodes.
func (h *hanging) statfs(unique uint64) {
	body := make([]byte, fuseStatfsOut)
	for i, n := range []uint64{1000, 250, 250, 1000, 250} {
		binary.LittleEndian.PutUint64(body[8*i:], n)
	}
	binary.LittleEndian.PutUint32(body[40:], 4096)
	binary.LittleEndian.PutUint32(body[44:], 255)
	binary.LittleEndian.PutUint32(body[48:], 4096)
	h.reply(unique, 0, body)
}

func (h *hanging) reply(unique uint64, errno unix.Errno, body []byte) {
	answer := make([]byte, fuseOutHeader, fuseOutHeader+len(body))
	binary.LittleEndian.PutUint32(answer, uint32(fuseOutHeader+len(body)))
	binary.LittleEndian.PutUint32(answer[4:], uint32(-int32(errno)))
	binary.LittleEndian.PutUint64(answer[8:], unique)
	_, _ = unix.Write(h.device, append(answer, body...))
}

// wake answers what was asked.
func (h *hanging) wake() {
	h.hangs.Store(false)
	for len(h.asked) > 0 {
		h.statfs(<-h.asked)
	}
}

func threads(t *testing.T) int {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/task")
	require.NoError(t, err)
	return len(entries)
}

func TestRealMountThatHangs(t *testing.T) {
	h, silent := hang(t)
	t.Cleanup(h.wake)
	healthy := mountPoint(t, "tmpfs", "tmpfs", 0, "size=8m")
	r := readerOf(t, silent, healthy)

	begin := time.Now()
	s := scan(t, r, 0)
	require.InDelta(t, patience.Seconds(), time.Since(begin).Seconds(), 0.5, "the first scan waits, but not longer")
	require.Len(t, s.Filesystems, 2)
	require.True(t, s.Filesystems[0].NotAnswering)
	require.False(t, s.Filesystems[0].Space.Known())
	require.True(t, s.Filesystems[1].Space.Known(), "another is not affected")
	require.True(t, s.CPU.Times.Known())
	require.Len(t, s.Problems, 1)
	require.Equal(t, silent, s.Problems[0].Source)

	goroutines, osThreads := runtime.NumGoroutine(), threads(t)
	begin = time.Now()
	for range 1000 {
		r.Read(t.Context(), &s, 0)
		require.True(t, s.Filesystems[0].NotAnswering)
		require.Empty(t, s.Problems, "it was told once")
	}
	require.Less(t, time.Since(begin), 5*time.Second, "and is not waited for again")
	require.LessOrEqual(t, runtime.NumGoroutine(), goroutines)
	require.LessOrEqual(t, threads(t), osThreads+2, "the runtime may start one or two of its own")
	require.Len(t, h.asked, 1, "it was asked once")

	h.wake()
	require.Eventually(t, func() bool {
		r.Read(t.Context(), &s, 0)
		return !s.Filesystems[0].NotAnswering
	}, 10*time.Second, 10*time.Millisecond)
	space, known := s.Filesystems[0].Space.Get()
	require.True(t, known)
	used, _ := space.Utilisation()
	require.InDelta(t, 0.75, used, 1e-9)
}
