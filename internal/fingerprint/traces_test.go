package fingerprint

import "strings"

// traceCase is a trace of a runtime with variations of it. A variation replaces
// parts of the trace, given as pairs of old and new.
type traceCase struct {
	name string
	// typ, message and stack are what the SDK of the language puts into
	// exception.type, exception.message and exception.stacktrace.
	typ, message, stack string
	// printed is the same exception as the runtime or a logger prints it.
	printed string
	same    map[string][]string
	other   map[string][]string
}

func vary(text string, pairs []string) string { return strings.NewReplacer(pairs...).Replace(text) }

var traceCases = []traceCase{
	{
		name:    "python",
		typ:     "sqlalchemy.exc.OperationalError",
		message: "(psycopg2.OperationalError) could not connect",
		stack: `Traceback (most recent call last):
  File "/srv/shop/lib/python3.12/site-packages/sqlalchemy/engine/base.py", line 145, in __init__
    self._dbapi_connection = engine.raw_connection()
  File "/app/shop/db.py", line 31, in connect
    return pool.get()
           ^^^^^^^^^^
psycopg2.OperationalError: connection to server at "10.0.0.7", port 5432 failed: Connection refused

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "/usr/lib/python3.12/asyncio/runners.py", line 190, in run
    return runner.run(main)
  File "/app/shop/orders.py", line 88, in place_order
    await save(order)
  File "/app/shop/store.py", line 12, in save
    session.commit()
sqlalchemy.exc.OperationalError: (psycopg2.OperationalError) could not connect
(Background on this error at: https://sqlalche.me/e/20/e3q8)
`,
		printed: "2026-11-26 10:15:32,482 ERROR [worker-3] shop.orders: order 48211 failed\n{{stack}}",
		same: map[string][]string{
			"other lines":               {"line 88", "line 97", "line 31", "line 13"},
			"another input":             {"10.0.0.7", "10.0.0.9", "5432", "6432", "could not connect", "timeout expired"},
			"installed elsewhere":       {"/app/shop/", "/opt/releases/20261126/shop/"},
			"on Windows":                {"/app/shop/", `C:\services\shop\`},
			"another version of Python": {"python3.12", "python3.13"},
			"through another framework": {"asyncio/runners.py", "asyncio/base_events.py", "in run\n", "in run_until_complete\n"},
		},
		other: map[string][]string{
			"another call site":  {"in save\n", "in load\n"},
			"another file":       {"/app/shop/store.py", "/app/shop/cache.py"},
			"another cause":      {"psycopg2.OperationalError: connection", "psycopg2.InterfaceError: connection"},
			"another exception":  {"\nsqlalchemy.exc.OperationalError", "\nsqlalchemy.exc.IntegrityError"},
			"deeper in the code": {`  File "/app/shop/store.py"`, "  File \"/app/shop/unit.py\", line 3, in flush\n    f()\n  File \"/app/shop/store.py\""},
		},
	},
	{
		name:    "python exception group",
		typ:     "ExceptionGroup",
		message: "unhandled errors in a TaskGroup (2 sub-exceptions)",
		stack: `  + Exception Group Traceback (most recent call last):
  |   File "/app/shop/main.py", line 9, in run
  |     async with asyncio.TaskGroup() as group:
  | ExceptionGroup: unhandled errors in a TaskGroup (2 sub-exceptions)
  +-+---------------- 1 ----------------
    | Traceback (most recent call last):
    |   File "/app/shop/stock.py", line 4, in reserve
    |     raise KeyError(item)
    | KeyError: 'apples'
    +---------------- 2 ----------------
    | Traceback (most recent call last):
    |   File "/app/shop/mail.py", line 8, in send
    |     raise OSError(1)
    | OSError: 1
    +------------------------------------
`,
		printed: "{{stack}}",
		same:    map[string][]string{"other lines": {"line 4", "line 14"}, "another item": {"apples", "pears"}},
		other:   map[string][]string{"another cause": {"KeyError", "IndexError"}, "another call site": {"in reserve", "in release"}},
	},
	{
		name:    "java",
		typ:     "com.acme.shop.OrderFailed",
		message: "order 48211 failed",
		stack: `com.acme.shop.OrderFailed: order 48211 failed
	at com.acme.shop.OrderService.place(OrderService.java:117) ~[shop.jar!/:1.4.2]
	at com.acme.shop.OrderService$$SpringCGLIB$$0.place(<generated>)
	at com.acme.shop.OrderController.lambda$accept$3(OrderController.java:52)
	at com.acme.shop.OrderController$$Lambda$1423/0x00000008017ab840.get(Unknown Source)
	at java.base/jdk.internal.reflect.DirectMethodHandleAccessor.invoke(DirectMethodHandleAccessor.java:103)
	at org.springframework.web.servlet.DispatcherServlet.doDispatch(DispatcherServlet.java:1089)
	at app//com.acme.shop.Filter$1.doFilter(Filter.java:20)
	Suppressed: java.io.IOException: stream closed
		at com.acme.shop.Store.close(Store.java:9)
		Caused by: java.lang.IllegalStateException: closed
			... 2 more
Caused by: java.sql.SQLTransientConnectionException: HikariPool-1 - Connection is not available, request timed out after 30000ms
	at com.zaxxer.hikari.pool.HikariPool.createTimeoutException(HikariPool.java:696)
	at com.acme.shop.Store.save(Store.java:88)
	... 41 common frames omitted
`,
		printed: "2026-03-04T10:15:32.482Z ERROR 1 --- [nio-8080-exec-7] c.acme.shop.OrderController : java.lang.Fake: request failed\n\n{{stack}}\n2026-03-04T10:15:33.000Z INFO next",
		same: map[string][]string{
			"other lines":              {":117", ":120", ":88", ":91"},
			"another input":            {"48211", "48212", "30000ms", "5000ms", "HikariPool-1", "HikariPool-2"},
			"another proxy":            {"$$SpringCGLIB$$0", "$$EnhancerBySpringCGLIB$$8a7b6c5d"},
			"lambdas in another order": {"lambda$accept$3", "lambda$accept$7", "$$Lambda$1423/0x00000008017ab840", "$$Lambda/0x00007f2a3c0145b8", "Filter$1", "Filter$2"},
			"another JDK":              {"java.base/jdk.internal.reflect.DirectMethodHandleAccessor.invoke(DirectMethodHandleAccessor.java:103)", "sun.reflect.GeneratedMethodAccessor42.invoke(Unknown Source)"},
			"another build of the jar": {" ~[shop.jar!/:1.4.2]", " [shop.jar!/:1.5.0]"},
			"what was suppressed":      {"Store.close", "Store.shut", "stream closed", "broken pipe"},
		},
		other: map[string][]string{
			"another call site":          {"OrderService.place(", "OrderService.cancel("},
			"another cause":              {"java.sql.SQLTransientConnectionException", "java.sql.SQLTimeoutException"},
			"another exception":          {"com.acme.shop.OrderFailed", "com.acme.shop.OrderRefused"},
			"another place in the cause": {"Store.save", "Store.load"},
		},
	},
	{
		name:    "kotlin",
		typ:     "java.lang.IllegalStateException",
		message: "no stock",
		stack: `java.lang.IllegalStateException: no stock
	at com.acme.stock.StockKt.reserve(Stock.kt:14)
	at com.acme.stock.Worker$run$2.invokeSuspend(Worker.kt:33)
	at kotlin.coroutines.jvm.internal.BaseContinuationImpl.resumeWith(ContinuationImpl.kt:33)
	at kotlinx.coroutines.DispatchedTask.run(DispatchedTask.kt:108)
`,
		printed: "Exception in thread \"DefaultDispatcher-worker-2\" {{stack}}",
		same:    map[string][]string{"coroutines in another order": {"Worker$run$2", "Worker$run$5"}, "other lines": {":14", ":15"}},
		other:   map[string][]string{"another call site": {"reserve", "release"}},
	},
	{
		name:    "go",
		typ:     "runtime.boundsError",
		message: "runtime error: index out of range [5] with length 3",
		stack: `goroutine 34 [running]:
runtime/debug.Stack()
	/usr/local/go/src/runtime/debug/stack.go:26 +0x5e
go.opentelemetry.io/otel/sdk/trace.recordStackTrace()
	/go/pkg/mod/go.opentelemetry.io/otel/sdk@v1.43.0/trace/span.go:560 +0x25
panic({0x6b5a40?, 0xc0000140c0?})
	/usr/local/go/src/runtime/panic.go:785 +0x132
github.com/acme/shop/orders.(*Service).Place.func1(0xc000012345)
	/src/orders/service.go:42 +0x1d
github.com/acme/shop/orders.(*Service).Place(0xc000012345, {0x1, 0x2})
	/src/orders/service.go:40 +0x9d
net/http.HandlerFunc.ServeHTTP(...)
	/usr/local/go/src/net/http/server.go:2220 +0x29
main.main()
	/src/main.go:21 +0x25
`,
		printed: "panic: runtime error: index out of range [5] with length 3\n\n{{stack}}exit status 2",
		same: map[string][]string{
			"other lines and addresses": {":42 +0x1d", ":57 +0x2e", "0xc000012345", "0xc000abcdef", "goroutine 34", "goroutine 7"},
			"closures in another order": {"Place.func1", "Place.func2.1"},
			"another input":             {"{0x1, 0x2}", "{0x3, 0x4}"},
			"another Go":                {"/usr/local/go/src", "/opt/hostedtoolcache/go/1.26.8/x64/go/src"},
		},
		other: map[string][]string{
			"another call site":  {"Service).Place", "Service).Cancel"},
			"another method set": {"(*Service)", "(*Store)"},
		},
	},
	{
		name:    "go panic of an error",
		typ:     "*fmt.wrapError",
		message: "load config: open config.yaml: no such file or directory",
		stack: `goroutine 1 [running]:
main.load({0x4b2f1c, 0xb})
	/src/main.go:12 +0x8b
main.main()
	/src/main.go:21 +0x25
`,
		printed: "panic: load config: open config.yaml: no such file or directory\n\n{{stack}}",
		same:    map[string][]string{"on Windows": {"/src/main.go", "C:/src/main.go"}},
		other:   map[string][]string{"another call site": {"main.load", "main.save"}},
	},
	{
		name:    "node",
		typ:     "TypeError",
		message: "Cannot read properties of undefined (reading 'total')",
		stack: `TypeError: Cannot read properties of undefined (reading 'total')
    at async Object.placeOrder (/app/src/orders.js:12:15)
    at Basket.sum [as total] (/app/src/basket.js:3:9)
    at Layer.handle (/app/node_modules/express/lib/router/layer.js:95:5)
    at process.processTicksAndRejections (node:internal/process/task_queues:105:5) {
  [cause]: Error: stock is empty
      at reserve (file:///app/src/stock.mjs:4:11)
      at async Promise.all (index 0)
}`,
		printed: "/app/src/orders.js:12\n  const t = order.total;\n                  ^\n\nUncaught {{stack}}\n\nNode.js v20.20.2",
		same: map[string][]string{
			"other lines":         {":12:15", ":14:15", ":4:11", ":5:1"},
			"async or not":        {"at async Object.placeOrder", "at placeOrder"},
			"installed elsewhere": {"/app/src", "/home/node/src"},
			"another property":    {"'total'", "'price'"},
			"another Node":        {"process.processTicksAndRejections (node:internal/process/task_queues:105:5)", "processTicksAndRejections (internal/process/task_queues.js:93:5)"},
		},
		other: map[string][]string{
			"another call site": {"reserve", "release"},
			"another cause":     {"[cause]: Error", "[cause]: RangeError"},
			"another exception": {"TypeError: Cannot", "RangeError: Cannot"},
		},
	},
	{
		name:    "minified bundle",
		typ:     "TypeError",
		message: "Cannot read properties of undefined (reading 'total')",
		stack: `TypeError: Cannot read properties of undefined (reading 'total')
    at t (https://shop.example/assets/index-DkX9f2aB.js:1:48211)
    at Qr.n (https://shop.example/assets/index-DkX9f2aB.js:1:9917)
    at placeOrder (https://shop.example/assets/vendor.3f2a1b7c.js:1:771)`,
		printed: "{{stack}}",
		same:    map[string][]string{"another build": {"DkX9f2aB", "Bz01Qw8e", "3f2a1b7c", "9c8d7e6f", "at t ", "at e ", "Qr.n", "Zt.r", "48211", "51002"}},
		other:   map[string][]string{"another function with a name": {"placeOrder", "cancelOrder"}},
	},
	{
		name:    "dotnet",
		typ:     "Shop.OrderException",
		message: "Order 48211 failed",
		stack: `Shop.OrderException: Order 48211 failed
 ---> System.InvalidOperationException: Sequence contains no elements
   at System.Linq.ThrowHelper.ThrowNoElementsException()
   at Shop.Store.<SaveAsync>d__5.MoveNext() in /src/Shop/Store.cs:line 88
--- End of stack trace from previous location ---
   at Shop.Store.<>c__DisplayClass3_0.<Find>b__0(Order o)
   --- End of inner exception stack trace ---
   at Shop.Orders.PlaceAsync[T](Int32 id, T item) in /src/Shop/Orders.cs:line 12
   at Microsoft.AspNetCore.Mvc.Infrastructure.ActionMethodExecutor.Execute(Object c)
`,
		printed: "fail: Microsoft.AspNetCore.Server.Kestrel[13]\n      Connection id \"0HN\", Request id \"1\": An unhandled exception was thrown.\nUnhandled exception. {{stack}}",
		same: map[string][]string{
			"other lines":         {"line 88", "line 90", "line 12", "line 14"},
			"without symbols":     {" in /src/Shop/Store.cs:line 88", "", " in /src/Shop/Orders.cs:line 12", ""},
			"another build":       {"d__5", "d__7", "DisplayClass3_0", "DisplayClass4_0", "b__0", "b__1"},
			"another input":       {"48211", "7"},
			"demangled by .NET 9": {"Shop.Store.<SaveAsync>d__5.MoveNext()", "Shop.Store.SaveAsync(Order order)"},
		},
		other: map[string][]string{
			"another call site": {"PlaceAsync", "CancelAsync"},
			"another cause":     {"System.InvalidOperationException", "System.ArgumentException"},
			"another exception": {"Shop.OrderException", "Shop.StockException"},
		},
	},
	{
		name:    "ruby",
		typ:     "ActiveRecord::ConnectionNotEstablished",
		message: "could not connect to server",
		stack: `/app/app/models/order.rb:12:in 'Order#place': could not connect to server (ActiveRecord::ConnectionNotEstablished)
	from /app/app/controllers/orders_controller.rb:7:in 'block in OrdersController#create'
	from /usr/local/bundle/gems/actionpack-7.1.2/lib/action_controller/metal.rb:227:in 'ActionController::Metal#dispatch'
`,
		printed: "{{stack}}",
		same: map[string][]string{
			"other lines":              {":12:", ":19:"},
			"Ruby 3.3":                 {"'Order#place'", "`place'", "'block in OrdersController#create'", "`block (2 levels) in create'"},
			"another version of a gem": {"actionpack-7.1.2", "actionpack-7.2.0"},
			"deployed elsewhere":       {"/app/app/", "/var/www/shop/releases/20261126101500/app/"},
		},
		other: map[string][]string{
			"another call site": {"Order#place", "Order#cancel"},
			"another exception": {"ConnectionNotEstablished", "StatementInvalid"},
		},
	},
	{
		name:    "php",
		typ:     `App\OrderException`,
		message: "order 48211 failed",
		stack: `PDOException: SQLSTATE[HY000] [2002] Connection refused in /var/www/html/src/Store.php:31
Stack trace:
#0 /var/www/html/src/Store.php(31): PDO->__construct('mysql:host=db', 'shop', Object(SensitiveParameterValue))
#1 /var/www/html/src/Order.php(88): App\Store->save(Object(App\Order))
#2 {main}

Next App\OrderException: order 48211 failed in /var/www/html/src/Order.php:90
Stack trace:
#0 /var/www/html/vendor/symfony/http-kernel/HttpKernel.php(181): App\Order->place()
#1 /var/www/html/public/index.php(9): Symfony\Component\HttpKernel\Kernel->handle(Object(Request))
#2 {main}
  thrown in /var/www/html/src/Order.php on line 90`,
		printed: "PHP Fatal error:  Uncaught {{stack}}",
		same: map[string][]string{
			"other lines":         {"(31)", "(33)", "(88)", "(90)", ":90", ":92"},
			"installed elsewhere": {"/var/www/html", "/srv/shop"},
			"another input":       {"48211", "7", "'mysql:host=db'", "'mysql:host=replica'"},
		},
		other: map[string][]string{
			"another call site": {"Store->save", "Store->load"},
			"another cause":     {"PDOException", "RedisException"},
			"another exception": {"OrderException", "StockException"},
		},
	},
	{
		name:    "rust",
		typ:     "panic",
		message: "called `Result::unwrap()` on an `Err` value: Timeout",
		stack: `thread 'tokio-runtime-worker' panicked at src/orders.rs:42:10:
called ` + "`Result::unwrap()` on an `Err`" + ` value: Timeout
stack backtrace:
   0: rust_begin_unwind
             at /rustc/f6e511eec7342f59a25f7c0534f1dbea00d01b14/library/std/src/panicking.rs:662:5
   1: core::panicking::panic_fmt
             at /rustc/f6e511eec7342f59a25f7c0534f1dbea00d01b14/library/core/src/panicking.rs:74:14
   2: core::result::unwrap_failed
   3: shop::orders::place::{{closure}}
             at ./src/orders.rs:42:10
   4: shop::main::h0123456789abcdef
             at ./src/main.rs:9:5
   5: tokio::runtime::task::harness::poll_future
note: Some details are omitted, run with ` + "`RUST_BACKTRACE=full`" + ` for a verbose backtrace.`,
		printed: "{{stack}}",
		same: map[string][]string{
			"other lines":      {":42:10", ":44:1"},
			"another compiler": {"f6e511eec7342f59a25f7c0534f1dbea00d01b14", "9fc6b43126469e3858e2fe86cafb4f0fd5068869", "h0123456789abcdef", "hfedcba9876543210"},
			"another thread":   {"tokio-runtime-worker", "main"},
			"a full backtrace": {"   3: shop", "   3:     0x55d5a1b2c3d4 - shop[c1f1a4ba060b9bfa]"},
			"another input":    {"Timeout", "Refused"},
		},
		other: map[string][]string{"another call site": {"orders::place", "orders::cancel"}},
	},
}
