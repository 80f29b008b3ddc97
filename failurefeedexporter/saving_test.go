package failurefeedexporter

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/exporter/exportertest"
	"go.opentelemetry.io/collector/extension/xextension/storage"

	"github.com/failuredetector/failuredetector/failure"
	"github.com/failuredetector/failuredetector/failurefeedexporter/internal/metadata"
)

// shelf is a storage extension that outlives feeds. Its client is itself.
type shelf struct {
	component.Component
	content map[string][]byte
	writes  int
	opens   int
	broken  error
}

func (s *shelf) GetClient(context.Context, component.Kind, component.ID, string) (storage.Client, error) {
	s.opens++
	return s, nil
}

func (s *shelf) Get(_ context.Context, key string) ([]byte, error)  { return s.content[key], s.broken }
func (s *shelf) Delete(context.Context, string) error               { return nil }
func (s *shelf) Batch(context.Context, ...*storage.Operation) error { return nil }

func (s *shelf) Set(_ context.Context, key string, value []byte) error {
	s.writes++
	s.content[key] = value
	return nil
}

func (s *shelf) Close(context.Context) error {
	s.opens--
	return nil
}

var shelfID = component.MustNewID("file_storage")

func (s *shelf) use(c *Config) { c.Storage = &shelfID }

func TestFailuresSurviveARestart(t *testing.T) {
	s := &shelf{content: map[string][]byte{}}
	var before []map[string]any
	var counted map[string]any
	t.Run("before", func(t *testing.T) {
		h := newHarness(t, s.use, hostWith{shelfID: s})
		h.send(incident("a", 1, failure.EventOpened, with(map[string]any{failure.AttrRule: "r"})), incident("a", 2, failure.EventEscalated, with(map[string]any{failure.AttrRule: "r"})),
			incident("b", 1, failure.EventOpened), incident("b", 2, failure.EventResolved), probe(failure.EventObserved, "high", start))
		require.Equal(t, http.StatusOK, h.post("/api/v1/failures/a/outcome", "application/json", `{"outcome": "noise"}`).status)
		for _, id := range h.ids("/api/v1/failures") {
			before = append(before, h.get("/api/v1/failures/"+id))
		}
		require.Len(t, before, 3)
		counted = h.get("/api/v1/stats")
		require.EqualValues(t, 3, counted["total_opened"])
		require.EqualValues(t, 1, counted["total_resolved"])
		require.EqualValues(t, 3, counted["opened_last_hour"])
		require.NotNil(t, counted["time_to_resolve"])
	})
	require.Equal(t, 1, s.writes)
	require.Zero(t, s.opens, "the storage is closed")
	t.Run("after", func(t *testing.T) {
		h := newHarness(t, s.use, hostWith{shelfID: s})
		for _, failure := range before {
			require.Equal(t, failure, h.get("/api/v1/failures/"+failure["id"].(string)))
		}
		require.EqualValues(t, 1, h.get("/api/v1/stats")["precision_by_rule"].(map[string]any)["r"].(map[string]any)["noise"])
		again := h.get("/api/v1/stats")
		delete(counted, "opened_per_hour") // Which time alone changes.
		delete(again, "opened_per_hour")
		require.Equal(t, counted, again)
		_, _, became := h.feed.store.apply(read(t, incident("a", 2, failure.EventEscalated), start))
		require.Equal(t, known, became, "what was seen before is known")
	})
	require.Equal(t, 1, s.writes, "nothing new is not saved")
}

func TestTheOrderOfWhatIsOverSurvives(t *testing.T) {
	first := newTestStore(nil)
	for i, id := range []string{"a", "b", "c"} {
		first.apply(read(t, incident(id, 1, failure.EventResolved), start.Add(time.Duration(i)*time.Minute)))
	}
	s := &shelf{content: map[string][]byte{}}
	(&saver{client: s, store: first}).save(t.Context())
	second := newTestStore(func(c *Config) { c.Limits.Failures = 2 })
	require.NoError(t, second.restore(s.content[stateKey]))
	require.Nil(t, second.get("a"), "there is room for two")
	second.apply(read(t, incident("d", 1, failure.EventOpened), start))
	require.Nil(t, second.get("b"), "which is over for longest")
	require.NotNil(t, second.get("c"))
}

func TestWhatCannotBeReadIsLeftOut(t *testing.T) {
	for name, content := range map[string]string{
		"no JSON": "{", "another version": `{"version": 2}`, "holes": `{"version": 1, "failures": [{}, {"id": "x"}], "said": {"r": null}}`,
		"a life with a hole": `{"version": 1, "failures": [{"id": "a", "timeline": [{"sequence": 3}], "left": 2}]}`,
	} {
		t.Run(name, func(t *testing.T) {
			s := &shelf{content: map[string][]byte{stateKey: []byte(content)}}
			h := newHarness(t, s.use, hostWith{shelfID: s})
			require.Empty(t, h.ids("/api/v1/failures"))
			h.send(incident("a", 1, failure.EventOpened))
			require.Equal(t, []string{"a"}, h.ids("/api/v1/failures"))
		})
	}
}

func TestStorageFaultsFailTheStart(t *testing.T) {
	broken := &shelf{broken: errors.New("bad disk")}
	for want, host := range map[string]hostWith{
		`storage: there is no extension "file_storage"`:   {},
		`storage: extension "file_storage" is no storage`: {shelfID: lock{}},
		"storage: reading: bad disk":                      {shelfID: broken},
	} {
		config := defaultConfig()
		config.HTTP.NetAddr.Endpoint = "localhost:0"
		config.Storage = &shelfID
		f, err := newFeed(config, exportertest.NewNopSettings(metadata.Type))
		require.NoError(t, err)
		require.ErrorContains(t, f.start(t.Context(), host), want)
		require.NoError(t, f.shutdown(context.Background()))
	}
	require.Zero(t, broken.opens)
}

func TestTotalsGoOnAfterARestart(t *testing.T) {
	first := newTestStore(nil)
	for i := range maxDurations + 1 {
		// The first lasts the longest, and is the one that is counted no more.
		opened := incident(strconv.Itoa(i), 1, failure.EventResolved, with(map[string]any{failure.AttrFirstSeen: start.Add(time.Duration(i) - time.Hour).Format(time.RFC3339Nano)}))
		first.apply(read(t, opened, start))
	}
	for i := range maxNames + 5 {
		first.apply(read(t, incident(fmt.Sprint("t", i), 1, failure.EventOpened, with(map[string]any{failure.AttrType: fmt.Sprint("T", i)})), start))
	}
	s := &shelf{content: map[string][]byte{}}
	(&saver{client: s, store: first}).save(t.Context())
	second := newTestStore(nil)
	require.NoError(t, second.restore(s.content[stateKey]))
	for _, each := range []*store{first, second} {
		each.apply(read(t, incident("more", 1, failure.EventOpened, with(map[string]any{failure.AttrType: "T9999"})), start.Add(90*time.Minute)))
		each.apply(read(t, incident("more", 2, failure.EventResolved), start.Add(90*time.Minute)))
	}
	now := start.Add(2 * time.Hour)
	want, got := first.stats(now, scope{}), second.stats(now, scope{})
	require.Equal(t, want, got)
	require.EqualValues(t, 1, got.OpenedLast1h)
	require.EqualValues(t, 6, got.ByType[otherName])
}
