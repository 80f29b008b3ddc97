package sample

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
)

// traceBytes is how long a stack trace is at least.
const traceBytes = 10 << 10

// Trace is a printed stack trace.
type Trace struct {
	Language, Text string
}

// Traces gives a stack trace of 10 KB for each of three languages. What they
// tell of is nothing that a rule knows.
func Traces() []Trace {
	return []Trace{{"Java", javaTrace()}, {"Python", pythonTrace()}, {"Go", goTrace()}}
}

var (
	things = []string{"order", "basket", "price", "invoice", "customer", "parcel", "voucher", "ledger", "shelf", "catalog", "label", "branch"}
	roles  = []string{"Service", "Repository", "Mapper", "Controller", "Filter", "Handler", "Factory", "Listener", "Gateway", "Visitor"}
	verbs  = []string{"apply", "find", "convert", "render", "visit", "collect", "merge", "assign", "lookup", "prepare", "compute", "resolve"}
)

// frame picks names for one frame.
type frame struct{ thing, role, verb, line string }

func frames(write func(frame), length func() int) {
	source := rand.New(rand.NewPCG(seed, 1))
	pick := func(list []string) string { return list[source.IntN(len(list))] }
	for length() < traceBytes {
		write(frame{pick(things), pick(roles), pick(verbs), strconv.Itoa(10 + source.IntN(900))})
	}
}

func title(word string) string { return strings.ToUpper(word[:1]) + word[1:] }

func javaTrace() string {
	var b strings.Builder
	b.WriteString("com.example.shop.NoApplesLeft: basket 4711 wants 12 apples\n")
	frames(func(f frame) {
		class := title(f.thing) + f.role
		fmt.Fprintf(&b, "\tat com.example.shop.%s.%s.%s(%s.java:%s)\n", f.thing, class, f.verb+title(f.thing), class, f.line)
	}, b.Len)
	return b.String()
}

func pythonTrace() string {
	var b strings.Builder
	// What logging writes with stack_info: a traceback is always a failure.
	b.WriteString("INFO:shop.basket:basket 4711 is empty\nStack (most recent call last):\n")
	frames(func(f frame) {
		fmt.Fprintf(&b, "  File \"/srv/shop/%s/%s.py\", line %s, in %s_%s\n    return self.%s.%s(%s, quantity=quantity)\n",
			f.thing, strings.ToLower(f.role), f.line, f.verb, f.thing, f.thing, f.verb, f.thing)
	}, b.Len)
	return b.String()
}

func goTrace() string {
	var b strings.Builder
	// What zap writes with a stack; a goroutine's header is printed by a panic.
	b.WriteString("basket 4711 is empty\n")
	frames(func(f frame) {
		fmt.Fprintf(&b, "example.com/shop/%s.(*%s).%s\n\t/srv/shop/%s/%s.go:%s\n", f.thing, f.role, title(f.verb), f.thing, f.verb, f.line)
	}, b.Len)
	return b.String()
}
