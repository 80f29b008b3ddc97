package mountinfo

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestParse(t *testing.T) {
	tests := []struct {
		name, line string
		want       Mount
	}{
		{
			"without optional fields",
			"27 1 254:0 / / rw,relatime - ext4 /dev/vda rw,discard",
			Mount{Device: "254:0", Root: "/", Point: "/", Options: "rw,relatime", SuperOptions: "rw,discard", Type: "ext4", Source: "/dev/vda"},
		},
		{
			"with optional fields",
			"36 35 98:0 /mnt1 /mnt2 ro,noatime master:1 propagate_from:2 - ext3 /dev/root rw,errors=continue",
			Mount{Device: "98:0", Root: "/mnt1", Point: "/mnt2", Options: "ro,noatime", SuperOptions: "rw,errors=continue", Type: "ext3", Source: "/dev/root"},
		},
		{
			"with escaped blanks and backslashes",
			`40 1 0:44 / /mnt/my\040disk\134x rw - fuse.x a\011b rw`,
			Mount{Device: "0:44", Root: "/", Point: `/mnt/my disk\x`, Options: "rw", SuperOptions: "rw", Type: "fuse.x", Source: "a\tb"},
		},
		{
			"with a dash in a path",
			"41 1 0:45 / /mnt/a-b rw - tmpfs none rw",
			Mount{Device: "0:45", Root: "/", Point: "/mnt/a-b", Options: "rw", SuperOptions: "rw", Type: "tmpfs", Source: "none"},
		},
		{
			"with an empty source",
			"42 1 0:46 / /x rw - tmpfs  rw",
			Mount{Device: "0:46", Root: "/", Point: "/x", Options: "rw", SuperOptions: "rw", Type: "tmpfs"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			require.Equal(t, []Mount{tt.want}, Parse(tt.line+"\n"))
		})
	}
}

func TestLinesOfAnotherShapeAreLeftOut(t *testing.T) {
	for _, text := range []string{"", "\n", "27 1 254:0 / /", "27 1 254:0 / / rw ext4 /dev/vda rw", "- a b c", "27 1 254:0 / - ext4 x rw"} {
		require.Empty(t, Parse(text), text)
	}
}

func TestReadOnlyByMountOrByFilesystem(t *testing.T) {
	require.False(t, Mount{Options: "rw,errors=remount-ro", SuperOptions: "rw"}.ReadOnly())
	require.True(t, Mount{Options: "ro", SuperOptions: "rw"}.ReadOnly())
	require.True(t, Mount{Options: "rw", SuperOptions: "ro,errors=remount-ro"}.ReadOnly(), "after an error")
	require.True(t, Mount{Options: "rw", SuperOptions: "rw,emergency_ro"}.ReadOnly(), "after an error of ext4")
	require.True(t, Mount{Options: "rw", SuperOptions: "rw,shutdown"}.ReadOnly())
}

func FuzzParse(f *testing.F) {
	f.Add("27 1 254:0 / / rw,relatime - ext4 /dev/vda rw,discard\n")
	f.Add(`40 1 0:44 / /mnt/my\040disk\13 rw - fuse.x \777 rw`)
	f.Fuzz(func(t *testing.T, text string) {
		for _, m := range Parse(text) {
			require.NotEmpty(t, m.Device)
			m.ReadOnly()
			m.Has("memory")
		}
	})
}
