package notify

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestSignatureOfStandardWebhooks signs what that specification gives as its example.
func TestSignatureOfStandardWebhooks(t *testing.T) {
	s, err := newSigner("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
	require.NoError(t, err)
	header := http.Header{}
	s.sign(header, "msg_p5jXN8AQM9LWM0D4loKWxJek", time.Unix(1614265330, 0), []byte(`{"test": 2432232314}`))
	require.Equal(t, "msg_p5jXN8AQM9LWM0D4loKWxJek", header.Get("webhook-id"))
	require.Equal(t, "1614265330", header.Get("webhook-timestamp"))
	require.Equal(t, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", header.Get("webhook-signature"))
}

func TestSecretsWithoutPrefixAreTheKey(t *testing.T) {
	s, err := newSigner("secret")
	require.NoError(t, err)
	encoded, err := newSigner("whsec_c2VjcmV0")
	require.NoError(t, err)
	require.Equal(t, s, encoded)
}

func TestWithoutASecretNothingIsSigned(t *testing.T) {
	header := http.Header{}
	signer{}.sign(header, "1", time.Unix(1, 0), nil)
	require.Equal(t, http.Header{headerID: {"1"}, headerTimestamp: {"1"}}, header)
}

// signatureOf signs as a receiver does that knows the key.
func signatureOf(key, id, timestamp, body string) string {
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte(id + "." + timestamp + "." + body))
	return "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
}
