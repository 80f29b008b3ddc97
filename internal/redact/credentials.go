package redact

import (
	"slices"
	"strings"
)

// trust is how much the name of a value says about it.
type trust int

const (
	// always: whatever follows is a secret, even in a sentence.
	always trust = iota
	// ifAssigned: a secret if it is assigned; in a sentence, if it looks random.
	ifAssigned
	// ifRandom: a secret only if it looks random.
	ifRandom
)

// name is a word that names a secret: the whole of an identifier or its end,
// as in DB_PASSWORD, clientSecret or X-Auth-Token.
type name struct {
	word  string
	trust trust
	// whole demands that no letter stands before the word.
	whole bool
	// after lists what must stand before the word, as the end of another one.
	after []string
	// notAfter lists what must not stand there.
	notAfter []string
	// mention says that a random word after the name is a secret even without
	// anything between them, as in "token abc123def456".
	mention bool
	// number says that the secret is a short number; other secrets are not.
	number bool
}

var names = []name{
	{word: "password", mention: true},
	{word: "passwd", mention: true},
	{word: "passphrase", mention: true},
	{word: "passcode", mention: true},
	{word: "pwd"},
	{word: "requirepass"},
	{word: "masterauth"},
	{word: "secret", trust: ifAssigned},
	{word: "token", trust: ifAssigned, notAfter: []string{"publickey"}, mention: true},
	{word: "signature", trust: ifAssigned},
	{word: "apikey", trust: ifAssigned, mention: true},
	{word: "key", trust: ifAssigned, mention: true, after: []string{
		"access", "account", "admin", "api", "app", "application", "auth", "encryption", "function", "hmac", "ingest",
		"ingestion", "insert", "integration", "license", "licence", "master", "private", "role", "secret", "service",
		"session", "shared", "signing", "storage", "subscription", "write",
	}},
	{word: "pass", trust: ifAssigned, whole: true},
	{word: "sig", trust: ifAssigned, whole: true},
	{word: "cvv", trust: ifAssigned, whole: true, number: true},
	{word: "cvc", trust: ifAssigned, whole: true, number: true},
	{word: "ssn", trust: ifAssigned, whole: true, number: true},
	{word: "key", trust: ifRandom, after: []string{"?", "&", "routing"}},
	{word: "code", trust: ifRandom, after: []string{"?", "&", "auth", "authorization"}},
	{word: "session", trust: ifRandom},
	{word: "sessid", trust: ifRandom},
	{word: "credential", trust: ifRandom},
	{word: "credentials", trust: ifRandom},
	{word: "auth", trust: ifRandom, whole: true},
	{word: "cookie", trust: ifRandom},
}

func credentialSigns() []sign {
	list := make([]sign, 0, len(names))
	for _, n := range names {
		list = append(list, sign{literal: n.word, secret: n.secret})
	}
	return list
}

func (n *name) names(text string, at int) bool {
	if n.whole && !begins(text, at) && text[at-1] != '_' {
		return false
	}
	before := text[:at]
	if at > 0 && strings.IndexByte("_-. ", text[at-1]) >= 0 {
		before = before[:at-1]
	}
	return (n.after == nil || endsWithAny(before, n.after)) && !endsWithAny(before, n.notAfter)
}

func endsWithAny(text string, words []string) bool {
	return slices.ContainsFunc(words, func(word string) bool {
		return len(text) >= len(word) && strings.EqualFold(text[len(text)-len(word):], word)
	})
}

func (n *name) secret(text string, at, end int) (Range, bool) {
	if !n.names(text, at) {
		return Range{}, false
	}
	end, ok := nameEnd(text, end)
	if !ok {
		return Range{}, false
	}
	if r, ok := rejectedInput(text, end); ok {
		return r, n.holds(text[r.Start:r.End], assigned)
	}
	from, how, ok := delimiter(text, at, end)
	if !ok {
		return n.mentioned(text, end)
	}
	r, quotes := value(text[:min(len(text), from+maxJudged)], from)
	if isScheme(text[r.Start:r.End]) && r.End+1 < len(text) && text[r.End] == ' ' {
		r = bare(text, r.End+1)
		how = assigned
	}
	if !quotes && n.word == "pwd" && strings.HasPrefix(text[r.Start:], "/") {
		return Range{}, false // The working directory.
	}
	if !n.holds(text[r.Start:r.End], how) {
		return Range{}, false
	}
	if quotes {
		r, _ = value(text, from)
		return r, true
	}
	return bare(text, r.Start), true
}

// mentioned finds the value in a sentence that has nothing between it and its
// name, as in: token "x" is invalid.
func (n *name) mentioned(text string, end int) (Range, bool) {
	from := run(text, end, blanks)
	if !n.mention || from == end {
		return Range{}, false
	}
	r, quotes := value(text[:min(len(text), from+maxJudged)], from)
	given := text[r.Start:r.End]
	if strings.ContainsAny(given, " /") || isNothing(given) {
		return Range{}, false
	}
	const shortest = 12
	return r, random(given) && (quotes || len(given) >= shortest) || quotes && n.trust == always && hasAlnum(given) && !isProse(given)
}

// holds decides on a value by the trust in its name and by how it is given.
func (n *name) holds(given string, how form) bool {
	const shortestNumber = 6
	switch {
	case !hasAlnum(given) || isNothing(given):
		return false
	case how != assigned && isProse(given):
		return false
	case n.trust == always:
		return true
	case n.trust == ifAssigned && how != spoken:
		return n.number || len(given) >= shortestNumber || !isNumber(given)
	}
	return random(given)
}

// isNothing holds for what stands for a missing value, for a type, and for a
// variable that is still to be filled in.
func isNothing(given string) bool {
	for _, word := range []string{
		"null", "none", "nil", "undefined", "true", "false", "str", "string", "bytes", "bool", "int", "optional",
		"redacted", "filtered", "masked", "hidden", "secretstr",
	} {
		if strings.EqualFold(given, word) {
			return true
		}
	}
	return strings.HasPrefix(given, "${") || strings.HasPrefix(given, "{{") || strings.HasPrefix(given, "[FILTERED")
}

// isProse holds for the words that go on with a sentence after "password:".
func isProse(given string) bool {
	for _, word := range []string{
		"must", "is", "not", "cannot", "should", "authentication", "required", "invalid", "incorrect", "expired", "missing",
		"too", "the", "does", "has", "have", "no", "wrong", "was", "were", "failed", "this", "field", "input", "value", "needs",
		"may", "and", "or", "please", "at", "a", "an", "error", "yes", "your", "password", "passwords",
	} {
		if strings.EqualFold(given, word) {
			return true
		}
	}
	return false
}

func isNumber(given string) bool { return run(given, 0, decimals) == len(given) }
