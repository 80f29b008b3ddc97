package stacktrace_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/failuredetector/failuredetector/internal/stacktrace"
)

var traces = map[string]struct {
	text string
	want stacktrace.Trace
}{
	"python": {
		"ERROR in app\nTraceback (most recent call last):\n  File \"/usr/lib/python3.12/runpy.py\", line 1, in run\n    x()\n" +
			"  File \"/app/shop/a.py\", line 2, in outer\n    b()\n  File \"/app/shop/b.py\", line 3, in inner\n    raise E\nshop.errors.Lost: no\nmore: words\n",
		stacktrace.Trace{Type: "shop.errors.Lost", Message: "no\nmore: words\n", Frames: []string{"shop/b.py inner", "shop/a.py outer"}},
	},
	"python, of frames alone": {
		"  File \"/app/shop/a.py\", line 2, in outer\n    b()\n",
		stacktrace.Trace{Frames: []string{"shop/a.py outer"}},
	},
	"python, the second of two that are not linked": {
		"Traceback (most recent call last):\n  File \"a.py\", line 1, in f\n    x()\nKeyError: 1\nTraceback (most recent call last):\n  File \"b.py\", line 1, in g\n    x()\nValueError: 2\n",
		stacktrace.Trace{Type: "KeyError", Message: "1", Frames: []string{"a.py f"}},
	},
	"java, with the root cause first": {
		"a.Root: r\n\tat com.acme.A.a(A.java:1)\nWrapped by: a.Outer: o\n\tat com.acme.B.b(B.java:2)\n",
		stacktrace.Trace{Type: "a.Outer", Message: "o", Cause: "a.Root", Frames: []string{"com.acme.A.a", "com.acme.B.b"}},
	},
	"java, of libraries alone": {
		"java.io.IOException: x\n\tat java.base/java.io.File.open(File.java:1)\n\tat org.apache.X.y(X.java)\n",
		stacktrace.Trace{Type: "java.io.IOException", Message: "x", Frames: []string{"java.io.File.open", "org.apache.X.y"}},
	},
	"java, a message of several lines": {
		"WARN something\norg.acme.SqlError: near\nSELECT: x\n  FROM y\n\tat com.acme.A.a(A.kt:1)\n",
		stacktrace.Trace{Type: "org.acme.SqlError", Message: "near\nSELECT: x\n  FROM y", Frames: []string{"com.acme.A.a"}},
	},
	"java, a recursion": {
		"java.lang.StackOverflowError\n" + strings.Repeat("\tat com.acme.A.a(A.java:1)\n\tat com.acme.A.b(A.java:2)\n", 500),
		stacktrace.Trace{Type: "java.lang.StackOverflowError", Frames: []string{"com.acme.A.a", "com.acme.A.b"}},
	},
	"java, as the PHP SDK writes it": {
		"RuntimeException: no\n\tat App\\Order.place(Order.php:9)\n\tat {main}(index.php:3)\n",
		stacktrace.Trace{Type: "RuntimeException", Message: "no", Frames: []string{`App\Order.place`}},
	},
	"node": {
		"Error [ERR_HTTP]: no\n    at new Order (/app/order.js:1:2)\n    at /app/index.js:3:4\n",
		stacktrace.Trace{Type: "Error", Message: "no", Frames: []string{"order.js Order", "index.js"}},
	},
	"node, in the middle of a line": {
		"2026-11-26 error: request failed RangeError: too big\n    at f (/app/lib/order.js:1:2)\n",
		stacktrace.Trace{Type: "RangeError", Message: "too big", Frames: []string{"order.js f"}},
	},
	"dotnet, in German": {
		"System.Exception: nein\n   bei Shop.A.B() in C:\\src\\A.cs:Zeile 7.\n",
		stacktrace.Trace{Type: "System.Exception", Message: "nein", Frames: []string{"Shop.A.B"}},
	},
	"dotnet, inner on the line of outer": {
		"Shop.Outer: o ---> System.IO.IOException: i\n   at Shop.A.B()\n   --- End of inner exception stack trace ---\n   at Shop.C.D()\n",
		stacktrace.Trace{Type: "Shop.Outer", Message: "o", Cause: "System.IO.IOException", Frames: []string{"Shop.A.B", "Shop.C.D"}},
	},
	"ruby, as Rails logs it": {
		"ActiveRecord::RecordNotFound (Couldn't find Order):\n  \napp/models/order.rb:3:in `find_it'\napp/controllers/x.rb:4:in `show'\n",
		stacktrace.Trace{Type: "ActiveRecord::RecordNotFound", Message: "Couldn't find Order", Frames: []string{"models/order.rb find_it", "controllers/x.rb show"}},
	},
	"ruby, with a cause": {
		"a.rb:1:in 'f': outer (Outer)\n\tfrom a.rb:9:in '<main>'\nb.rb:2:in 'g': inner\nof two lines (PG::Inner)\n\tfrom b.rb:3:in 'h'\n",
		stacktrace.Trace{Type: "Outer", Message: "outer", Cause: "PG::Inner", Frames: []string{"b.rb g", "b.rb h", "a.rb f", "a.rb <main>"}},
	},
	"php, by Monolog": {
		`[2026-11-26] production.ERROR: lost {"exception":"[object] (App\\Outer(code: 0): lost at /srv/x/A.php:9)` + "\n[stacktrace]\n#0 /srv/x/B.php(3): App\\\\B->b()\n#1 {main}\n\n" +
			`[previous exception] [object] (PDOException(code: 2002): refused at /srv/x/C.php:1)` + "\n[stacktrace]\n#0 /srv/x/C.php(1): App\\\\C->c()\n#1 {main}\n\"}",
		stacktrace.Trace{Type: `App\Outer`, Message: "lost", Cause: "PDOException", Frames: []string{"App.C.c", "App.B.b"}},
	},
	"go, a panic in a handler": {
		"2026/11/26 10:15:32 http: panic serving 10.0.0.7:5: runtime error: invalid memory address or nil pointer dereference\ngoroutine 7 [running]:\nmain.h(...)\n\t/src/h.go:3\n\ngoroutine 8 [select]:\nmain.other()\n\t/src/o.go:1 +0x1\n",
		stacktrace.Trace{Type: "runtime.errorString", Message: "runtime error: invalid memory address or nil pointer dereference", Frames: []string{"main.h"}},
	},
	"go, by pkg/errors": {
		"open x: no such file\nmain.load[...]\n\t/src/l.go:3\nmain.main\n\t/src/m.go:4\nruntime.main\n\t/usr/local/go/src/runtime/proc.go:1\n",
		stacktrace.Trace{Frames: []string{"main.load", "main.main"}},
	},
	"rust, up to 1.72": {
		"thread 'main' panicked at 'no', src/main.rs:1:1\nstack backtrace:\n   0: core::panicking::panic\n   1: shop::f\n             at ./src/main.rs:1:1\n",
		stacktrace.Trace{Type: "panic", Message: "no", Frames: []string{"shop::f"}},
	},
}

func TestParse(t *testing.T) {
	for name, tc := range traces {
		t.Run(name, func(t *testing.T) {
			got, ok := stacktrace.Parse(tc.text)
			require.True(t, ok)
			tc.want.Message = strings.TrimSpace(tc.want.Message)
			got.Message = strings.TrimSpace(got.Message)
			require.Equal(t, tc.want, got)
		})
	}
}

func TestParseFindsNoTrace(t *testing.T) {
	healthy := "GET /orders 200\nat noon (see a.b)\n  1: one\n#7 seven\nfrom x to y:\n"
	_, ok := stacktrace.Parse(healthy)
	require.False(t, ok)
	require.Zero(t, testing.AllocsPerRun(100, func() { stacktrace.Parse(healthy) }))
}

// BenchmarkParse is the cost of a trace of 10 KB, and of a text as long without one.
func BenchmarkParse(b *testing.B) {
	for name, text := range map[string]string{
		"trace":    "com.example.shop.NoApplesLeft: none\n" + strings.Repeat("\tat com.example.shop.orders.OrderService.place(OrderService.java:117)\n", 145),
		"no trace": strings.Repeat("com.example.shop.orders.OrderService places an order of 117 apples\n", 145),
		"hostile":  strings.Repeat("  1: at a.b( File \" #1 x", 2600),
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				stacktrace.Parse(text)
			}
		})
	}
}
