package scan

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"github.com/failuredetector/failuredetector/detect/internal/fold"
)

// MinLength is the shortest literal that can be looked for.
const MinLength = 3

const (
	// A text is busy where it has busyTimes as many windows as a healthy one, and busyWindows more.
	// By the shipped catalogue one healthy line of 200 is, and four failures of five.
	busyWindows = 4
	busyTimes   = 2
	// fewSets is for how many sets a line is searched for their literals without a sign.
	fewSets = 4
)

// Finder finds sets of literals. It is immutable.
type Finder struct {
	// anchors finds the literals by which the sets are looked for.
	anchors *table
	// setsOf has the sets of each anchor.
	setsOf lists[set]
	// others are what the sets need beside their anchors. The number of an anchor is
	// that in anchors; that of a companion comes after all of those.
	others     []int32
	companions packed
	// share is how many of a healthy text's bytes begin a window that the filter lets pass. It
	// grows with the number of literals.
	share float32
}

// set is one conjunction: its number, where its others stand, and their sign.
type set struct {
	number     int32
	from, upto int32
	sign       Sign
}

// Found is what a scan found, and the memory for the next one. Its zero value is
// ready for use, and it may be used again for any Finder.
type Found struct {
	// List has each set of which all literals occur, once, in no order that means anything.
	// Of a text that is no line, in which other literals are not looked for one by one, it
	// has also sets that only seem to.
	List []Hit
	// Folded is the text as package fold folds it, valid until the next scan.
	Folded []byte
	// Cut says that the text has so many literals that its end was not looked at.
	Cut bool
	// Slack is by how much folding made the text shorter. What lies in the folded text
	// at a place lies in the text at that place or up to Slack bytes behind it.
	Slack int

	anchors marks
	// grams are those of the text, if signed says so.
	grams  grams
	signed bool
}

// Hit is a set of which all literals occur.
type Hit struct {
	// Set is its place in what New was given.
	Set int32
	// Anchor numbers one of its literals, of which Places tells where it occurs.
	Anchor int32
}

// New prepares sets of literals: each at least one, folded as package fold does
// it, and at least MinLength bytes long.
func New(sets [][]string) *Finder {
	literals, parts := number(sets)
	anchors, places, chosen := chooseAnchors(literals, parts)

	// Anchors are numbered first, in the order of the sets.
	numbers := make([]int32, len(literals))
	distinct := countDistinct(anchors, len(literals))
	anchorTexts, anchorPlaces := make([]string, 0, distinct), make([]place, 0, distinct)
	companionTexts := make([]string, 0, len(literals)-distinct)
	for _, anchor := range anchors {
		if numbers[anchor] == 0 {
			anchorTexts = append(anchorTexts, literals[anchor])
			anchorPlaces = append(anchorPlaces, places[anchor])
			numbers[anchor] = int32(len(anchorTexts))
		}
	}
	for _, list := range parts {
		for _, literal := range list {
			if numbers[literal] == 0 {
				companionTexts = append(companionTexts, literals[literal])
				numbers[literal] = int32(len(anchorTexts) + len(companionTexts))
			}
		}
	}
	f := &Finder{anchors: newTable(anchorTexts, anchorPlaces), companions: pack(companionTexts)}
	f.link(literals, parts, anchors, numbers, chosen.wholes)
	f.share = f.anchors.shareOf(healthyText)
	return f
}

// countDistinct counts the different numbers in a list, all below a limit.
func countDistinct(numbers []int32, limit int) int {
	seen := make([]bool, limit)
	count := 0
	for _, n := range numbers {
		if !seen[n] {
			seen[n] = true
			count++
		}
	}
	return count
}

// number gives each distinct literal a number, in order, and the sets by their
// numbers. What stands in another literal of its set is left out.
func number(sets [][]string) (literals []string, parts [][]int32) {
	known := make(map[string]int32, len(sets)*3/4)
	literals = make([]string, 0, len(sets))
	parts = make([][]int32, len(sets))
	total := 0
	for _, set := range sets {
		total += len(set)
	}
	numbers := make([]int32, 0, total)
	for i, set := range sets {
		for j, literal := range set {
			if slices.ContainsFunc(set, func(other string) bool { return contains(other, literal) }) || slices.Contains(set[:j], literal) {
				continue
			}
			n, isKnown := known[literal]
			if !isKnown {
				n = int32(len(literals))
				known[literal] = n
				literals = append(literals, literal)
			}
			numbers = append(numbers, n)
		}
		parts[i], numbers = numbers, numbers[len(numbers):]
	}
	return literals, parts
}

func contains(other, literal string) bool {
	return len(other) > len(literal) && strings.Contains(other, literal)
}

// link fills setsOf and others. numbers count from one.
func (f *Finder) link(literals []string, parts [][]int32, anchors, numbers []int32, frequencies []float32) {
	counts := make([]int32, f.anchors.literals.count())
	others := 0
	for i, anchor := range anchors {
		counts[numbers[anchor]-1]++
		others += len(parts[i]) - 1
	}
	f.others = make([]int32, 0, others)
	f.setsOf = newLists[set](counts)
	var texts []string
	for i, list := range parts {
		// What is hardly ever there is asked for first.
		slices.SortStableFunc(list, func(a, b int32) int { return cmp.Compare(frequencies[a], frequencies[b]) })
		s := set{number: int32(i), from: int32(len(f.others))}
		texts = texts[:0]
		for _, literal := range list {
			if literal != anchors[i] {
				f.others = append(f.others, numbers[literal]-1)
				texts = append(texts, literals[literal])
			}
		}
		s.upto = int32(len(f.others))
		if len(texts) > 0 {
			s.sign = SignOf(texts)
		}
		f.setsOf.add(int(numbers[anchors[i]])-1, s)
	}
}

// Scan fills found with the sets of which all literals occur in a text, whatever its case.
func (f *Finder) Scan(text string, found *Found) {
	f.Look(text, found)
	f.Find(found)
}

// Look begins a scan. It says whether the begin of the text has many more windows that may be
// looked for than a healthy text, so that it probably reports a failure.
func (f *Finder) Look(text string, found *Found) (isBusy bool) {
	found.begin(text)
	windows, size := f.anchors.look(found.padded(), len(found.Folded), &found.anchors)
	return float32(windows) >= busyWindows+busyTimes*f.share*float32(size)
}

// Find ends the scan of the text that was looked at.
func (f *Finder) Find(found *Found) {
	found.Cut = !f.anchors.scan(found.padded(), len(found.Folded), &found.anchors)
	if len(found.anchors.seen) > 0 {
		f.complete(found)
	}
}

// begin folds the text and appends zeros to it, over which the last windows reach.
func (found *Found) begin(text string) {
	found.List = found.List[:0]
	folded := fold.Append(found.Folded[:0], text)
	size := len(folded)
	found.Slack = len(text) - size
	folded = slices.Grow(folded, padding)[:size+padding]
	clear(folded[size:])
	found.Folded, found.signed = folded[:size], false
}

// padded is the folded text and the zeros behind it.
func (found *Found) padded() []byte { return found.Folded[:len(found.Folded)+padding] }

// Places appends where in the folded text an anchor begins, in order.
func (found *Found) Places(list []int32, anchor int32) []int32 {
	from := len(list)
	m := &found.anchors
	for at := m.marks[anchor].latest; at >= 0; at = m.places[at].before {
		list = append(list, m.places[at].at)
	}
	slices.Sort(list[from:])
	return slices.Compact(list)
}

// complete lists the sets whose anchor was seen and whose other literals occur as well,
// or seem to.
func (f *Finder) complete(found *Found) {
	few := len(found.Folded) <= longLine && f.haveFewSets(found.anchors.seen)
	for _, anchor := range found.anchors.seen {
		sets := f.setsOf.of(int(anchor))
		for i := range sets {
			s := &sets[i]
			if s.from == s.upto || (few || found.MayHave(s.sign)) && f.hasAll(found, f.others[s.from:s.upto]) {
				found.List = append(found.List, Hit{Set: s.number, Anchor: anchor})
			}
		}
	}
}

// haveFewSets says whether anchors have so few sets that looking for the others of these costs
// less than noting the sequences of the text.
func (f *Finder) haveFewSets(anchors []int32) bool {
	left := fewSets
	for _, anchor := range anchors {
		if left -= len(f.setsOf.of(int(anchor))); left < 0 {
			return false
		}
	}
	return true
}

func (f *Finder) hasAll(found *Found, others []int32) bool {
	for _, other := range others {
		if n := int32(f.anchors.literals.count()); other < n {
			if !found.anchors.has(other) {
				return false
			}
		} else if len(found.Folded) <= longLine && !bytes.Contains(found.Folded, f.companions.of(other-n)) {
			return false
		}
	}
	return true
}
