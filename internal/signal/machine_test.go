package signal_test

import (
	"math"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/failuredetector/failuredetector/internal/signal"
)

const interval = 30 * time.Second

// disk has the limits of disk.util.
var disk = signal.Limits{Warn: signal.InARow(.90, 2), Critical: signal.Once(.97), Clear: .87, Hold: 4}

var names = map[signal.Change]string{
	signal.Unchanged: ".", signal.Raised: "raised", signal.Worse: "worse", signal.Better: "better", signal.Cleared: "cleared",
}

// track drives a machine, scan after scan.
type track struct {
	machine signal.Machine
	now     time.Duration
}

func newTrack(limits signal.Limits) *track {
	t := &track{machine: signal.NewMachine(limits, interval)}
	t.machine.Observe(t.now, signal.Of(0)) // The first scan is not judged.
	return t
}

func (t *track) observe(s signal.Sample) signal.Change {
	t.now += interval
	return t.machine.Observe(t.now, s)
}

// play takes values in percent, "?" for a scan that failed, "!" after one that is promoted, "~" after one
// that is at most a warning, and gives what each changed.
func (t *track) play(values string) string {
	var changes []string
	for value := range strings.FieldsSeq(values) {
		if value == "?" {
			t.now += interval
			stale := map[bool]string{true: "stale", false: "."}[t.machine.Unknown(t.now)]
			changes = append(changes, stale)
			continue
		}
		number, _ := strconv.ParseFloat(strings.TrimRight(value, "!~"), 64)
		sample := signal.Of(number / 100)
		if strings.HasSuffix(value, "~") {
			sample = signal.AtMostWarn(number / 100)
		}
		sample.Promoted = strings.HasSuffix(value, "!")
		changes = append(changes, names[t.observe(sample)])
	}
	return strings.Join(changes, " ")
}

func TestMachine(t *testing.T) {
	cpu := signal.Limits{Warn: signal.Bar{At: .90, Count: 8, Of: 10}, Critical: signal.Bar{At: .97, Count: 8, Of: 10}, Clear: .85, Hold: 4}
	shaky := signal.Limits{Warn: signal.Bar{At: .90, Count: 3, Of: 5}, Critical: signal.Bar{At: .97, Count: 3, Of: 5}, Clear: .87, Hold: 1}
	kill := signal.Limits{Critical: signal.Once(1), Clear: .5, Hold: 3}
	for name, tc := range map[string]struct {
		limits       signal.Limits
		values, want string
	}{
		"a warning needs two scans in a row":          {disk, "91 80 91 91", ". . . raised"},
		"critical needs one":                          {disk, "97", "raised"},
		"a dip of a few is tolerated":                 {cpu, "91 91 91 50 91 91 91 50 91 91", ". . . . . . . . . raised"},
		"three dips are not":                          {cpu, "91 91 50 91 91 50 91 50 91 91", ". . . . . . . . . ."},
		"it escalates once":                           {disk, "91 91 98 98", ". raised worse ."},
		"it gets better after four scans":             {disk, "98 92 92 92 92 92", "raised . . . better ."},
		"between the bars of better it stays":         {disk, "98 95 95 95 95 95 95", "raised . . . . . ."},
		"it clears below the lower bar only":          {disk, "91 91 88 88 88 88 88", ". raised . . . . ."},
		"it clears after four scans":                  {disk, "91 91 86 86 86 86 86", ". raised . . . cleared ."},
		"one bad scan begins the clearing anew":       {disk, "91 91 86 86 86 88 86 86 86 86", ". raised . . . . . . . cleared"},
		"it is over from critical at once":            {disk, "98 40 40 40 40", "raised . . . cleared"},
		"what failed neither raises nor clears":       {disk, "91 ? 91 86 86 ? 86 86", ". . raised . . . . cleared"},
		"five failures are stale, once":               {disk, "? ? ? ? ? ?", ". . . . stale ."},
		"one that works is not stale":                 {disk, "? ? ? ? 50 ? ? ? ? ?", ". . . . . . . . . stale"},
		"evidence makes critical what is a warning":   {disk, "91 91 91! 91!", ". raised worse ."},
		"evidence alone raises nothing":               {disk, "50! 91! 50! 91!", ". . . ."},
		"evidence that goes is no longer critical":    {disk, "91 91 91! 91 91 91 91", ". raised worse . . . better"},
		"a sample that is never critical":             {disk, "98~ 98~ 98~ 98", ". raised . worse"},
		"a signal that is critical or not":            {kill, "100 0 0 0 100", "raised . . cleared raised"},
		"another kill begins the clearing anew":       {kill, "100 0 0 100 0 0 0", "raised . . . . . cleared"},
		"at the bar it is reached, at the lower not":  {disk, "90 90 87 87 87 87", ". raised . . . ."},
		"better begins the way to critical anew":      {shaky, "98 98 98 92 98 98 98", ". . raised better . . worse"},
		"it is raised again after it was over":        {disk, "98 40 40 40 40 98", "raised . . . cleared raised"},
		"a level below the one it has does not worry": {disk, "98 98 91 98 91", "raised . . . ."},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, tc.want, newTrack(tc.limits).play(tc.values))
		})
	}
}

func TestValueAndWhatIsSevereAreJudgedApart(t *testing.T) {
	pressure := signal.Limits{Warn: signal.InARow(.10, 2), Critical: signal.InARow(.10, 2), Clear: .05, Hold: 4}
	track := newTrack(pressure)
	track.observe(signal.Sample{Value: .3, Severe: .02})
	require.Equal(t, signal.Raised, track.observe(signal.Sample{Value: .3, Severe: .02}))
	require.Equal(t, signal.Warn, track.machine.Level())
	track.observe(signal.Sample{Value: .3, Severe: .2})
	require.Equal(t, signal.Worse, track.observe(signal.Sample{Value: .3, Severe: .2}))

	events := signal.Limits{Warn: signal.Bar{At: 1, Count: 3, Of: 4}, Critical: signal.Once(1), Clear: .5, Hold: 2}
	track = newTrack(events)
	require.Equal(t, signal.Raised, track.observe(signal.Sample{Value: 0, Severe: 1}))
	require.Equal(t, signal.Critical, track.machine.Level())
	track.observe(signal.Sample{})
	require.Equal(t, signal.Unchanged, track.observe(signal.Sample{Severe: 1}), "it goes on by the other")
	track.observe(signal.Sample{})
	require.Equal(t, signal.Cleared, track.observe(signal.Sample{}))
}

func TestPhases(t *testing.T) {
	track := newTrack(disk)
	var phases []string
	for _, value := range []float64{.5, .91, .91, .86, .88, .86, .86, .86, .86} {
		track.observe(signal.Of(value))
		phases = append(phases, track.machine.Phase().String())
	}
	require.Equal(t, []string{"ok", "pending", "firing", "clearing", "firing", "clearing", "clearing", "clearing", "ok"}, phases)
}

func TestPeakAndDuration(t *testing.T) {
	track := newTrack(disk)
	require.Equal(t, ". raised . . . . cleared", track.play("91 92 96 86 86 86 86"))
	require.InDelta(t, .96, track.machine.Peak(), 1e-9)
	require.Equal(t, 5*interval, track.machine.Lasted(track.now))
	require.InDelta(t, .90, track.machine.Threshold(), 1e-9)
	track.play("99")
	require.InDelta(t, .99, track.machine.Peak(), 1e-9, "the next has its own")
	require.InDelta(t, .97, track.machine.Threshold(), 1e-9)
}

func TestScansThatDoNotCount(t *testing.T) {
	for name, tc := range map[string]struct {
		passes []time.Duration
		want   string
	}{
		"the first":                         {[]time.Duration{0}, "."},
		"one that follows too closely":      {[]time.Duration{0, 999 * time.Millisecond}, ". ."},
		"one after more than five times":    {[]time.Duration{0, 151 * time.Second}, ". ."},
		"the one after that counts":         {[]time.Duration{0, 151 * time.Second, interval}, ". . raised"},
		"a clock that goes back":            {[]time.Duration{0, -time.Hour}, ". ."},
		"one that is a little late":         {[]time.Duration{0, 150 * time.Second}, ". raised"},
		"many that are too close add up":    {[]time.Duration{0, 900 * time.Millisecond, 900 * time.Millisecond}, ". . raised"},
		"the first after failures is right": {[]time.Duration{-1, -1, interval}, ". . raised"},
	} {
		t.Run(name, func(t *testing.T) {
			machine := signal.NewMachine(disk, interval)
			now := interval
			var changes []string
			for _, passes := range tc.passes {
				if passes == -1 {
					now += interval
					machine.Unknown(now)
					changes = append(changes, ".")
					continue
				}
				now += passes
				changes = append(changes, names[machine.Observe(now, signal.Of(1))])
			}
			require.Equal(t, tc.want, strings.Join(changes, " "))
		})
	}
}

func TestWhatWasPendingIsForgottenAfterALongGap(t *testing.T) {
	track := newTrack(disk)
	track.play("91")
	track.now += time.Hour
	require.Equal(t, ". . raised", track.play("91 91 91"))
}

func TestOneThatComesBackClearsLater(t *testing.T) {
	track := newTrack(disk)
	clearing := func() int {
		track.play("99")
		require.True(t, track.machine.Firing())
		for scans := 1; ; scans++ {
			if track.observe(signal.Of(.1)) == signal.Cleared {
				return scans
			}
		}
	}
	for _, want := range []int{4, 6, 9, 14, 21, 31, 46, 69, 103, 120, 120} {
		require.Equal(t, want, clearing())
	}
	for track.now += time.Hour; track.observe(signal.Of(.1)) != signal.Unchanged; {
		t.Fatal("nothing is raised")
	}
	require.Equal(t, 4, clearing(), "an hour of peace is enough")
}

func TestLimitsThatMakeNoSense(t *testing.T) {
	for name, tc := range map[string]struct {
		limits signal.Limits
		want   string
	}{
		"good":                      {disk, ""},
		"clear above":               {signal.Limits{Warn: signal.Once(.9), Clear: .9, Hold: 1}, "clear: 0.9 is not below 0.9, where it begins"},
		"more scans than there are": {signal.Limits{Warn: signal.Bar{At: .9, Count: 3, Of: 2}, Hold: 1}, "warn: 3 of 2 scans: use at least 1, at most 320, and no more than there are"},
		"too many scans":            {signal.Limits{Critical: signal.InARow(.9, 321), Hold: 1}, "critical: 321 of 321 scans: use at least 1, at most 320, and no more than there are"},
		"no hold":                   {signal.Limits{Warn: signal.Once(.9)}, "hold: 0 scans: use at least 1"},
	} {
		t.Run(name, func(t *testing.T) {
			if err := tc.limits.Validate(); tc.want == "" {
				require.NoError(t, err)
			} else {
				require.EqualError(t, err, tc.want)
			}
		})
	}
}

func TestScansOfATime(t *testing.T) {
	require.Equal(t, 60, signal.Scans(30*time.Minute, interval))
	require.Equal(t, 4, signal.Scans(100*time.Second, interval))
	require.Equal(t, 1, signal.Scans(0, interval))
	require.Equal(t, 1, signal.Scans(time.Hour, 0))
}

// FuzzMachine holds whatever values come to what must always be true.
func FuzzMachine(f *testing.F) {
	f.Add([]byte{91, 91, 98, 86, 86, 86, 86, 255, 255}, uint8(2), uint8(1))
	f.Fuzz(func(t *testing.T, values []byte, count, hold uint8) {
		limits := signal.Limits{Warn: signal.InARow(.9, int(count%64)+1), Critical: signal.Once(.97), Clear: .87, Hold: int(hold) + 1}
		require.NoError(t, limits.Validate())
		track := newTrack(limits)
		firing := false
		for _, value := range values {
			if value > 200 {
				track.now += interval
				before := track.machine.Phase()
				track.machine.Unknown(track.now)
				require.Equal(t, before, track.machine.Phase())
				continue
			}
			sample := signal.Of(float64(value) / 100)
			if value == 200 {
				sample = signal.Of(math.NaN())
			}
			switch track.observe(sample) {
			case signal.Raised:
				require.False(t, firing)
				require.GreaterOrEqual(t, sample.Value, .9)
				firing = true
			case signal.Cleared:
				require.True(t, firing)
				require.Less(t, sample.Value, .87)
				firing = false
			case signal.Worse, signal.Better:
				require.True(t, firing)
			case signal.Unchanged:
			}
			require.Equal(t, firing, track.machine.Firing())
			require.Equal(t, firing, track.machine.Level() != signal.None)
		}
	})
}
