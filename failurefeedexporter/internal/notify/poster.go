package notify

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/exporter/exporterhelper"
)

const (
	// maxPatience bounds how long a receiver can put us off.
	maxPatience = 10 * time.Minute
	// maxAnswer bounds what is read of an answer, and maxQuoted what is said of it, in bytes.
	maxAnswer = 64 << 10
	maxQuoted = 200
)

// poster sends requests to one destination. Its errors say neither the address nor a header, which may be
// secrets.
type poster struct {
	client *http.Client
	url    string
	// quotes says that an error may quote the answer.
	quotes bool
}

func newPoster(ctx context.Context, d *Delivery, address string, host component.Host, set component.TelemetrySettings) (*poster, error) {
	client, err := d.HTTP.ToClient(ctx, host.GetExtensions(), set)
	if err != nil {
		return nil, err
	}
	// What is posted goes to whom it is meant for, or nowhere.
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &poster{client: client, url: address}, nil
}

func (p *poster) post(ctx context.Context, header http.Header, body []byte) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, p.url, bytes.NewReader(body))
	if err != nil {
		return consumererror.NewPermanent(errors.New("request: the address is no URL"))
	}
	request.Header = header
	response, err := p.client.Do(request)
	if err != nil {
		return fmt.Errorf("no answer: %w", withoutAddress(err))
	}
	answer, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	if closed := response.Body.Close(); err == nil {
		err = closed
	}
	return p.judge(response, answer, err)
}

// judge says what an answer means. One that began well and broke off was taken.
func (p *poster) judge(response *http.Response, answer []byte, broken error) error {
	status := response.StatusCode
	if status/100 == 2 {
		return nil
	}
	refusal := fmt.Errorf("answer: status %d", status)
	if p.quotes && len(answer) > 0 {
		refusal = fmt.Errorf("%w: %q", refusal, clip(string(answer), maxQuoted))
	}
	if broken != nil {
		refusal = fmt.Errorf("%w, and it broke off", refusal)
	}
	switch {
	case status == http.StatusTooManyRequests, status == http.StatusRequestTimeout, status >= 500:
		if wait := retryAfter(response.Header.Get("Retry-After"), time.Now()); wait > 0 {
			return exporterhelper.NewThrottleRetry(refusal, wait)
		}
		return refusal
	default:
		return consumererror.NewPermanent(refusal)
	}
}

// retryAfter reads how long to wait: seconds, or a time.
func retryAfter(text string, now time.Time) time.Duration {
	if seconds, err := strconv.ParseUint(text, 10, 32); err == nil {
		return min(time.Duration(seconds)*time.Second, maxPatience)
	}
	if at, err := http.ParseTime(text); err == nil {
		return min(at.Sub(now), maxPatience)
	}
	return 0
}

// withoutAddress takes the URL out of an error of a client.
func withoutAddress(err error) error {
	if inURL, is := errors.AsType[*url.Error](err); is {
		return inURL.Err
	}
	return err
}
