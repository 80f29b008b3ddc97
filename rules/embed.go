package rules

import (
	"embed"
	"errors"
	"io/fs"
	"sync"
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
		files = append(files, file{name: builtinDir + entry.Name(), content: content, shipped: true})
	}
	return files, nil
}

// builtin is what the shipped packs say. They are in the program and never change, so they are read once.
var builtin = sync.OnceValues(readBuiltin)

func readBuiltin() (*catalogue, error) {
	files, err := builtinFiles()
	if err != nil {
		return nil, err
	}
	c := newCatalogue()
	for _, f := range files {
		c.addFile(f)
	}
	return c, errors.Join(c.faults...)
}
