package detect

import (
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
)

func TestMessage(t *testing.T) {
	for _, tc := range []struct{ name, body, want string }{
		{"a text", "it broke", "it broke"},
		{"a text with colours", "\x1b[31mit broke\x1b[0m", "it broke"},
		{"an object", `{"level":"error","error":"timeout","user":"alice","message":"it broke"}`, "it broke"},
		{"an object whose keys stand in another order", `{"message":"it broke","error":"timeout"}`, "it broke"},
		{"an object one level down", `{"user":"alice","error":{"code":"7","message":"it broke"}}`, "it broke"},
		{"escapes", `{"msg":"it \"broke\"\n"}`, "it \"broke\"\n"},
		{"an object that breaks off", `{"msg":"it broke","error":"time`, "it broke"},
		{"an object without a message", `{"user":"alice"}`, `{"user":"alice"}`},
		{"nothing", "", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			require.Equal(t, tc.want, Message(pcommon.NewValueStr(tc.body)))
		})
	}
	body := pcommon.NewValueMap()
	require.Empty(t, Message(body))
	body.Map().PutStr("user", "alice")
	body.Map().PutStr("err", "timeout")
	body.Map().PutStr("msg", "it broke")
	require.Equal(t, "it broke", Message(body))
}
