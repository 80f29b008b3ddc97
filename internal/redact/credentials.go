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
	// assigned: a secret if it is assigned, as in token=x or "token":"x"; in a
	// sentence, if it looks random.
	assigned
	// seldom: a secret only if it looks random.
	seldom
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
}

var names = []name{
	{word: "password"},
	{word: "passwd"},
	{word: "passphrase"},
	{word: "passcode"},
	{word: "pwd"},
	{word: "requirepass"},
	{word: "masterauth"},
	{word: "secret", trust: assigned},
	{word: "token", trust: assigned, notAfter: []string{"publickey"}},
	{word: "signature", trust: assigned},
	{word: "apikey", trust: assigned},
	{word: "key", trust: assigned, after: []string{
		"access", "account", "admin", "api", "app", "application", "auth", "encryption", "function", "hmac", "ingest",
		"ingestion", "insert", "integration", "license", "licence", "master", "private", "role", "secret", "service",
		"session", "shared", "signing", "storage", "subscription", "write",
	}},
	{word: "pass", trust: assigned, whole: true},
	{word: "sig", trust: assigned, whole: true},
	{word: "cvv", trust: assigned, whole: true},
	{word: "cvc", trust: assigned, whole: true},
	{word: "ssn", trust: assigned, whole: true},
	{word: "key", trust: seldom, after: []string{"?", "&", "routing"}},
	{word: "code", trust: seldom, after: []string{"?", "&", "auth", "authorization"}},
	{word: "session", trust: seldom},
	{word: "sessid", trust: seldom},
	{word: "credential", trust: seldom},
	{word: "credentials", trust: seldom},
	{word: "auth", trust: seldom, whole: true},
	{word: "cookie", trust: seldom},
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
		return r, n.holds(text, r, assigned)
	}
	from, how, ok := delimiter(text, at, end)
	if !ok {
		return Range{}, false
	}
	r, quotes := value(text[:min(len(text), from+maxJudged)], from)
	if isScheme(text[r.Start:r.End]) && r.End+1 < len(text) && text[r.End] == ' ' {
		r = bare(text, r.End+1)
		how = assigned
	}
	if !quotes && n.word == "pwd" && strings.HasPrefix(text[r.Start:], "/") {
		return Range{}, false // The working directory.
	}
	if !n.holds(text, r, how) {
		return Range{}, false
	}
	if quotes {
		r, _ = value(text, from)
		return r, true
	}
	return bare(text, r.Start), true
}

// holds decides on a value by the trust in its name and in how it is given:
// assigned or, seldom to be trusted, in a sentence.
func (n *name) holds(text string, r Range, how trust) bool {
	given := text[r.Start:r.End]
	switch {
	case !hasAlnum(given) || isNothing(given):
		return false
	case n.trust == always:
		return how == assigned || !isProse(given)
	case n.trust == assigned && how == assigned:
		return n.word != "pass" || !isNumber(given)
	}
	return random(given)
}

// nameEnd passes over what may follow a name in an identifier; anything else,
// as in token_type or passwordFile, names something that is no secret.
func nameEnd(text string, at int) (int, bool) {
	at = run(text, at, decimals)
	tail := text[at:]
	if tail != "" && (tail[0] == '_' || tail[0] == '-') {
		tail = tail[1:]
	}
	for _, more := range []string{"hash", "value", "text", "id"} {
		if hasPrefixFold(tail, more) {
			at = len(text) - len(tail) + len(more)
			break
		}
	}
	return at, at == len(text) || !word[text[at]]
}

// delimiter gives where the value of a name begins, and whether it is assigned.
func delimiter(text string, at, end int) (from int, how trust, ok bool) {
	i := end
	for i < min(len(text), end+8) && strings.IndexByte("\\\"'`])", text[i]) >= 0 {
		i++
	}
	key := strings.ContainsAny(text[end:i], "\"'`")
	start := runBack(text, at, 40, word)
	option := i == end && strings.HasPrefix(text[start:], "--")
	next := run(text, i, blanks)
	if hasPrefixFold(text[i:], " provided") {
		key, next = true, i+len(" provided")
	}
	rest := text[next:]
	how = assigned
	switch {
	case strings.HasPrefix(rest, "=>"), strings.HasPrefix(rest, "=="), strings.HasPrefix(rest, ":="):
		i = next + 2
	case strings.HasPrefix(rest, "="):
		i = next + 1
	case strings.HasPrefix(rest, ":"):
		i = next + 1
		if !key {
			how = seldom
		}
	case hasPrefixFold(rest, "%3d"):
		i = next + len("%3d")
	case strings.HasPrefix(rest, ">") && i == end && next+1 < len(text) && !gaps[text[next+1]]:
		i = next + 1
	case option && next > i:
		i = next
	case strings.HasPrefix(rest, "'") && next > i && inSQL(text[:start]):
		i = next
	default:
		return 0, 0, false
	}
	return run(text, i, blanks), how, true
}

// inSQL says whether the word before a password makes it part of a statement,
// such as ALTER USER app WITH PASSWORD 'x'.
func inSQL(before string) bool {
	return endsWithAny(strings.TrimRight(before, " "), []string{"with", "encrypted", "by", "by password"})
}

// rejectedInput gives the value of a field that a validator rejects. Pydantic
// writes the field on a line of its own, or at the end of a location, and the
// value further on.
func rejectedInput(text string, at int) (Range, bool) {
	if at == len(text) || text[at] != '\n' && text[at] != '\'' && text[at] != '"' {
		return Range{}, false
	}
	if text[at] != '\n' && (at+1 == len(text) || text[at+1] != ')' && text[at+1] != ']') {
		return Range{}, false
	}
	const furthest = 300
	rest := text[at:min(len(text), at+furthest)]
	for _, before := range []string{"input_value=", "'input': ", `"input":`} {
		if i := strings.Index(rest, before); i >= 0 {
			r, _ := value(text, at+i+len(before))
			return r, true
		}
	}
	return Range{}, false
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
