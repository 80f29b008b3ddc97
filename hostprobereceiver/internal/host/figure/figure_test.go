package figure

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWhatWasNotReadIsUnknown(t *testing.T) {
	var count Count
	_, known := count.Get()
	require.False(t, known)
	zero := Of[uint64](0)
	require.True(t, zero.Known(), "nothing was counted, which is not the same")
}

func TestTimesThatStepBackAreNotNegative(t *testing.T) {
	cpu := func(times CPUTimes) CPU { return CPU{Times: Of(times), Online: Of[uint64](2)} }
	spent, ok := cpu(CPUTimes{User: 12, Idle: 99, IOWait: 4, Steal: 1}).
		Since(cpu(CPUTimes{User: 10, Idle: 100, IOWait: 5, Steal: 2}))
	require.True(t, ok)
	require.Equal(t, CPUTimes{User: 2}, spent)
}

func TestCPUsThatComeOrGoBeginAnew(t *testing.T) {
	_, ok := CPU{Times: Of(CPUTimes{User: 30}), Online: Of[uint64](4)}.
		Since(CPU{Times: Of(CPUTimes{User: 10}), Online: Of[uint64](2)})
	require.False(t, ok)
}

func TestTimesThatWereNotReadCannotBeCompared(t *testing.T) {
	read := CPU{Times: Of(CPUTimes{User: 1}), Online: Of[uint64](2)}
	for _, pair := range [][2]CPU{{read, {}}, {{}, read}, {{}, {}}} {
		_, ok := pair[0].Since(pair[1])
		require.False(t, ok)
	}
}

func TestSpaceIsFullWhereProgramsCannotWrite(t *testing.T) {
	// 5 % of the blocks are kept for root; 3 % are free.
	space := Space{Total: 1000, Used: 970, Free: 30, Available: 0}
	used, ok := space.Utilisation()
	require.True(t, ok)
	require.InDelta(t, 1, used, 0)
	_, ok = Space{}.Utilisation()
	require.False(t, ok)
}

func TestInodesRunOutApartFromSpace(t *testing.T) {
	used, ok := Inodes{Total: 256, Free: 0}.Utilisation()
	require.True(t, ok)
	require.InDelta(t, 1, used, 0)
	_, ok = Inodes{}.Utilisation()
	require.False(t, ok, "btrfs has no fixed number")
}

func TestThreadsTakeOneOfTwoLimits(t *testing.T) {
	limit, ok := Tasks{MaxPIDs: Of[uint64](32768), MaxThreads: Of[uint64](192731)}.Limit()
	require.True(t, ok)
	require.EqualValues(t, 32768, limit)
	limit, ok = Tasks{MaxThreads: Of[uint64](192731)}.Limit()
	require.True(t, ok)
	require.EqualValues(t, 192731, limit)
	_, ok = Tasks{}.Limit()
	require.False(t, ok)
}
