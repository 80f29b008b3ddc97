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
	set, given, err := loadBeside(paths)
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
	set, _, err := loadBeside(paths)
	return set, err
}

// loadBeside loads files on top of the shipped packs that they stand in for none
// of. It also gives the files.
func loadBeside(paths []string) (*Set, []file, error) {
	shipped, err := builtin()
	if err != nil {
		return nil, nil, err
	}
	given, err := readFiles(paths)
	if err != nil {
		return nil, nil, err
	}
	beside := shipped.clone()
	for _, f := range given {
		if name := copyOf(f); name != "" {
			beside.dropFile(builtinDir + name + ".yaml")
		}
	}
	set, err := beside.build(given, Config{MinimumMaturity: Experimental})
	return set, given, err
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
