package rules

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// file is a pack as read, before it is understood.
type file struct {
	name    string
	content []byte
	// shipped says that it is a pack of the project.
	shipped bool
}

// Load reads the shipped packs and the user's files, lets later ones override
// earlier ones, leaves out what the configuration leaves out, and validates
// what remains. The error joins every fault found, each with file, line and key.
//
// Examples are not run here, since that takes a compiled rule: package detect does it.
func Load(config Config) (*Set, error) {
	if err := config.Validate(); err != nil {
		return nil, err
	}
	shipped, err := builtin()
	if err != nil {
		return nil, err
	}
	given, err := readFiles(config.Files)
	if err != nil {
		return nil, err
	}
	return shipped.clone().build(given, config)
}

// LoadFiles makes a set of the given files and directories alone, without the
// shipped packs and with every rule of every maturity.
func LoadFiles(paths ...string) (*Set, error) {
	given, err := readFiles(paths)
	if err != nil {
		return nil, err
	}
	return newCatalogue().build(given, Config{MinimumMaturity: Experimental})
}

// Parse makes a set of one pack in memory, as LoadFiles does of files. The name
// stands in errors.
func Parse(name string, content []byte) (*Set, error) {
	return newCatalogue().build([]file{{name: name, content: content}}, Config{MinimumMaturity: Experimental})
}

// build makes a set of the catalogue and of files on top of it.
func (c *catalogue) build(files []file, config Config) (*Set, error) {
	for _, f := range files {
		c.addFile(f)
	}
	if len(c.faults) > 0 {
		return nil, errors.Join(c.faults...)
	}
	set := &Set{Vetoes: c.vetoes, Types: c.types, Rules: c.rules, types: map[string]*Type{}}
	for _, t := range set.Types {
		set.types[t.Name] = t
	}
	if err := validate(set); err != nil {
		return nil, err
	}
	inherit(set)
	if err := selectRules(set, config); err != nil {
		return nil, err
	}
	content, err := json.Marshal(set)
	if err != nil {
		return nil, fmt.Errorf("hashing the rule set: %w", err)
	}
	sum := sha256.Sum256(content)
	set.Hash = hex.EncodeToString(sum[:8])
	return set, nil
}

func readFiles(paths []string) ([]file, error) {
	var files []file
	var errs []error
	for _, path := range paths {
		names, err := packNames(path)
		if err != nil {
			errs = append(errs, fmt.Errorf("rule files: %w", err))
			continue
		}
		for _, name := range names {
			content, err := os.ReadFile(name)
			if err != nil {
				errs = append(errs, fmt.Errorf("rule files: %w", err))
				continue
			}
			files = append(files, file{name: name, content: content})
		}
	}
	return files, errors.Join(errs...)
}

// packNames gives the packs that a path stands for: itself, or those in the
// directory. Names with a leading dot are no packs: Kubernetes keeps the real
// files of a mounted ConfigMap under such names.
func packNames(path string) ([]string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return []string{path}, nil
	}
	entries, err := os.ReadDir(path)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, entry := range entries {
		extension := filepath.Ext(entry.Name())
		if strings.HasPrefix(entry.Name(), ".") || extension != ".yaml" && extension != ".yml" {
			continue
		}
		names = append(names, filepath.Join(path, entry.Name()))
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("%s: the directory has no *.yaml or *.yml file", path)
	}
	return names, nil
}
