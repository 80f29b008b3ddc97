package redact_test

import "testing"

func TestPersonalData(t *testing.T) {
	requireRewritten(t, []rewritten{
		{"e-mail address", "user ann.lee+x@example.co.uk not found", "user [redacted] not found"},
		{"in PostgreSQL's detail", "Key (email)=(ann@example.com) already exists.", "Key (email)=([redacted]) already exists."},
		{"in MySQL's message", "Duplicate entry 'ann@example.com' for key 'users.email'", "Duplicate entry '[redacted]' for key 'users.email'"},
		{"of any language", "no mailbox für.jürgen@bücher.example, δοκιμή@παράδειγμα.δοκιμή", "no mailbox [redacted], [redacted]"},
		{"at the end of a sentence", "Ask ann@example.com.", "Ask [redacted]."},
		{"in brackets", "Ann <ann@example.com>", "Ann <[redacted]>"},
		{"in a link", "mailto:ann@example.com", "mailto:[redacted]"},
		{"in a query", "https://x.example/find?email=ann@example.com", "https://x.example/find?email=[redacted]"},
		{"in an escaped query", "https://x.example/find?email=ann.lee%40example.com&n=1", "https://x.example/find?email=[redacted]&n=1"},
		{"private columns", "Key (username, tenant)=(ann lee, 7) already exists.", "Key (username, tenant)=([redacted]) already exists."},
		{"Visa", "card 4111 1111 1111 1111 refused", "card [redacted] refused"},
		{"Visa in one", "card=4111111111111111,", "card=[redacted],"},
		{"Mastercard", "5555-5555-5555-4444", "[redacted]"},
		{"Mastercard of the second range", "2223003122003222", "[redacted]"},
		{"American Express", "3782 822463 10005", "[redacted]"},
		{"Diners Club", "30569309025904", "[redacted]"},
		{"Discover", "6011111111111117", "[redacted]"},
		{"JCB", "3530111333300000", "[redacted]"},
		{"UnionPay", "6200000000000005", "[redacted]"},
		{"card before a date", "4111 1111 1111 1111 2026-03-04", "[redacted] 2026-03-04"},
		{"card after a number", "12 4111 1111 1111 1111", "12 [redacted]"},
		{"bank account", "debit DE89370400440532013000 failed", "debit [redacted] failed"},
		{"bank account in groups", "debit GB82 WEST 1234 5698 7654 32 failed", "debit [redacted] failed"},
	})
}
