package notify

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Headers of a webhook, those of Standard Webhooks.
const (
	headerID        = "Webhook-Id"
	headerTimestamp = "Webhook-Timestamp"
	headerSignature = "Webhook-Signature"
)

// secretPrefix begins a secret whose rest is the key in base64.
const secretPrefix = "whsec_"

// signer signs requests. Without a key it only tells their id and time.
type signer struct {
	key []byte
}

func newSigner(secret string) (signer, error) {
	encoded, is := strings.CutPrefix(secret, secretPrefix)
	key := []byte(secret)
	if is {
		var err error
		if key, err = base64.StdEncoding.DecodeString(encoded); err != nil {
			// What is wrong with it would tell of it.
			return signer{}, errors.New("what follows " + secretPrefix + " is no base64")
		}
	}
	if len(key) == 0 {
		return signer{}, errors.New("is empty: leave it out to sign nothing")
	}
	return signer{key: key}, nil
}

// sign writes the headers of a request. Each attempt has its own time, so that a receiver can refuse what
// is old.
func (s signer) sign(header http.Header, id string, at time.Time, body []byte) {
	timestamp := strconv.FormatInt(at.Unix(), 10)
	header.Set(headerID, id)
	header.Set(headerTimestamp, timestamp)
	if s.key == nil {
		return
	}
	mac := hmac.New(sha256.New, s.key)
	mac.Write([]byte(id + "." + timestamp + "."))
	mac.Write(body)
	header.Set(headerSignature, "v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil)))
}
