package failurefeedexporter

import (
	"embed"
	"net/http"
	"path"
)

// pageFiles are the page. It is plain HTML, CSS and JavaScript modules, so nothing builds it.
//
//go:embed page
var pageFiles embed.FS

func servePage(w http.ResponseWriter, _ *http.Request) { servePageFile(w, "index.html") }

func serveAsset(w http.ResponseWriter, r *http.Request) { servePageFile(w, r.PathValue("file")) }

func servePageFile(w http.ResponseWriter, name string) {
	content, err := pageFiles.ReadFile("page/" + name)
	if err != nil {
		writeProblem(w, http.StatusNotFound, "there is nothing under this path")
		return
	}
	w.Header().Set("Content-Type", contentType(name))
	w.Header().Set("Cache-Control", "no-cache") // The next version of the collector has another page.
	_, _ = w.Write(content)                     // The client is gone; there is nobody to tell.
}

// contentType does not rest on what the machine knows about files, which may be nothing.
func contentType(name string) string {
	switch path.Ext(name) {
	case ".html":
		return "text/html; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	default:
		return "application/octet-stream"
	}
}
