package mounts

import "regexp"

// Filter chooses filesystems. The zero Filter takes what holds data of this host: not what the kernel
// makes up, what another filesystem shows again, what cannot be written to, nor what a network serves.
type Filter struct {
	// Where one of these is set, only what a pattern of it matches is taken, and what the zero Filter
	// would leave out for its type is taken too.
	IncludeTypes, IncludeMountpoints []*regexp.Regexp
	// What a pattern matches is left out, whatever else is said.
	ExcludeTypes, ExcludeMountpoints []*regexp.Regexp
	// Network takes filesystems that a network serves.
	Network bool
}
