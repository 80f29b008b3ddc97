// Package failure is the vocabulary that every part of the project shares:
// failure types, severities and the names of the attributes that carry them.
//
// The names are a wire contract. An agent may annotate a record that a gateway
// of another version reads, so a name here changes only in a major release.
package failure
