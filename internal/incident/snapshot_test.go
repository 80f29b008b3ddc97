package incident

import (
	"bytes"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/failuredetector/failuredetector/failure"
)

// restart gives a script that goes on with what was saved, after a while.
func (s *script) restart(settings Settings, away time.Duration) (*script, []Event) {
	s.t.Helper()
	value, err := Encode(s.state.Snapshot())
	require.NoError(s.t, err)
	snap, err := Decode(value)
	require.NoError(s.t, err)
	next := newScript(s.t, settings)
	next.now = s.now.Add(away)
	events, err := next.state.Restore(next.now, snap)
	require.NoError(s.t, err)
	return next, events
}

func TestRestart(t *testing.T) {
	missing := ofType("PYDANTIC_MISSING_FIELD", "pydantic", failure.High)
	transient := ofType("NETWORK_ERROR", "network", failure.Low)
	before := newScript(t, testSettings())
	opened := before.only(before.send(broken("shop", "a", missing, inTrace(1, 2, Logs))))
	before.send(broken("shop", "a", missing), broken("shop", "a", missing), broken("shop", "a", missing))
	before.send(broken("shop", "net", transient), broken("shop", "net", transient))
	before.send(broken("shop", "over", byRule("quick")))
	before.wait(3 * time.Minute)
	before.send(probed(Observed, failure.Critical))

	s, events := before.restart(testSettings(), 30*time.Minute)
	require.Equal(t, []string{"ongoing#2 high", "ongoing#2 critical"}, names(events), "one for each open incident that was announced")
	require.True(t, events[0].Restored)
	require.Equal(t, opened.Incident.ID, events[0].Incident.ID)
	require.EqualValues(t, 4, events[0].Incident.Count)
	require.EqualValues(t, 2, value(s.state.Active))
	require.Zero(t, value(s.state.Occurrences), "counters begin again")

	t.Run("what is open is not announced as new, and windows go on", func(t *testing.T) {
		require.Equal(t, []string{"escalated#3 critical"}, names(s.send(broken("shop", "a", missing))), "the fifth within the hour")
	})
	t.Run("transient failures are still counted from the first", func(t *testing.T) {
		again := s.only(s.send(broken("shop", "net", transient, at(start.Add(2*time.Minute)))))
		require.Equal(t, failure.EventOpened, again.Name)
		require.EqualValues(t, 3, again.Incident.Count)
	})
	t.Run("what ended is remembered", func(t *testing.T) {
		require.Equal(t, []string{"regressed#3 high"}, names(s.send(broken("shop", "over", byRule("quick")))))
	})
}

func TestQuietTimeCountsOnlyWhileItRuns(t *testing.T) {
	before := newScript(t, testSettings())
	before.send(broken("shop", "a"))
	before.wait(10 * time.Minute)
	s, _ := before.restart(testSettings(), 8*time.Hour)
	require.Empty(t, s.wait(4*time.Minute))
	require.Equal(t, []string{"resolved#3 high"}, names(s.wait(time.Minute)))
}

func TestRestartOfAStormAndAPrediction(t *testing.T) {
	settings := testSettings()
	settings.Limits.GroupIncidents = 3
	settings.Thresholds.Categories["database"] = 100
	before := newScript(t, settings)
	slow := broken("bank", "a", ofType("DATABASE_TIMEOUT", "database", failure.Medium))
	for range 25 {
		before.send(slow, slow, slow)
		before.wait(time.Minute)
	}
	require.Len(t, before.state.incidents, 2)
	for _, fingerprint := range []string{"a", "b", "c", "d", "e"} {
		before.send(broken("shop", fingerprint))
	}
	s, events := before.restart(settings, time.Second)
	require.Len(t, events, 6)
	require.Empty(t, s.send(broken("shop", "f")))
	require.EqualValues(t, 3, s.state.groups["shop"].overflow.Count)
	require.NotNil(t, s.state.groups["bank"].thresholds[0].predicted)

	t.Run("thresholds that are gone take their predictions along", func(t *testing.T) {
		other := settings
		other.Thresholds = Thresholds{}
		s, events := before.restart(other, time.Second)
		require.Len(t, events, 5)
		s.wait(time.Hour)
		require.Empty(t, s.state.incidents)
	})
}

func TestOtherGrouping(t *testing.T) {
	before := newScript(t, testSettings())
	settings := testSettings()
	settings.GroupBy = []string{"workspace_id"}
	_, err := New(settings, testPolicies).Restore(start, before.state.Snapshot())
	require.ErrorIs(t, err, ErrOtherGrouping)
}

func TestValuesThatAreNotRead(t *testing.T) {
	s := newScript(t, testSettings())
	s.send(broken("shop", "a"))
	good, err := Encode(s.state.Snapshot())
	require.NoError(t, err)
	flipped := bytes.Clone(good)
	flipped[len(flipped)/2] ^= 1
	for name, tc := range map[string]struct {
		value []byte
		want  error
	}{
		"nothing":             {nil, ErrForeign},
		"something else":      {[]byte("{\"a\": 1}\n{}"), ErrForeign},
		"a newer minor":       {bytes.Replace(good, []byte(" 1.2 "), []byte(" 1.3 "), 1), ErrNewer},
		"a newer major":       {bytes.Replace(good, []byte(" 1.2 "), []byte(" 2.0 "), 1), ErrNewer},
		"an older major":      {bytes.Replace(good, []byte(" 1.2 "), []byte(" 0.9 "), 1), ErrForeign},
		"a bit that is wrong": {flipped, ErrCorrupt},
		"one cut short":       {good[:len(good)-1], ErrCorrupt},
		"a head that is torn": {[]byte(encodingName + " x\n{}"), ErrCorrupt},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Decode(tc.value)
			require.ErrorIs(t, err, tc.want)
		})
	}
	t.Run("the next minor version reads it", func(t *testing.T) {
		snap, err := decode(good, encodingMajor, encodingMinor+1)
		require.NoError(t, err)
		require.Equal(t, s.state.Snapshot(), snap)
	})
}

// TestStateOfVersion1_0 reads what version 1.0 wrote. Later versions keep the file and read it too.
func TestStateOfVersion1_0(t *testing.T) {
	value, err := os.ReadFile(filepath.Join("testdata", "state-1.0"))
	require.NoError(t, err)
	snap, err := Decode(value)
	require.NoError(t, err)
	s := newScript(t, testSettings())
	s.now = start.Add(time.Hour)
	events, err := s.state.Restore(s.now, snap)
	require.NoError(t, err)
	require.Equal(t, []string{"ongoing#2 high", "ongoing#2 critical"}, names(events))
	require.Len(t, s.state.closed.known, 1)
	require.Len(t, s.state.groups["shop"].thresholds, 1)
}

// TestStateOfVersion1_1 goes on with a cascade and its victims, broken calls and a silence that version 1.1 saved.
func TestStateOfVersion1_1(t *testing.T) {
	value, err := os.ReadFile(filepath.Join("testdata", "state-1.1"))
	require.NoError(t, err)
	snap, err := Decode(value)
	require.NoError(t, err)
	s := newShop(t, func(settings *Settings) { settings.Silence.Enabled = true })
	s.now = start.Add(3 * time.Hour)
	events, err := s.state.Restore(s.now, snap)
	require.NoError(t, err)
	require.Equal(t, []string{
		"ongoing printer TELEMETRY_SILENCE", "ongoing stock DISK_SPACE_LOW", "ongoing stock CASCADING_FAILURES", "ongoing checkout CIRCUIT_BREAKER_TRIPPED",
	}, opened(events))
	require.Len(t, s.state.closed.known, 1)

	s.traces = 100
	require.Empty(t, append(s.sendTrace("stock"), s.calls(3, "bank", true, "refused")...))
	require.Empty(t, s.wait(time.Minute), "victims are still explained")
	require.NotEmpty(t, s.open("gateway").SuppressedBy)
	require.Equal(t, []string{"checkout bank:80 open"}, s.circuits())
	require.Equal(t, []string{"resolved printer TELEMETRY_SILENCE"}, opened(s.chat(time.Minute, "printer")))
}

// everything is a saved state with an incident of each kind that explains others or stands for none.
func everything(tb testing.TB, settings Settings) []byte {
	tb.Helper()
	state := New(settings, testPolicies)
	for _, in := range []Incident{
		{Origin: FromCascade, ID: "c", Cascade: &Cascade{Origin: "stock", Path: []string{"stock", "shop"}, Victims: []string{"v"}}},
		{Origin: FromCascade, ID: "d", Cascade: &Cascade{Origin: "shop", ByTime: true, First: "X"}},
		{Origin: FromBreaker, ID: "b", Breaker: &Breaker{Caller: "shop", Peer: "stock:80", Call: Call{"stock", 80}}},
		{Origin: FromSilence, ID: "s", Missing: &Missing{Signal: "logs", Since: start.UnixNano()}},
		{Origin: FromSilence, ID: "n", Missing: &Missing{Since: start.UnixNano(), Sources: 3}},
		{ID: "v", SuppressedBy: "c"},
		{ID: "w", SuppressedBy: "b"},
		{ID: "x", SuppressedBy: "gone"},
	} {
		in.Group, in.Type, in.Severity, in.status, in.announced = state.groupOf(resource("shop")), "X", failure.High, failure.StatusActive, true
		in.Fingerprint = in.ID
		if in.SuppressedBy != "" {
			in.suspense.by = &Incident{}
		}
		in.key = state.keyOf(in.Group, "", in.ID)
		state.insert(&in)
	}
	value, err := Encode(state.Snapshot())
	require.NoError(tb, err)
	value = bytes.ReplaceAll(value, []byte(`"breaker":`), []byte(`"suppressed_by":"b","origin_key":"shop","breaker":`))
	head, content, _ := bytes.Cut(value, []byte("\n"))
	return append(fmt.Appendf(nil, "%s %08x\n", head[:len(head)-9], crc32.ChecksumIEEE(content)), content...)
}

func TestEverythingIsRestored(t *testing.T) {
	settings := testSettings()
	settings.Cascades.Enabled, settings.Cascades.Traces, settings.Silence.Enabled = true, true, true
	snap, err := Decode(everything(t, settings))
	require.NoError(t, err)
	s := newScript(t, settings)
	events, err := s.state.Restore(s.now, snap)
	require.NoError(t, err)
	require.Len(t, events, 8)
	by := map[string]string{}
	for _, in := range s.state.incidents {
		by[in.ID] = in.SuppressedBy
	}
	require.Equal(t, map[string]string{"c": "", "d": "", "b": "b", "s": "", "n": "", "v": "c", "w": "b", "x": ""}, by)
	s.wait(25 * time.Hour)
	require.Len(t, s.state.incidents, 2, "silence lasts until something comes")
	s.chat(time.Minute, "shop")
	require.Empty(t, s.state.incidents)
}

func FuzzDecode(f *testing.F) {
	s := New(testSettings(), testPolicies)
	s.Apply(start, []Observation{broken("shop", "a")})
	good, err := Encode(s.Snapshot())
	require.NoError(f, err)
	f.Add(good)
	settings := testSettings()
	settings.Cascades.Enabled, settings.Cascades.Traces, settings.Silence.Enabled = true, true, true
	f.Add(everything(f, settings))
	f.Fuzz(func(_ *testing.T, value []byte) {
		snap, err := Decode(value)
		if err != nil {
			return
		}
		state := New(settings, testPolicies)
		if _, err := state.Restore(start, snap); err != nil {
			return
		}
		state.Apply(start.Add(time.Minute), []Observation{broken("shop", "a")})
		state.Tick(start.Add(time.Hour))
	})
}
