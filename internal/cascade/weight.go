package cascade

import (
	"strconv"
	"strings"
)

const (
	// thresholdDigits is the length of a whole sampling threshold; missing ones at its end are 0.
	thresholdDigits = 14
	// thresholdRange is the number of its values.
	thresholdRange = 1 << 56
	// maxPower is the largest power of two that the older form has; one more says that nothing counts.
	maxPower = 62
	// maxWeight keeps one span from outweighing all others for ever.
	maxWeight = 1e6
)

// Weight gives how many traces a trace stands for, as the sampling threshold in its tracestate says:
// `ot=th:c` rejects three of four. The older `ot=p:2` says the same. 0 is not told.
func Weight(tracestate string) float32 {
	for member := range strings.SplitSeq(tracestate, ",") {
		if value, found := strings.CutPrefix(strings.TrimSpace(member), "ot="); found {
			return weightOf(value)
		}
	}
	return 0
}

func weightOf(value string) float32 {
	for field := range strings.SplitSeq(value, ";") {
		key, text, _ := strings.Cut(field, ":")
		switch key {
		case "th":
			if text == "" || len(text) > thresholdDigits {
				return 0
			}
			rejected, err := strconv.ParseUint(text, 16, 64)
			if err != nil {
				return 0
			}
			rejected <<= 4 * (thresholdDigits - len(text))
			return float32(min(float64(thresholdRange)/float64(thresholdRange-rejected), maxWeight))
		case "p":
			power, err := strconv.ParseUint(text, 10, 8)
			if err != nil || power > maxPower {
				return 0
			}
			return float32(min(float64(uint64(1)<<power), maxWeight))
		}
	}
	return 0
}
