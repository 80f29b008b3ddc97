// Package check says how far a check of a server came: the stages from its name to the answer to a query,
// how long each took, and what stopped it, in words that hold no secret.
package check
