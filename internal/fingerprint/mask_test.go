package fingerprint

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestMaskReplacesWhatDiffers(t *testing.T) {
	for name, tc := range map[string]struct{ text, want string }{
		"numbers":                {"timed out after 30000ms, 3 of 10 retries, 99.5%", "timed out after <n>ms, <n> of <n> retries, <n>%"},
		"numbers in names":       {"HikariPool-1 on host7 has no connection", "HikariPool-<n> on host<n> has no connection"},
		"hexadecimal":            {"at 0x7fff5fbff8c0 in 3f2a1b7c9d", "at <id> in <id>"},
		"UUIDs":                  {"order 33d4106b-b8d1-4f6a-9c1e-2f5b7a9d0e11 lost", "order <id> lost"},
		"names of pods":          {"pod checkout-7d9f8c6b5-x2x4q evicted", "pod checkout-<id>-<id> evicted"},
		"quoted text":            {`user "alice" has no 'write' right on ` + "`orders`", "user <q> has no <q> right on <q>"},
		"quotes in quotes":       {`value "a \"b\" c" is wrong`, "value <q> is wrong"},
		"typographic quotes":     {"Tabelle »orders« und “items” fehlen", "Tabelle <q> und <q> fehlen"},
		"apostrophes":            {"can't connect, don't retry: it's 'db' that isn't up", "can't connect, don't retry: it's <q> that isn't up"},
		"objects":                {"input_value={'id': 3, 'tags': ['a}', 'b']}, input_type=dict", "input_value=<obj>, input_type=dict"},
		"addresses":              {"dial tcp 10.0.0.7:5432: connect: connection refused", "dial tcp <addr>: connect: connection refused"},
		"IPv6":                   {"dial tcp [fe80::1]:5432 refused", "dial tcp [<addr>]:<n> refused"},
		"hosts":                  {"lookup db.shop.svc.cluster.local: no such host", "lookup <addr>: no such host"},
		"hosts with a port":      {"cannot reach db-7:5432", "cannot reach <addr>"},
		"e-mail addresses":       {"mailbox of alice@example.com is full", "mailbox of <addr> is full"},
		"URLs":                   {"GET https://api.example.com/v1/orders/7?x=1 failed", "GET <path> failed"},
		"paths":                  {"open /var/lib/shop/7.db: no space left on device", "open <path>: no space left on device"},
		"paths on Windows":       {`cannot open C:\data\7.db now`, "cannot open <path> now"},
		"times":                  {"no heartbeat since 2026-11-26T10:15:32.482Z or 10:15:32,482", "no heartbeat since <time> or <time>,<n>"},
		"names of classes":       {"com.acme.shop.OrderService failed in read/write mode", "com.acme.shop.OrderService failed in read/write mode"},
		"white space":            {"a\n\t b   c\r\n", "a b c"},
		"quotes never closed":    {`unexpected " in text`, `unexpected " in text`},
		"objects that break off": {"input {'a': 7", "input {<q>: <n>"},
		"other alphabets":        {"Fehler 7: Gerät »sda1« ist voll", "Fehler <n>: Gerät <q> ist voll"},
		"nothing but a number":   {"42", "<n>"},
		"nothing":                {"", ""},
	} {
		t.Run(name, func(t *testing.T) { require.Equal(t, tc.want, Mask(tc.text)) })
	}
}

func TestMaskDropsThePrefixOfALogger(t *testing.T) {
	const message = "disk full on device sda1"
	for _, prefix := range []string{
		"",
		"2026-11-26 10:15:32,482 ERROR ",
		"2026-11-26T10:15:32.482+01:00 [main] WARN - ",
		"[2026-11-26 10:15:32 +0000] [17] [ERROR] ",
		"Nov 26 10:15:32 node-7 kernel: ",
		"Nov  6 10:15:32 node-8 storaged[1234]: ",
		"2026-11-26T10:15:32.482123+00:00 node-7 kernel: [12345.678901] ",
		"<3>Nov 26 10:15:32 node-7 storaged[17]: ",
		"  <3>Nov 26 10:15:32 node-7 storaged[17]: ",
		"[12345.678901] ",
		"2026/11/26 10:15:32 [error] 17#17: ",
		"FATAL: ",
	} {
		t.Run(prefix, func(t *testing.T) { require.Equal(t, Mask(message), Mask(prefix+message)) })
	}
}

func TestMaskKeepsWhatIsNoPrefix(t *testing.T) {
	for _, pair := range [][2]string{
		{"2026-11-26 10:15:32 connection failed: refused", "2026-11-26 10:15:32 disk failed: refused"},
		{"ERROR upload failed", "ERROR download failed"},
		{"May not be empty", "Sun is not set"},
	} {
		require.NotEqual(t, Mask(pair[0]), Mask(pair[1]))
	}
}

func TestAnyDigits(t *testing.T) {
	for text, want := range map[string]bool{
		"dial tcp 10.0.0.7:5432: refused": true,
		"box 7 of 10":                     true,
		"at 0x1f":                         false,
		"10x":                             false,
		"x1":                              true,
		"":                                true,
	} {
		require.Equal(t, want, AnyDigits(text), text)
	}
}
