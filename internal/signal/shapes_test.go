package signal_test

import (
	"math"
	"math/rand/v2"
	"time"
)

// shape is a kind of series between 0 and 1.
type shape struct {
	name string
	// fills says that the series reaches 1 after it has begun to rise, which is when a warning is due.
	fills bool
	// make gives the value at a time, without noise, for one random series.
	make func(r *rand.Rand) func(t time.Duration) float64
	// noise is the standard deviation of what is added, and rho how much each follows the one before.
	noise, rho float64
	length     time.Duration
	// begins is the sample with which a series that fills begins to rise, and judged that from which the claims
	// about the others count: how high a series has been is known only after the longest window.
	begins, judged int
}

// quiet is how long a series that fills is level before it rises.
const quiet = 7 * time.Hour

const (
	quietSamples = int(quiet / interval)
	warmUp       = int(6 * time.Hour / interval)
)

const day = 24 * time.Hour

// fill rises steadily by so many points an hour.
func fill(from, perHour float64) func(*rand.Rand) func(time.Duration) float64 {
	return func(r *rand.Rand) func(time.Duration) float64 {
		from, perHour := from+0.04*(r.Float64()-.5), perHour*(0.85+0.3*r.Float64())
		return func(t time.Duration) float64 { return from + perHour/100*max(0, t-quiet).Hours() }
	}
}

// sawtooth rises by so much and falls back, again and again.
func sawtooth(from, rise float64, period time.Duration) func(*rand.Rand) func(time.Duration) float64 {
	return func(r *rand.Rand) func(time.Duration) float64 {
		begin := r.Float64()
		return func(t time.Duration) float64 {
			_, part := math.Modf(begin + float64(t)/float64(period))
			return from + rise*part
		}
	}
}

// steps goes to another level every few hours.
func steps(r *rand.Rand) func(time.Duration) float64 {
	level, next := 0.75, time.Duration(0)
	return func(t time.Duration) float64 {
		if t >= next {
			level = min(max(level+0.05*r.NormFloat64(), 0.55), 0.93)
			next = t + time.Duration((0.5+3*r.Float64())*float64(time.Hour))
		}
		return level
	}
}

// sine goes up and down once a day.
func sine(r *rand.Rand) func(time.Duration) float64 {
	begin := r.Float64()
	return func(t time.Duration) float64 {
		return 0.70 + 0.15*math.Sin(2*math.Pi*(begin+float64(t)/float64(day)))
	}
}

// walk goes up or down a little with every sample, and turns back at its bounds.
func walk(r *rand.Rand) func(time.Duration) float64 {
	value := 0.75
	return func(time.Duration) float64 {
		value = min(max(value+0.0005*r.NormFloat64(), 0.5), 0.95)
		return value
	}
}

// burst is a file that is written in a quarter of an hour, stays and is removed.
func burst(r *rand.Rand) func(time.Duration) float64 {
	begin, height := time.Duration(7+10*r.Float64())*time.Hour, 0.08+0.12*r.Float64()
	return func(t time.Duration) float64 {
		written := min(max(float64(t-begin)/float64(15*time.Minute), 0), 1)
		if t > begin+4*time.Hour {
			written = 0
		}
		return 0.70 + height*written
	}
}

// rotation is a day of logs that are rotated at night, on what is there anyway.
func rotation(r *rand.Rand) func(time.Duration) float64 {
	return sawtooth(0.66, 0.12, day)(r)
}

// collection is a heap that is swept every few minutes, more thoroughly every hour.
func collection(r *rand.Rand) func(time.Duration) float64 {
	minor, major := sawtooth(0.60, 0.12, 4*time.Minute)(r), sawtooth(0, 0.08, 70*time.Minute)(r)
	return func(t time.Duration) float64 { return minor(t) + major(t) }
}

func level(r *rand.Rand) func(time.Duration) float64 {
	at := 0.6 + 0.32*r.Float64()
	return func(time.Duration) float64 { return at }
}

// shapes are what the forecast is measured on.
var shapes = []shape{
	{name: "fill, 1.5 points an hour", fills: true, begins: quietSamples, judged: warmUp, make: fill(.62, 1.5), noise: .0005},
	{name: "fill, 5 points an hour", fills: true, begins: quietSamples, judged: warmUp, make: fill(.60, 5), noise: .0005},
	{name: "fill, 5, noise that lasts", fills: true, begins: quietSamples, judged: warmUp, make: fill(.60, 5), noise: .003, rho: .9},
	{name: "fill, 15 points an hour", fills: true, begins: quietSamples, judged: warmUp, make: fill(.55, 15), noise: .0005},
	{name: "fill, 40 points an hour", fills: true, begins: quietSamples, judged: warmUp, make: fill(.50, 40), noise: .001, rho: .5},
	{name: "fill, 120 points an hour", fills: true, begins: quietSamples, judged: warmUp, make: fill(.60, 120), noise: .001, rho: .5},
	{name: "level", judged: warmUp, make: level, noise: .001, rho: .5, length: day},
	{name: "sawtooth of 10 points, hourly", judged: warmUp, make: sawtooth(.75, .10, time.Hour), noise: .001, length: day},
	{name: "sawtooth of 25, every 3 hours", judged: warmUp, make: sawtooth(.65, .25, 3*time.Hour), noise: .001, length: day},
	{name: "log rotation, 12 points daily", judged: warmUp, make: rotation, noise: .0005, length: 3 * day},
	{name: "garbage collection", judged: warmUp, make: collection, noise: .002, length: day},
	{name: "random steps", judged: warmUp, make: steps, noise: .001, length: day},
	{name: "sine, daily", judged: warmUp, make: sine, noise: .001, rho: .5, length: 2 * day},
	{name: "random walk", judged: warmUp, make: walk, length: day},
	{name: "burst that stops", judged: warmUp, make: burst, noise: .0005, length: day},
}

// series gives the samples of one random series of a shape, to the one where it is full, and when between the
// last two that is.
func (s *shape) series(seed uint64) (samples []float64, full time.Duration) {
	r := rand.New(rand.NewPCG(seed, 41))
	value, residual := s.make(r), 0.0
	length := s.length
	if s.fills {
		length = 60 * time.Hour
	}
	before := 0.0
	for t := time.Duration(0); t < length; t += interval {
		v := value(t)
		residual = s.rho*residual + s.noise*math.Sqrt(1-s.rho*s.rho)*r.NormFloat64()
		samples = append(samples, min(max(v+residual, 0), 1))
		if s.fills && v >= 1 {
			return samples, t - time.Duration(float64(interval)*(v-1)/(v-before))
		}
		before = v
	}
	return samples, 0
}
