package novelty

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// sell lets versions run side by side, each with a number of errors in a hundred records a minute, and
// gives what is told.
func (s *shop) sell(lasting time.Duration, errors map[string]int) []Shift {
	var shifts []Shift
	for end := s.now + int64(lasting); s.now < end; s.now += minute {
		for _, version := range []string{"1", "2"} {
			n, runs := errors[version]
			if !runs {
				continue
			}
			src := s.m.Hear(s.now, []byte("shop"), version, 100)
			for range n {
				s.m.Add(s.now, src, version, FromText("card was declined"))
			}
		}
		shifts = append(shifts, s.m.Tick(s.now)...)
	}
	return shifts
}

func TestTwoVersions(t *testing.T) {
	for _, tc := range []struct {
		name   string
		script func(s *shop) []Shift
		want   bool
	}{
		{"the newer one is worse", func(s *shop) []Shift { return s.sell(time.Hour, map[string]int{"1": 1, "2": 4}) }, true},
		{"both are alike", func(s *shop) []Shift { return s.sell(6*time.Hour, map[string]int{"1": 3, "2": 3}) }, false},
		{"the older one is worse", func(s *shop) []Shift { return s.sell(6*time.Hour, map[string]int{"1": 4, "2": 1}) }, false},
		{"the newer one is a little worse", func(s *shop) []Shift { return s.sell(6*time.Hour, map[string]int{"1": 4, "2": 5}) }, false},
		{"the older one no longer says it at all", func(s *shop) []Shift { return s.sell(time.Hour, map[string]int{"1": 0, "2": 3}) }, true},
		{"the newer one is worse while it starts", func(s *shop) []Shift {
			return append(s.sell(4*time.Minute, map[string]int{"1": 1, "2": 50}), s.sell(3*time.Hour, map[string]int{"1": 1, "2": 1})...)
		}, false},
		{"the newer one has one bad minute", func(s *shop) []Shift {
			shifts := s.sell(30*time.Minute, map[string]int{"1": 1, "2": 0})
			shifts = append(shifts, s.sell(time.Minute, map[string]int{"1": 1, "2": 90})...)
			return append(shifts, s.sell(time.Hour, map[string]int{"1": 1, "2": 0})...)
		}, false},
		{"they follow one another", func(s *shop) []Shift { return s.sell(6*time.Hour, map[string]int{"2": 30}) }, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := newShop(t)
			require.Empty(t, s.sell(2*time.Hour, map[string]int{"1": 1}))
			shifts := tc.script(s)
			if !tc.want {
				require.Empty(t, shifts)
				return
			}
			require.Len(t, shifts, 1, "it is told once")
			require.Equal(t, "2", shifts[0].Newer)
			require.Equal(t, "1", shifts[0].Older)
			require.Equal(t, "card was declined", shifts[0].Template.String())
		})
	}
}

func TestMoreVersionsThanAreToldApart(t *testing.T) {
	s := newShop(t)
	for _, version := range []string{"1", "2", "3", "4", "5", "", "6"} {
		s.hear(version)
		s.now += minute
	}
	src := s.hear("")
	require.Len(t, src.versions, maxVersions)
	require.Negative(t, src.versionAt("1"))
	require.Negative(t, src.versionAt("2"))
	require.GreaterOrEqual(t, src.versionAt("6"), 0)
}

// TestIdle says when nobody has to tell the time, which a replay of long pauses depends on.
func TestIdle(t *testing.T) {
	s := newShop(t)
	s.sell(time.Hour, map[string]int{"1": 1})
	require.True(t, s.m.Idle(s.now), "one version is compared with none")
	s.sell(2*time.Hour, map[string]int{"1": 1, "2": 1})
	require.False(t, s.m.Idle(s.now))
	s.now += liveFor
	require.True(t, s.m.Idle(s.now), "neither runs any more")
}

func TestUpperTail(t *testing.T) {
	for _, tc := range []struct {
		k, n int64
		p    float64
		want float64
	}{
		{10, 10, 0.5, 1.0 / 1024},
		{9, 10, 0.5, 11.0 / 1024},
		{60, 100, 0.5, 0.028443966820490},
		{600_000, 1_000_000, 0.5, 0},
	} {
		require.InDelta(t, tc.want, upperTail(tc.k, tc.n, tc.p), 1e-9)
	}
}
