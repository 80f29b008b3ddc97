package novelty

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestHeadline(t *testing.T) {
	const python = "Traceback (most recent call last):\n  File \"/app/shop.py\", line 5, in buy\n    pay()\nValueError: no such card\n"
	const java = "java.lang.IllegalStateException: no such card\n\tat com.shop.Till.pay(Till.java:12)\n\tat com.shop.Till.main(Till.java:3)\n"
	for _, tc := range []struct{ name, text, want string }{
		{"a line", " payment failed ", "payment failed"},
		{"several lines", "payment failed\nsee the log of the bank", "payment failed"},
		{"a Python trace", python, "ValueError: no such card"},
		{"a line before a Python trace", "payment failed\n" + python, "payment failed ValueError"},
		{"a Java trace", java, "java.lang.IllegalStateException: no such card"},
		{"a line before a Java trace", "payment failed\n" + java, "payment failed java.lang.IllegalStateException"},
	} {
		t.Run(tc.name, func(t *testing.T) { require.Equal(t, tc.want, Headline(tc.text)) })
	}
}
