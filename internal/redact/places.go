package redact

import (
	"slices"
	"strings"
)

// placeSigns tell of secrets that neither a name nor a form gives away, but the
// statement, command or message that they stand in.
func placeSigns() []sign {
	list := []sign{
		{literal: "identified ", secret: identifiedBy},
		{literal: "invalid port ", secret: invalidPort},
		{literal: "integer value as ", secret: invalidPort},
		{literal: "key (", secret: uniqueKey},
		{literal: "oracle:thin:", secret: oracleThin},
		{literal: "-----begin ", secret: privateKey},
	}
	for _, c := range commands {
		list = append(list, sign{literal: c.name, secret: c.secret})
	}
	return list
}

// identifiedBy finds the password in CREATE USER … IDENTIFIED [WITH plugin] BY 'x'.
func identifiedBy(text string, _, end int) (Range, bool) {
	const longest = 60
	by := strings.IndexAny(text[end:min(len(text), end+longest)], `"'`)
	if by < 0 || !inSQL(text[end:end+by]) {
		return Range{}, false
	}
	r, _ := quoted(text, end+by)
	return r, r.Start < r.End
}

// invalidPort finds the part of a password that a URL parser took for a port.
func invalidPort(text string, _, end int) (Range, bool) {
	r, ok := quoted(text, end)
	return r, ok && !isNumber(strings.TrimPrefix(text[r.Start:r.End], ":"))
}

// personal are parts of the names of columns whose values are private.
var personal = []string{
	"mail", "phone", "mobile", "ssn", "passport", "iban", "card", "birth", "user_name", "username", "login", "first_name", "last_name",
	"firstname", "lastname", "full_name", "fullname", "surname", "address", "token", "secret", "password", "tax_id", "national_id",
}

// uniqueKey finds the private values in PostgreSQL's DETAIL: Key (email)=(x) already exists.
func uniqueKey(text string, _, end int) (Range, bool) {
	const longest = 512
	columns, _, ok := strings.Cut(text[end:min(len(text), end+longest)], ")=(")
	if !ok {
		return Range{}, false
	}
	start := end + len(columns) + len(")=(")
	columns = strings.ToLower(columns)
	if !slices.ContainsFunc(personal, func(column string) bool { return strings.Contains(columns, column) }) {
		return Range{}, false
	}
	rest := text[start:min(len(text), start+longest)]
	length := strings.Index(rest, ") ")
	if length < 0 {
		length = strings.IndexAny(rest, ")\n")
	}
	if length < 0 {
		length = len(rest)
	}
	return Range{Start: start, End: start + length}, length > 0
}

// oracleThin finds the password in jdbc:oracle:thin:user/password@host.
func oracleThin(text string, _, end int) (Range, bool) {
	const longest = 256
	rest := text[end:min(len(text), end+longest)]
	slash := strings.IndexAny(rest, "/@ \n")
	if slash <= 0 || rest[slash] != '/' {
		return Range{}, false
	}
	at := strings.IndexAny(rest[slash:], "@ \n")
	if at <= 1 || rest[slash+at] != '@' {
		return Range{}, false
	}
	return Range{Start: end + slash + 1, End: end + slash + at}, true
}

// privateKey finds a key in PEM, up to its end or that of the text.
func privateKey(text string, at, end int) (Range, bool) {
	const longestKind = 40
	head := text[end:min(len(text), end+longestKind)]
	kind, _, ok := strings.Cut(head, "-----")
	if !ok || !strings.Contains(kind, "PRIVATE KEY") {
		return Range{}, false
	}
	const foot = "-----END "
	from := end + len(kind) + len("-----")
	i := strings.Index(text[from:], foot)
	if i < 0 {
		return Range{Start: at, End: len(text)}, true
	}
	from += i + len(foot)
	if j := strings.Index(text[from:min(len(text), from+longestKind)], "-----"); j >= 0 {
		from += j + len("-----")
	}
	return Range{Start: at, End: from}, true
}

// command is a program that takes a password as an argument.
type command struct {
	name   string
	option string
	// user says that the argument is user:password.
	user bool
}

var commands = []command{
	{name: "mysql", option: " -p"},
	{name: "mariadb", option: " -p"},
	{name: "sshpass", option: " -p "},
	{name: "sshpass", option: " -p"},
	{name: "mongosh", option: " -p "},
	{name: "docker login", option: " -p "},
	{name: "redis-cli", option: " -a "},
	{name: "sqlcmd", option: " -P "},
	{name: "ldapsearch", option: " -w "},
	{name: "curl", option: " -u ", user: true},
	{name: "curl", option: " --user ", user: true},
}

func (c command) secret(text string, _, end int) (Range, bool) {
	// A command line is short, and a word such as mysql is in many texts.
	const longest = 200
	line := text[end:min(len(text), end+longest)]
	if i := strings.IndexByte(line, '\n'); i >= 0 {
		line = line[:i]
	}
	i := strings.Index(line, c.option)
	if i < 0 {
		return Range{}, false
	}
	at := end + i + len(c.option)
	r, quotes := value(text, at)
	if r.Start == r.End || !quotes && r.Start != at {
		return Range{}, false
	}
	if c.user {
		_, password, ok := strings.Cut(text[r.Start:r.End], ":")
		r.Start = r.End - len(password)
		return r, ok && password != ""
	}
	return r, true
}
