package mounts

import (
	"context"
	"runtime"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

const patience = 2 * time.Second

// silence makes some filesystems not answer until it ends.
type silence struct {
	ends  chan struct{}
	calls atomic.Int64
}

func (s *silence) ask(silent func(path string) bool) func(path string) (Answer, error) {
	return func(path string) (Answer, error) {
		if silent(path) {
			s.calls.Add(1)
			<-s.ends
		}
		return room, nil
	}
}

func first(path string) bool { return path == "/disk0" }

func TestSilentFilesystemDelaysOneScanAndNoOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := silence{ends: make(chan struct{})}
		r := reader(t, "/", Filter{}, s.ask(first))
		r.Follow(disks(3))
		begin := time.Now()

		list, reported := scan(t, r)
		require.Equal(t, patience, time.Since(begin))
		require.Equal(t, []string{"/disk0: the filesystem does not answer"}, reported)
		require.True(t, list[0].NotAnswering)
		require.False(t, list[0].Space.Known())
		require.Equal(t, room.Space, list[1].Space)
		require.Equal(t, room.Space, list[2].Space)

		<-time.After(28 * time.Second)
		list, _ = scan(t, r)
		require.Equal(t, 30*time.Second, time.Since(begin), "it is not waited for again")
		require.True(t, list[0].NotAnswering)
		require.Equal(t, 30*time.Second, list[0].Age)
		require.EqualValues(t, 1, s.calls.Load(), "nor asked")

		close(s.ends)
		synctest.Wait()
		list, reported = scan(t, r)
		require.Empty(t, reported)
		require.False(t, list[0].NotAnswering)
		require.Equal(t, room.Space, list[0].Space)
		require.Zero(t, list[0].Age)
	})
}

func TestAgeIsTheTimeSinceTheLastAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := silence{ends: make(chan struct{})}
		var silent atomic.Bool
		r := reader(t, "/", Filter{}, s.ask(func(string) bool { return silent.Load() }))
		r.Follow(disks(1))
		<-time.After(time.Minute)
		scan(t, r)
		silent.Store(true)
		<-time.After(30 * time.Second)
		list, _ := scan(t, r)
		require.True(t, list[0].NotAnswering)
		require.Equal(t, 30*time.Second, list[0].Age)
		close(s.ends)
	})
}

func TestSilentFilesystemHoldsOneGoroutine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := silence{ends: make(chan struct{})}
		r := reader(t, "/", Filter{}, s.ask(first))
		r.Follow(disks(3))
		scan(t, r)
		before := runtime.NumGoroutine()
		for i := range 1000 {
			if i%100 == 0 {
				// A mount that comes or goes is no reason to ask again.
				r.Follow(disks(3 + i/100))
			}
			scan(t, r)
		}
		require.LessOrEqual(t, runtime.NumGoroutine(), before+atOnce)
		require.EqualValues(t, 1, s.calls.Load())
		close(s.ends)
	})
}

func TestManySilentFilesystemsHoldNoMoreThanAllWorkers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := silence{ends: make(chan struct{})}
		r := reader(t, "/", Filter{}, s.ask(func(string) bool { return true }))
		r.Follow(disks(3 * atOnce))
		begin := time.Now()
		for range 10 {
			list, reported := scan(t, r)
			require.Len(t, reported, 3*atOnce)
			silent := 0
			for _, fs := range list {
				require.False(t, fs.Space.Known())
				if fs.NotAnswering {
					silent++
				}
			}
			require.Equal(t, atOnce, silent)
			require.Contains(t, reported, list[0].Mountpoint+": not read: 16 other filesystems do not answer")
		}
		require.Equal(t, patience, time.Since(begin), "nobody is there who could ask, so nobody waits")
		require.EqualValues(t, atOnce, s.calls.Load())
		close(s.ends)
		synctest.Wait()
		_, reported := scan(t, r)
		require.Empty(t, reported)
	})
}

func TestLateAnswerDoesNotEndTheWaitForOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		late, slow := make(chan struct{}), make(chan struct{}, 1)
		r := reader(t, "/", Filter{}, func(path string) (Answer, error) {
			switch path {
			case "/disk0":
				<-late
			case "/disk1":
				<-slow
			}
			return room, nil
		})
		r.Follow(disks(2))
		slow <- struct{}{}
		scan(t, r)

		// In the second scan the first filesystem answers the question of the first one, then the second its own.
		go func() {
			<-time.After(time.Second)
			close(late)
			<-time.After(time.Second / 2)
			slow <- struct{}{}
		}()
		list, reported := scan(t, r)
		require.Empty(t, reported)
		require.Equal(t, room.Space, list[0].Space)
		require.Equal(t, room.Space, list[1].Space)
	})
}

func TestEndOfTheContextEndsTheWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := silence{ends: make(chan struct{})}
		r := reader(t, "/", Filter{}, s.ask(first))
		r.Follow(disks(1))
		ctx, cancel := context.WithTimeout(t.Context(), time.Second/10)
		defer cancel()
		begin := time.Now()
		list := r.Read(ctx, nil, func(source string, err error) { require.NoError(t, err, source) })
		require.Equal(t, time.Second/10, time.Since(begin))
		require.Len(t, list, 1, "nothing was unmounted")
		require.False(t, list[0].Space.Known())
		close(s.ends)
	})
}

func TestCloseDoesNotWaitForASilentFilesystem(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := silence{ends: make(chan struct{})}
		r := New("/", Filter{}, patience, s.ask(first))
		r.Follow(disks(4))
		scan(t, r)
		before := runtime.NumGoroutine()
		r.Close()
		r.Close()
		synctest.Wait()
		require.Equal(t, before-3, runtime.NumGoroutine(), "only the one that waits is left")
		close(s.ends)
	})
}
