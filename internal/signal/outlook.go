package signal

import "time"

// Tier is how soon something will be full.
type Tier uint8

// The tiers, from none to the most urgent.
const (
	Calm Tier = iota
	Expected
	Near
	Imminent
)

// tiers say within what time, and at what use, each is true.
var tiers = [...]struct {
	within time.Duration
	use    float64
}{
	Expected: {24 * time.Hour, 0.60},
	Near:     {4 * time.Hour, 0.80},
	Imminent: {30 * time.Minute, 0.50},
}

const (
	// sure is how many scans in a row have to say so.
	sure = 6
	// away is how many scans in a row have to say that it is twice as far off, before it is over.
	away = 20
)

// Outlook follows the forecasts of one series.
type Outlook struct {
	tier Tier
	// met counts the scans in a row that said so of each tier, and far those that the tier is far from.
	met [len(tiers)]int
	far int
}

// Look takes a forecast, and says whether the outlook changed. A scan that failed is no look.
func (o *Outlook) Look(use float64, forecast Forecast, found bool) bool {
	reached := Calm
	for tier := Expected; tier <= Imminent; tier++ {
		t := &tiers[tier]
		if inARow(&o.met[tier], found && forecast.ETA < t.within && use >= t.use) >= sure {
			reached = tier
		}
	}
	if reached > o.tier {
		o.tier, o.far = reached, 0
		return true
	}
	if o.tier == Calm {
		return false
	}
	if inARow(&o.far, !found || forecast.ETA > 2*tiers[o.tier].within) < away {
		return false
	}
	o.tier, o.far = reached, 0
	return true
}

// Tier tells how soon it will be full, for certain enough to say so.
func (o *Outlook) Tier() Tier { return o.tier }

// Reset forgets what was forecast.
func (o *Outlook) Reset() { *o = Outlook{} }
