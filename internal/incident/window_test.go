package incident

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/failuredetector/failuredetector/failure"
)

// windowModel is the definition of a window, computed afresh each time from everything that it saw.
type windowModel struct {
	arrivals, eventTimes []int64
}

// at is the latest event time, each moved on by the time that passed since it arrived.
func (m *windowModel) at(now int64) int64 {
	latest := int64(-1 << 62)
	for i := range m.arrivals {
		latest = max(latest, m.eventTimes[i]+now-m.arrivals[i])
	}
	return latest
}

// count is how many lie in the minute that it is and the 59 before it.
func (m *windowModel) count(now int64) int64 {
	current, n := m.at(now)/minute, int64(0)
	for _, told := range m.eventTimes {
		if told/minute > current-60 && told/minute <= current {
			n++
		}
	}
	return n
}

// TestWindowIsWhatItsDefinitionSays compares windows with the definition on random streams: in
// order, late, out of order, replayed from the past, with gaps.
func TestWindowIsWhatItsDefinitionSays(t *testing.T) {
	for seed := range uint64(200) {
		random := rand.New(rand.NewPCG(seed, 1))
		var w window
		var model windowModel
		now := start.UnixNano()
		behind := []int64{0, 0, int64(40 * time.Minute), int64(2000 * time.Hour)}[random.IntN(4)]
		for range 400 {
			now += random.Int64N([]int64{int64(time.Second), int64(time.Minute), int64(40 * time.Minute)}[random.IntN(3)])
			lag := behind
			if random.IntN(3) == 0 {
				lag += random.Int64N(int64(90 * time.Minute))
			}
			counted := w.add(now, now-lag)
			model.arrivals, model.eventTimes = append(model.arrivals, now), append(model.eventTimes, now-lag)
			require.Equal(t, (now-lag)/minute > model.at(now)/minute-60, counted)
			require.Equal(t, model.at(now), w.at(now))
			require.Equal(t, model.count(now), w.count(now), "seed %d", seed)
			later := now + random.Int64N(int64(2*time.Hour))
			require.Equal(t, model.count(later), w.count(later), "seed %d, later", seed)
			require.LessOrEqual(t, len(w.Minutes), keepMinutes)
		}
	}
}

// TestThresholdsCrossWhenTheirDefinitionSays compares the escalations of a state with the definition:
// one each time that the count of a threshold reaches its limit from below.
func TestThresholdsCrossWhenTheirDefinitionSays(t *testing.T) {
	services, categories := []string{"shop", "till", "bank"}, []string{"pydantic", "sdk", "database", "network"}
	settings := testSettings()
	settings.Thresholds.Services = map[string]Thresholds{
		"till": {Categories: map[string]int{"pydantic": 0, "database": 3}, Types: map[string]int{"network.T": 4}, Rules: map[string]int{"r": 12}},
	}
	limit := func(service, name string) int64 {
		defaults := map[string]int64{"category/pydantic": 5, "category/sdk": 10, "category/database": 15}
		own := map[string]int64{"category/pydantic": 0, "category/database": 3, "type/network.T": 4, "rule/r": 12}
		if n, found := own[name]; found && service == "till" {
			return n
		}
		return defaults[name]
	}
	for seed := range uint64(40) {
		random := rand.New(rand.NewPCG(seed, 2))
		s := newScript(t, settings)
		models, above := map[string]*windowModel{}, map[string]bool{}
		for range 500 {
			s.now = s.now.Add(time.Duration(random.Int64N(int64(4 * time.Minute))))
			service, category := services[random.IntN(3)], categories[random.IntN(4)]
			told := s.now.Add(-time.Duration(random.Int64N(int64(80*time.Minute))) * time.Duration(random.IntN(2)))
			obs := broken(service, strconv.Itoa(random.IntN(1000)), at(told), ofType(category+".T", category, failure.Low), byRule("r"))

			var wanted []string
			for _, name := range []string{"category/" + category, "type/" + category + ".T", "rule/r"} {
				n := limit(service, name)
				if n == 0 {
					continue
				}
				key := service + name
				if models[key] == nil {
					models[key] = &windowModel{}
				}
				m := models[key]
				if len(m.arrivals) > 0 {
					above[key] = above[key] && m.count(s.now.UnixNano()) >= n
				}
				m.arrivals, m.eventTimes = append(m.arrivals, s.now.UnixNano()), append(m.eventTimes, told.UnixNano())
				count := m.count(s.now.UnixNano())
				if count >= n && !above[key] {
					wanted = append(wanted, fmt.Sprintf("%d failures of %s within the hour", count, name))
				}
				above[key] = count >= n
			}
			var crossed []string
			s.state.Tick(s.now)
			for _, e := range s.send(obs) {
				if e.Name == failure.EventEscalated {
					crossed = append(crossed, e.Reason)
				}
			}
			require.Equal(t, wanted, crossed, "seed %d", seed)
		}
	}
}

func TestCrossingEscalatesByOneLevel(t *testing.T) {
	s := newScript(t, testSettings())
	missing := ofType("PYDANTIC_MISSING_FIELD", "pydantic", failure.High)
	var events []Event
	for i := range 12 {
		events = append(events, s.send(broken("shop", strconv.Itoa(i%2), missing))...)
		s.wait(time.Minute)
	}
	require.Equal(t, []string{"opened#1 high", "opened#1 high", "escalated#2 critical"}, names(events), "once, at the fifth")
	require.Equal(t, []string{"observed: 5 failures of category/pydantic within the hour, the threshold is 5"}, events[2].Evidence)
	g := s.state.Groups()[0]
	require.Equal(t, []Use{{Threshold: "category/pydantic", Share: 2.4}}, s.state.Uses(g))

	t.Run("again after the hour", func(t *testing.T) {
		s.wait(2 * time.Hour)
		require.Zero(t, s.state.Uses(g)[0].Share)
		events = nil
		for range 5 {
			events = append(events, s.send(broken("shop", "0", missing))...)
		}
		require.Equal(t, []string{"regressed#4 high", "escalated#5 critical"}, names(events))
	})
	t.Run("a critical one stays critical and is told", func(t *testing.T) {
		for range 5 {
			events = s.send(broken("till", "x", ofType("PYDANTIC_MISSING_FIELD", "pydantic", failure.Critical)))
		}
		require.Equal(t, []string{"ongoing#2 critical"}, names(events))
		require.Equal(t, "5 failures of category/pydantic within the hour", events[0].Reason)
	})
}

func TestOldLogsFillTheirOwnHour(t *testing.T) {
	s := newScript(t, testSettings())
	past := start.Add(-30 * 24 * time.Hour)
	var events []Event
	for i := range 5 {
		events = append(events, s.send(broken("shop", "a", ofType("P", "pydantic", failure.Low), at(past.Add(time.Duration(i)*10*time.Minute))))...)
	}
	require.Equal(t, []string{"opened#1 low", "escalated#2 medium"}, names(events))
	require.Len(t, s.send(broken("till", "a", ofType("P", "pydantic", failure.Low))), 1, "another service has a clock of its own")
}

func TestPrediction(t *testing.T) {
	settings := testSettings()
	settings.Thresholds.Categories["database"] = 100
	slow := broken("shop", "a", ofType("DATABASE_TIMEOUT", "database", failure.Medium))
	s := newScript(t, settings)
	var predicted []Event
	minutes := 0
	for ; len(predicted) == 0 && minutes < 34; minutes++ {
		for _, e := range append(s.send(slow, slow, slow), s.wait(time.Minute)...) {
			if e.Name == failure.EventPredicted {
				predicted = append(predicted, e)
			}
		}
	}
	p := s.only(predicted)
	require.Less(t, minutes, 20)
	require.Equal(t, failure.StatusPredicted, p.Status)
	require.Equal(t, "threshold category/database", p.Reason)
	reached := start.Add(33 * time.Minute).UnixNano()
	require.LessOrEqual(t, p.Incident.Probe.Earliest, reached)
	require.GreaterOrEqual(t, p.Incident.Probe.Latest, reached)
	require.Contains(t, p.Evidence, "inferred: 3.00 failures a minute, between 3.00 and 3.00")

	t.Run("ends where the trend does", func(t *testing.T) {
		s.now = time.Unix(0, p.Incident.Probe.Latest)
		events := s.wait(2 * time.Minute)
		require.Contains(t, names(events), "resolved#2 medium")
		require.Equal(t, p.Incident.ID, events[len(events)-1].Incident.ID)
		require.Equal(t, "the trend did not go on", events[len(events)-1].Reason)
	})
}

func TestPredictionEndsWhenItComesTrue(t *testing.T) {
	settings := testSettings()
	settings.Thresholds.Categories["database"] = 50
	s := newScript(t, settings)
	var told []string
	for range 55 {
		events := append(s.send(broken("shop", "a", ofType("DATABASE_TIMEOUT", "database", failure.Medium))), s.wait(time.Minute)...)
		for i := range events {
			if events[i].Incident.Origin == FromTrend || events[i].Name == failure.EventEscalated {
				told = append(told, events[i].Name+" "+events[i].Reason)
			}
		}
	}
	require.Equal(t, []string{
		"failure.predicted threshold category/database",
		"failure.escalated 50 failures of category/database within the hour",
		"failure.resolved the threshold is reached",
	}, told)
}

func TestNoPredictionWhereTheHourNeverHoldsAsMany(t *testing.T) {
	settings := testSettings()
	settings.Thresholds.Categories["database"] = 100
	for _, tc := range []struct {
		name  string
		pause func(*rand.Rand) time.Duration
		burst int
	}{
		{"one a minute from the beginning", func(*rand.Rand) time.Duration { return time.Minute }, 1},
		{"at random, one a minute", func(r *rand.Rand) time.Duration { return time.Duration(r.Int64N(int64(2 * time.Minute))) }, 1},
		{"forty in a burst, every two hours", func(*rand.Rand) time.Duration { return 2 * time.Hour }, 40},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := newScript(t, settings)
			random := rand.New(rand.NewPCG(3, 3))
			for range 300 {
				var events []Event
				for range tc.burst {
					events = append(events, s.send(broken("shop", "a", ofType("D", "database", failure.Medium)))...)
				}
				events = append(events, s.wait(tc.pause(random))...)
				for i := range events {
					require.NotEqual(t, failure.EventPredicted, events[i].Name)
				}
			}
		})
	}
}
