package redact

import "strings"

// form is how a text gives the value of a name.
type form int

const (
	// assigned as in token=x or "token":"x".
	assigned form = iota
	// labelled as in X-Auth-Token: x, with a name that no sentence has.
	labelled
	// spoken as in "token: x".
	spoken
)

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

// closesName stands between a name and the sign of equality.
var closesName = union(quotes, classOf(nil, "\\])"))

// delimiter gives where the value of a name begins, and how it is given.
func delimiter(text string, at, end int) (from int, how form, ok bool) {
	// Deeply escaped quotes, and names that are longer than any in use.
	const mostClosing, longestName = 8, 40
	i := run(text[:min(len(text), end+mostClosing)], end, closesName)
	key := strings.ContainsAny(text[end:i], "\"'`")
	start := runBack(text, at, longestName, word)
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
		how = formOfLabel(text, at, key)
	case key && hasPrefixFold(rest, "value="): // XML: name="password" value="x".
		i = next + len("value=")
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

// formOfLabel tells a key, or a name put together of words, from a word before a colon.
func formOfLabel(text string, at int, key bool) form {
	switch {
	case key:
		return assigned
	case at > 0 && (text[at-1] == '_' || text[at-1] == '-' || isLower(text[at-1]) && isUpper(text[at])):
		return labelled
	}
	return spoken
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
	line := strings.HasPrefix(text[at:], "\n") || strings.HasPrefix(text[at:], `\n`)
	if !line && (at+1 >= len(text) || !quotes[text[at]] || text[at+1] != ')' && text[at+1] != ']') {
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
