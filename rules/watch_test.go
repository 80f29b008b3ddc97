package rules_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/failuredetector/failuredetector/rules"
)

// patience bounds the wait for a change that must come.
const patience = 20 * time.Second

func changed(t *testing.T, w *rules.Watcher) {
	t.Helper()
	select {
	case <-w.Changes:
	case err := <-w.Errors:
		require.NoError(t, err)
	case <-time.After(patience):
		t.Fatal("no change was seen")
	}
}

func watch(t *testing.T, paths ...string) *rules.Watcher {
	t.Helper()
	w, err := rules.NewWatcher(paths)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, w.Close()) })
	return w
}

func TestWatchSeesAFileThatIsRewritten(t *testing.T) {
	dir := write(t, map[string]string{"a.yaml": base})
	name := filepath.Join(dir, "a.yaml")
	w := watch(t, name)
	require.NoError(t, os.WriteFile(name, []byte(base+"\n"), 0o600))
	changed(t, w)
}

func TestWatchSeesASwappedLink(t *testing.T) {
	// Kubernetes mounts a ConfigMap as links into ..data, which is itself a link
	// that an update renames over.
	dir := t.TempDir()
	for _, version := range []string{"..1", "..2"} {
		require.NoError(t, os.Mkdir(filepath.Join(dir, version), 0o700))
		require.NoError(t, os.WriteFile(filepath.Join(dir, version, "a.yaml"), []byte(base), 0o600))
	}
	require.NoError(t, os.Symlink("..1", filepath.Join(dir, "..data")))
	require.NoError(t, os.Symlink(filepath.Join("..data", "a.yaml"), filepath.Join(dir, "a.yaml")))
	w := watch(t, filepath.Join(dir, "a.yaml"))
	require.NoError(t, os.Symlink("..2", filepath.Join(dir, "..data_tmp")))
	require.NoError(t, os.Rename(filepath.Join(dir, "..data_tmp"), filepath.Join(dir, "..data")))
	changed(t, w)
}

func TestWatchSeesADirectoryThatIsMadeAnew(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "rules")
	require.NoError(t, os.Mkdir(dir, 0o700))
	w := watch(t, dir)
	require.NoError(t, os.Remove(dir))
	changed(t, w)
	require.NoError(t, os.Mkdir(dir, 0o700))
	changed(t, w)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "a.yaml"), []byte(base), 0o600))
	changed(t, w)
}

func TestWatchRefusesADirectoryThatIsNotThere(t *testing.T) {
	_, err := rules.NewWatcher([]string{filepath.Join(t.TempDir(), "gone", "a.yaml")})
	require.ErrorContains(t, err, "watching rule files in ")
}
