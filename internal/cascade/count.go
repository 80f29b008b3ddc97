package cascade

import "math"

// count is a number of which half is forgotten with each half-life.
type count struct {
	value float64
	at    int64
}

func (c *count) add(now int64, n float64, halfLife int64) {
	c.value, c.at = c.get(now, halfLife)+n, now
}

func (c *count) get(now, halfLife int64) float64 {
	if now <= c.at || c.value == 0 {
		return c.value
	}
	return c.value * math.Exp2(-float64(now-c.at)/float64(halfLife))
}

// lower is the lower bound of a share of which k of n were seen (Wilson's, one standard deviation), so
// that one of one is not as sure as a hundred of a hundred.
func lower(k, n float64) float64 {
	if n <= 0 || k <= 0 {
		return 0
	}
	p := min(k/n, 1)
	return max((p+1/(2*n)-math.Sqrt((p*(1-p)+1/(4*n))/n))/(1+1/n), 0)
}
