package cascade

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// causes gives what a trace's failures come from, as "inventory reported: inventory checkout gateway".
func (d *drawing) causes(v *Verdict) []string {
	list := []string{}
	for _, c := range v.Causes {
		names := []string{}
		for _, n := range c.Path {
			names = append(names, d.Name(n))
		}
		evidence := []string{"reported", "slow", "unanswered", "refused"}[c.Evidence]
		list = append(list, fmt.Sprintf("%s %s: %s", d.Name(c.Origin), evidence, strings.Join(names, " ")))
	}
	slices.Sort(list)
	return list
}

// known is what the tracker saw go well before: who answers under which name.
const known = `
		gateway S 0-50
			gateway C 1-49 checkout.internal
				checkout S 2-48
					checkout C 3-20 stock.internal
						stock S 4-19
					checkout C 21-40 bank.internal
						bank S 22-39`

var originsOfTraces = map[string]struct {
	tree string
	want []string
}{
	"the deepest failure is the origin of those above it": {`
		gateway S! 0-50
			gateway C! 1-49 checkout.internal
				checkout S! 2-48
					checkout C! 3-20 stock.internal
						stock S! 4-19`, []string{"stock reported: stock checkout gateway"}},
	"a service that reports no failure is bridged": {`
		gateway S! 0-50
			gateway C! 1-49 checkout.internal
				checkout S 2-48
					checkout C 3-20 stock.internal
						stock S! 4-19`, []string{"stock reported: stock checkout gateway"}},
	"spans within a service need not report it": {`
		gateway S! 0-50
			gateway I 1-49
				gateway C! 1-49 checkout.internal
					checkout S! 2-48`, []string{"checkout reported: checkout gateway"}},
	"two failures side by side are two": {`
		gateway S! 0-50
			gateway C! 1-49 checkout.internal
				checkout S! 2-48
					checkout C! 3-20 stock.internal
						stock S! 4-19
					checkout C! 21-40 bank.internal
						bank S! 22-39`, []string{"bank reported: bank checkout gateway", "stock reported: stock checkout gateway"}},
	"a call that was good the second time explains nothing": {`
		gateway S! 0-90
			gateway C! 1-80 checkout.internal
				checkout S! 2-79
					checkout C! 3-20 stock.internal
						stock S! 4-19
					checkout C 21-40 stock.internal
						stock S 22-39`, []string{"checkout reported: checkout gateway", "stock reported: stock checkout"}},
	"who does not answer is the origin": {`
		gateway S! 0-50
			gateway C! 1-49 checkout.internal
				checkout S! 2-48
					checkout C! 3-5 stock.internal`, []string{"stock unanswered: stock checkout gateway"}},
	"who is given up while at work is the origin": {`
		gateway S! 0-1100
			gateway C! 1-1090 checkout.internal
				checkout S! 2-1080
					checkout C! 3-1003 stock.internal
						stock S 4-5000`, []string{"stock slow: stock checkout gateway"}},
	"and behind it who it waited for": {`
		gateway S! 0-1100
			gateway C! 1-1001 checkout.internal
				checkout S 2-6000
					checkout C 3-5900 stock.internal
						stock S 4-5800`, []string{"stock slow: stock checkout gateway"}},
	"who is named in an address is known by it": {`
		checkout S! 2-48
			checkout C! 3-5 stock.shop.svc`, []string{"stock unanswered: stock checkout"}},
	"who reports none of its calls fails for the one that was not answered": {`
		gateway S! 0-50
			gateway C! 1-49 checkout.internal
				checkout S! 2-48
					checkout C 3-5 stock.internal`, []string{"stock unanswered: stock checkout gateway"}},
	"who has no time left fails for the call that is not over": {`
		gateway S! 0-1100
			gateway C! 1-1090 checkout.internal
				checkout S! 2-1000
					checkout C 3-5000 stock.internal
						stock S 4-4990`, []string{"stock slow: stock checkout gateway"}},
	"a request that was refused for what it asks is the caller's": {`
		gateway S! 0-50
			gateway C! 1-49 checkout.internal
				checkout S! 2-48
					checkout C! 3-20 stock.internal caller
						stock S 4-19`, []string{"checkout reported: checkout gateway"}},
	"who answers with a failure that it does not report is the origin": {`
		gateway S! 0-50
			gateway C! 1-49 checkout.internal callee
				checkout S 2-48`, []string{"checkout refused: checkout gateway"}},
	"a part that lost its parent is put where it fits": {`
		gateway S! 0-50
			gateway C! 1-49 somewhere
				checkout S 2-48 lost
					checkout C 3-20 lost
						stock S! 4-19`, []string{"stock reported: stock gateway"}},
	"nobody waits for who takes a message": {`
		gateway S! 0-50
			gateway P 1-2
				stock Q! 900-990`, []string{"gateway reported: gateway", "stock reported: stock"}},
}

func TestOriginOfATrace(t *testing.T) {
	for name, tc := range originsOfTraces {
		t.Run(name, func(t *testing.T) {
			d := draw(t)
			for i := range byte(3) {
				d.Add(d.nanos, d.trace(200+i, known))
			}
			require.Empty(t, d.settle())
			d.Add(d.nanos, d.trace(1, tc.tree))
			verdicts := d.settle()
			require.Len(t, verdicts, 1)
			require.Equal(t, tc.want, d.causes(&verdicts[0]))
		})
	}
}

func TestClocksThatDiffer(t *testing.T) {
	d := draw(t)
	spans := d.trace(1, `
		gateway S! 0-1100
			gateway C! 1-1090 checkout.internal
				checkout S! 2-1080
					checkout C! 3-1003 stock.internal
						stock S 4-5000`)
	skews := map[Node]int64{d.Service("gateway", ""): -120 * second, d.Service("checkout", ""): 0, d.Service("stock", ""): 180 * second}
	for i := range spans {
		spans[i].Start, spans[i].End = spans[i].Start+skews[spans[i].Service], spans[i].End+skews[spans[i].Service]
	}
	d.Add(d.nanos, spans)
	verdicts := d.settle()
	require.Len(t, verdicts, 1)
	require.Equal(t, []string{"stock slow: stock checkout gateway"}, d.causes(&verdicts[0]))
}

func TestWhatAServiceLivesWithExplainsNothing(t *testing.T) {
	d := draw(t)
	const lives = `
		gateway S 0-50
			gateway C! 1-20 hints.internal
				hints S! 2-19`
	const fails = `
		gateway S! 0-50
			gateway C! 1-20 hints.internal
				hints S! 2-19`
	for i := range byte(20) {
		d.Add(d.nanos, d.trace(i+1, lives))
	}
	d.settle()
	d.Add(d.nanos, d.trace(100, fails))
	verdicts := d.settle()
	require.Len(t, verdicts, 1)
	require.Equal(t, []string{"gateway reported: gateway", "hints reported: hints gateway"}, d.causes(&verdicts[0]))
}

func TestLinkedTracesAreLookedAtTogether(t *testing.T) {
	for name, order := range map[string][]int{"in order": {0, 1}, "the follower first": {1, 0}} {
		t.Run(name, func(t *testing.T) {
			d := draw(t)
			sender := d.trace(1, `
		shop S! 0-50
			shop P! 1-2`)
			taker := d.trace(2, `
		mail Q! 900-990
			mail C! 910-980
				smtp S! 911-979`)
			taker[0].Link = Link{Trace: TraceID{1}, Span: sender[1].ID}
			batches := [][]Span{sender, taker}
			for _, i := range order {
				d.Add(d.nanos, batches[i])
			}
			require.Equal(t, 1, d.traces.used())
			verdicts := d.settle()
			require.Len(t, verdicts, 1)
			require.Contains(t, d.causes(&verdicts[0]), "smtp reported: smtp mail shop")
			require.Empty(t, d.byID)
		})
	}
}

func TestVerdictOnReportedFailures(t *testing.T) {
	d := draw(t)
	spans := d.trace(1, `
		gateway S! 0-50
			gateway C! 1-49 checkout.internal
				checkout S 2-48
					checkout I! 3-20
						stock S! 4-19`)
	key := func(b byte) [16]byte { return [16]byte{b} }
	mark := func(i int, b byte) Mark {
		return Mark{Trace: TraceID{1}, Span: spans[i].ID, Service: spans[i].Service, Key: key(b)}
	}
	d.Mark(d.nanos, mark(4, 1)) // Before its span.
	d.Add(d.nanos, spans)
	d.Mark(d.nanos, mark(0, 2))
	d.Mark(d.nanos, mark(2, 3)) // A log on a span that calls itself good.
	lost := mark(0, 4)
	lost.Span = SpanID{99}
	d.Mark(d.nanos, lost)
	verdicts := d.settle()
	require.Len(t, verdicts, 1)
	marks := verdicts[0].Marks
	require.Len(t, marks, 4)
	require.True(t, marks[0].Own)
	for _, m := range marks[1:] {
		require.False(t, m.Own)
		require.Equal(t, "stock", d.Name(m.Origin))
		require.Equal(t, key(1), m.OriginKey)
	}
}

func TestFailureOfAnotherTypeInOneService(t *testing.T) {
	d := draw(t)
	spans := d.trace(1, `
		checkout S! 0-50
			checkout C! 1-49 db`)
	for i := range spans {
		d.Mark(d.nanos, Mark{Trace: TraceID{1}, Span: spans[i].ID, Service: spans[i].Service, Key: [16]byte{byte(i + 1)}})
	}
	d.Add(d.nanos, spans)
	marks := d.settle()[0].Marks
	require.False(t, marks[0].Own)
	require.Equal(t, [16]byte{2}, marks[0].OriginKey)
	require.True(t, marks[1].Own)
}

func TestWhatFailsAsUsualIsNoSuspect(t *testing.T) {
	d := draw(t)
	ask := func(tree string, n int) {
		for range n {
			d.Add(d.nanos, d.trace(byte(d.spans%250+1), tree))
			d.nanos += second
			d.Tick(d.nanos)
		}
	}
	for range 60 {
		ask("\n\t\tshop S! 0-50", 6)
		ask("\n\t\tshop S 0-50", 20)
	}
	ask("\n\t\tbank S! 0-50", 4)
	d.settle()
	suspects := d.Suspects()
	require.Equal(t, "bank", suspects[0].Name)
	require.Greater(t, d.Suspect(d.Service("shop", "shop")).Traces, suspects[0].Traces, "although the other fails more often")
}

func TestADatabaseOfOneServiceIsThatService(t *testing.T) {
	const query = `
		%s S! 0-50
			%s C! 1-49 orders.db`
	d := draw(t)
	d.Add(d.nanos, d.trace(1, fmt.Sprintf(query, "stock", "stock")))
	first := d.settle()
	require.Equal(t, []string{"stock reported: stock"}, d.causes(&first[0]))
	d.Add(d.nanos, d.trace(2, fmt.Sprintf(query, "bank", "bank")))
	shared := d.settle()
	require.Equal(t, []string{"orders.db unanswered: orders.db bank"}, d.causes(&shared[0]))
	require.True(t, d.Suspect(shared[0].Causes[0].Origin).External)
}

func TestCallsThatNobodyEverAnsweredExplainNothing(t *testing.T) {
	d := draw(t)
	for i := range byte(10) {
		d.Add(d.nanos, d.trace(200+i, `
		gateway S 0-50
			gateway C 1-49 stock.internal
				stock S 2-48
					stock C 3-20 gateway.internal`))
	}
	require.Empty(t, d.settle())
	d.Add(d.nanos, d.trace(1, `
		gateway S! 0-50
			gateway C! 1-49 stock.internal
				stock S! 2-48
					stock C 3-20 gateway.internal`))
	verdicts := d.settle()
	require.Len(t, verdicts, 1)
	require.Equal(t, []string{"stock reported: stock gateway"}, d.causes(&verdicts[0]))
}
