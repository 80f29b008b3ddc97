package failurefeedexporter

import (
	"io"
	"io/fs"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func (h *harness) text(path string) (string, answer) {
	h.t.Helper()
	response := h.do(http.MethodGet, path, nil)
	content, err := io.ReadAll(response.body)
	require.NoError(h.t, err)
	return string(content), response
}

func TestThePageIsServedWithAllThatItNeeds(t *testing.T) {
	h := newHarness(t, nil)
	index, response := h.text("/")
	require.Equal(t, http.StatusOK, response.status)
	require.Equal(t, "text/html; charset=utf-8", response.header.Get("Content-Type"))
	require.Equal(t, contentPolicy, response.header.Get("Content-Security-Policy"))
	require.NotContains(t, contentPolicy, "unsafe")

	wanted := regexp.MustCompile(`(?:href|src)="(assets/[^"]+)"`).FindAllStringSubmatch(index, -1)
	require.Len(t, wanted, 3)
	types := map[string]string{"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml"}
	files := map[string]bool{}
	var fetch func(path string)
	fetch = func(path string) {
		if files[path] {
			return
		}
		files[path] = true
		content, response := h.text("/" + path)
		require.Equal(t, http.StatusOK, response.status, path)
		require.Equal(t, types[path[strings.LastIndex(path, ".")+1:]], response.header.Get("Content-Type"), path)
		for _, imported := range regexp.MustCompile(`from "\./([^"]+)"`).FindAllStringSubmatch(content, -1) {
			fetch("assets/" + imported[1])
		}
	}
	for _, match := range wanted {
		fetch(match[1])
	}
	all, err := fs.Glob(pageFiles, "page/*")
	require.NoError(t, err)
	require.Len(t, files, len(all)-1, "each file beside index.html is used")
}

// TestThePageMakesNoMarkupOfText holds what keeps telemetry from becoming a part of the page: a browser is
// never handed markup, and the page loads nothing from elsewhere.
func TestThePageMakesNoMarkupOfText(t *testing.T) {
	forbidden := regexp.MustCompile(`innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function|createContextualFragment|\.style\b|\son[a-z]+=|<style|style="|https?://`)
	require.NoError(t, fs.WalkDir(pageFiles, "page", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := pageFiles.ReadFile(path)
		require.NoError(t, err)
		text := strings.ReplaceAll(string(content), "http://www.w3.org/2000/svg", "") // A name, which nothing loads.
		require.Empty(t, forbidden.FindAllString(text, -1), path)
		return nil
	}))
}

func TestNoFileBesideThePageIsServed(t *testing.T) {
	h := newHarness(t, nil)
	for _, path := range []string{"/assets/", "/assets/none.js", "/assets/..%2fpage.go", "/assets/%2e%2e%2f%2e%2e%2fgo.mod", "/index.html"} {
		_, response := h.text(path)
		require.Equal(t, http.StatusNotFound, response.status, path)
	}
}
