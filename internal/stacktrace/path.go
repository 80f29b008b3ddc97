package stacktrace

import "strings"

// roots are directories that say where something is installed and not what it
// is. They differ from host to host.
var roots = map[string]bool{
	"": true, ".": true, "..": true, "~": true, "app": true, "apps": true, "application": true, "bin": true, "build": true, "code": true,
	"current": true, "deploy": true, "dist": true, "home": true, "html": true, "lib": true, "opt": true, "out": true, "project": true,
	"projects": true, "public": true, "release": true, "releases": true, "repo": true, "root": true, "server": true, "service": true, "source": true,
	"src": true, "srv": true, "task": true, "tmp": true, "usr": true, "var": true, "work": true, "workspace": true, "www": true,
}

// shortPath gives a file with its directory, or without it where the directory
// is a place of installation or a release: what is the same on all hosts.
func shortPath(path string) string {
	path = strings.ReplaceAll(path, `\`, "/")
	if query := strings.IndexAny(path, "?#"); query > 0 {
		path = path[:query]
	}
	slash := strings.LastIndexByte(path, '/')
	if slash < 0 {
		return path
	}
	directory := path[strings.LastIndexByte(path[:slash], '/')+1 : slash]
	if roots[strings.ToLower(directory)] || isRelease(directory) || strings.HasSuffix(directory, ":") {
		return path[slash+1:]
	}
	return directory + path[slash:]
}

// isRelease says whether a directory is named for a version, a date or a
// commit, as deployments do.
func isRelease(name string) bool {
	count := 0
	for i := range len(name) {
		if isDigit(name[i]) {
			count++
		}
	}
	return count > 0 && 2*count >= len(name) || count > 1 && len(name) >= 7 && isHex(name)
}

func isHex(text string) bool {
	for i := range len(text) {
		if c := text[i] | 0x20; !isDigit(text[i]) && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}
