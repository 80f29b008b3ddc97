package rules

import "slices"

// LoadForReview loads files and directories on top of the shipped packs, with
// rules of every maturity, for tools that judge rules. The set's Types and
// Rules are those of the files alone; TypeByName also knows the shipped types.
//
// A shipped pack is left out where a file gives a pack of its name without
// `override: true`: then the file is a changed copy of it. Without paths the set
// is the shipped catalogue.
func LoadForReview(paths ...string) (*Set, error) {
	given, err := readFiles(paths)
	if err != nil {
		return nil, err
	}
	return reviewed(given)
}

// LoadTextForReview loads a pack that is not in a file yet as LoadForReview does. Its name stands in errors.
func LoadTextForReview(name, text string) (*Set, error) {
	return reviewed([]file{{name: name, content: []byte(text)}})
}

func reviewed(given []file) (*Set, error) {
	set, err := loadBeside(given)
	if err != nil || len(given) == 0 {
		return set, err
	}
	own := map[string]bool{}
	for _, f := range given {
		own[f.name] = true
	}
	set.Types = slices.DeleteFunc(set.Types, func(t *Type) bool { return !own[t.Source.File] })
	set.Rules = slices.DeleteFunc(set.Rules, func(r *Rule) bool { return !own[r.Source.File] })
	return set, nil
}

// LoadTogether loads files and directories as LoadForReview does, and gives all
// that a record would meet: the types and rules of the files and the shipped ones.
func LoadTogether(paths ...string) (*Set, error) {
	given, err := readFiles(paths)
	if err != nil {
		return nil, err
	}
	return loadBeside(given)
}

// loadBeside loads files on top of the shipped packs that they stand in for none
// of.
func loadBeside(given []file) (*Set, error) {
	shipped, err := builtin()
	if err != nil {
		return nil, err
	}
	beside := shipped.clone()
	for _, f := range given {
		if name := copyOf(f); name != "" {
			beside.dropFile(builtinDir + name + ".yaml")
		}
	}
	return beside.build(given, Config{MinimumMaturity: Experimental})
}

// copyOf names the pack that a file stands in for, or nothing. What is wrong
// with the file is left to the loader to say.
func copyOf(f file) string {
	root, err := parseYAML(f.content)
	if err != nil || scalarAt(root, "override") == "true" {
		return ""
	}
	return scalarAt(root, "pack")
}
