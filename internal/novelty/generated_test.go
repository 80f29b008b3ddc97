package novelty

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// vocabulary is what generated messages are made of.
var vocabulary = strings.Fields(`cannot could not failed to refused timed out while after before during reading writing opening closing
	sending fetching loading storing parsing checking cart order payment invoice session token cache queue topic shard replica index
	ledger voucher customer basket shipment address template record batch worker lock lease schema column upstream gateway broker
	connection request response header body deadline retry attempt limit quota budget state version key value entry file`)

// names are what a message holds that no mask takes for a parameter.
var names = strings.Fields(`alice bob carla dmitri elena farid gwen hiro ines jonas kofi lena marek nadia omar paula quentin rosa sven
	tariq uma viktor wanda xenia yusuf zoe`)

// writer makes the messages of a service.
type writer struct {
	random *rand.Rand
	forms  [][]string
	// shares add up to 1.
	shares []float64
}

// newWriter makes a service with a number of messages, of which the first is the most frequent and the
// last are rare.
func newWriter(seed uint64, forms int) *writer {
	w := &writer{random: rand.New(rand.NewPCG(seed, 17))}
	sum := 0.0
	for i := range forms {
		form := make([]string, 0, 12)
		for range 4 + w.random.IntN(6) {
			form = append(form, vocabulary[w.random.IntN(len(vocabulary))])
		}
		for range 1 + w.random.IntN(3) {
			at := 1 + w.random.IntN(len(form))
			form = append(form[:at:at], append([]string{[]string{"#", "id", "ip", "'", "/", "name", "full name"}[w.random.IntN(7)]}, form[at:]...)...)
		}
		w.forms = append(w.forms, form)
		w.shares = append(w.shares, 1/float64((i+1)*(i+1)))
		sum += w.shares[i]
	}
	for i := range w.shares {
		w.shares[i] /= sum
	}
	return w
}

// write fills a form with parameters.
func (w *writer) write(form []string) string {
	words := make([]string, 0, len(form))
	for _, part := range form {
		switch part {
		case "#":
			part = strconv.Itoa(w.random.IntN(100_000))
		case "id":
			part = fmt.Sprintf("%08x-%04x-4%03x-a%03x-%012x", w.random.Uint32(), w.random.IntN(1<<16), w.random.IntN(1<<12), w.random.IntN(1<<12), w.random.Int64N(1<<48))
		case "ip":
			part = fmt.Sprintf("10.0.%d.%d:%d", w.random.IntN(256), w.random.IntN(256), 1024+w.random.IntN(60_000))
		case "'":
			part = fmt.Sprintf("'%s %d'", names[w.random.IntN(len(names))], w.random.IntN(100))
		case "/":
			part = fmt.Sprintf("/srv/%s/%d.dat", names[w.random.IntN(len(names))], w.random.IntN(1000))
		case "name":
			part = names[w.random.IntN(len(names))]
		case "full name":
			part = strings.Join([]string{names[w.random.IntN(len(names))], names[w.random.IntN(len(names))], names[w.random.IntN(len(names))]}[:1+w.random.IntN(3)], " ")
		}
		words = append(words, part)
	}
	return strings.Join(words, " ")
}

// pick chooses a form by its share; one of them may be chosen more often.
func (w *writer) pick(favourite int, times float64) int {
	at := w.random.Float64() * (1 + w.shares[favourite]*(times-1))
	for i, share := range w.shares {
		if i == favourite {
			share *= times
		}
		if at -= share; at < 0 {
			return i
		}
	}
	return 0
}

const (
	plantedError = "replica set of tenant %d refuses the write concern"
	favourite    = 2
)

// day is a day of a service: ten hours of version 1, four of both, of which 2 says one message six times as
// often, and ten of version 2. Half an hour into the second half of the common hours version 2 begins to
// report an error that is new.
func (w *writer) day(perMinute float64) []message {
	var list []message
	start := time.Date(2026, 3, 4, 0, 0, 0, 0, time.UTC).UnixNano()
	gap := float64(minute) / perMinute
	for at := start; at < start+24*60*minute; at += int64(w.random.ExpFloat64() * gap) {
		hour, version := (at-start)/(60*minute), "1"
		if hour >= 14 || hour >= 10 && w.random.IntN(2) == 0 {
			version = "2"
		}
		times := 1.0
		if version == "2" && hour < 14 {
			times = 6
		}
		form := w.pick(favourite, times)
		text := w.write(w.forms[form])
		if version == "2" && at-start > 12*60*minute+30*minute && w.random.IntN(10) == 0 {
			text = fmt.Sprintf(plantedError, w.random.IntN(100))
		}
		list = append(list, message{at: at, version: version, text: text, form: form + 1, healthy: 20})
	}
	return list
}

// isFavourite says whether a text has the words of that form.
func (w *writer) isFavourite(text string) bool {
	return !slices.ContainsFunc(w.forms[favourite], func(part string) bool {
		return slices.Contains(vocabulary, part) && !strings.Contains(text, part)
	})
}

func isPlanted(text string) bool { return strings.HasPrefix(text, plantedError[:20]) }

// services is how many there are of each kind.
var services = flag.Int("services", 5, "services of each kind in TestNewsOfGeneratedLogs")

// TestNewsOfGeneratedLogs lets services of a few and of many errors run for a day each, in two versions.
// What is told of rare errors that come for the first time counts as false.
func TestNewsOfGeneratedLogs(t *testing.T) {
	for _, tc := range []struct {
		perMinute float64
		// forms is how many messages there are: what fails more often fails in more ways.
		forms int
		// worse is of how many services at least it is told what is worse in version 2. Of the ones that
		// report least it never is: there are too few records to tell it from chance.
		worse int
	}{{0.5, 10, 0}, {3, 20, *services * 3 / 4}, {20, 40, *services * 9 / 10}} {
		all, found, worse := figures{}, 0, 0
		var longest time.Duration
		for seed := range uint64(*services) {
			w := newWriter(seed, tc.forms)
			f := run(NewDefaultSettings(), w.day(tc.perMinute), isPlanted, w.isFavourite)
			require.Less(t, f.perHour(), 1.0, "seed %d", seed)
			all.add(f)
			longest = max(longest, f.delay)
			found += count(f.found)
			worse += count(f.worse > 0)
		}
		t.Logf("%4.1f errors a minute, %d services: %s (%d of them messages that had indeed not come before); planted errors told: %d, at the latest after %s; told that version 2 is worse: %d",
			tc.perMinute, *services, all.String(), all.rare, found, longest, worse)
		require.Less(t, all.perHour(), 0.25)
		require.GreaterOrEqual(t, found, *services*9/10)
		require.Less(t, longest, time.Minute)
		require.GreaterOrEqual(t, worse, tc.worse)
	}
}

func count(is bool) int {
	if is {
		return 1
	}
	return 0
}
