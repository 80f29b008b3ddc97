package detect

import (
	"slices"
	"strconv"
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
)

// codeTable finds the rules that a code attribute's value is evidence for.
type codeTable struct {
	// keys are the attributes that rules ask for.
	keys map[string]*codeValues
}

// codeValues are the values of one attribute that rules ask for.
type codeValues struct {
	exact    map[string][]int32
	prefixes []codePrefix
}

type codePrefix struct {
	prefix string
	rule   int32
}

func (t *codeTable) add(codes map[string][]string, rule int32) {
	if t.keys == nil {
		t.keys = map[string]*codeValues{}
	}
	for key, values := range codes {
		table := t.keys[key]
		if table == nil {
			table = &codeValues{exact: map[string][]int32{}}
			t.keys[key] = table
		}
		for _, value := range values {
			if prefix, wild := strings.CutSuffix(value, "*"); wild {
				table.prefixes = append(table.prefixes, codePrefix{prefix: prefix, rule: rule})
			} else {
				table.exact[value] = append(table.exact[value], rule)
			}
		}
	}
}

// lookUp appends the rules that a code is evidence for.
func (t *codeTable) lookUp(found []int32, code *code) []int32 {
	value := code.value()
	table := t.keys[code.key]
	found = append(found, table.exact[value]...)
	for _, p := range table.prefixes {
		if strings.HasPrefix(value, p.prefix) {
			found = append(found, p.rule)
		}
	}
	return found
}

// codeMatches says whether a value is among those of a rule.
func codeMatches(wanted []string, value string) bool {
	return slices.ContainsFunc(wanted, func(w string) bool {
		prefix, wild := strings.CutSuffix(w, "*")
		return w == value || wild && strings.HasPrefix(value, prefix)
	})
}

// code is the value of a code attribute: a number or a word.
type code struct {
	key    string
	text   string
	number int64
	isText bool
}

// readCode takes what a code can be; another kind of value, or a long text, is no code.
func readCode(key string, value pcommon.Value) (code, bool) {
	switch value.Type() {
	case pcommon.ValueTypeStr:
		return code{key: key, text: value.Str(), isText: true}, len(value.Str()) <= maxCode
	case pcommon.ValueTypeInt:
		return code{key: key, number: value.Int()}, true
	default:
		return code{}, false
	}
}

func (c *code) value() string {
	if c.isText {
		return c.text
	}
	if 0 <= c.number && c.number < int64(len(smallNumbers)) {
		return smallNumbers[c.number]
	}
	return strconv.FormatInt(c.number, 10)
}

// smallNumbers are the decimal forms of what HTTP, gRPC and exit codes can be,
// so that looking one up allocates nothing.
var smallNumbers = func() (table [1000]string) {
	for i := range table {
		table[i] = strconv.Itoa(i)
	}
	return table
}()
