package rules

import (
	"embed"
	"io/fs"
)

//go:embed packs/*.yaml
var packFiles embed.FS

// builtinDir stands in Source.File for the packs that ship with the project.
const builtinDir = "builtin/"

// builtinFiles reads the shipped packs, sorted by name.
func builtinFiles() ([]file, error) {
	entries, err := fs.ReadDir(packFiles, "packs")
	if err != nil {
		return nil, err
	}
	files := make([]file, 0, len(entries))
	for _, entry := range entries {
		content, err := packFiles.ReadFile("packs/" + entry.Name())
		if err != nil {
			return nil, err
		}
		files = append(files, file{name: builtinDir + entry.Name(), content: content})
	}
	return files, nil
}
