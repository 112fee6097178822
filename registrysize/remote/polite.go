package remote

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/google/go-containerregistry/pkg/v1/remote/transport"
)

const (
	// tries is how often a request is sent that a registry is too busy for, or that a connection broke.
	tries = 4

	// firstPause is what is waited before the second try where the registry does not say how long; it doubles.
	firstPause = 500 * time.Millisecond
)

// polite carries a session's requests: it counts them, hears what quota is left, and waits where the registry
// says so, with all who ask the same registry.
type polite struct {
	next   http.RoundTripper
	jitter func() float64

	mu     sync.Mutex
	count  Count
	quota  Quota
	asked  time.Duration // how long it asked to be left alone last
	paused chan struct{} // closed when who was told to wait has waited; nil: nobody was
}

func (p *polite) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx := req.Context()
	for try := 1; ; try++ {
		if err := p.wait(ctx); err != nil {
			return nil, err
		}
		p.sent(req, 1)
		res, err := p.next.RoundTrip(req)
		switch {
		case err == nil:
			p.hear(res)
		case saysPlain(err):
			p.sent(req, -1) // the handshake failed: nothing was asked
		}
		pause, again := p.again(res, err, try)
		if !again || req.Body != nil || !fits(ctx, pause) {
			return res, err
		}
		if res != nil {
			discard(res.Body)
		}
		if err := p.pause(ctx, pause, res != nil && res.StatusCode == http.StatusTooManyRequests); err != nil {
			return nil, err
		}
	}
}

// again tells whether a request may be sent again, and after how long.
func (p *polite) again(res *http.Response, err error, try int) (time.Duration, bool) {
	if try == tries || err != nil && !broken(err) {
		return 0, false
	}
	if err == nil {
		switch res.StatusCode {
		case http.StatusTooManyRequests, http.StatusServiceUnavailable:
			if d, ok := retryAfter(res.Header); ok {
				return d + p.spread(firstPause), true
			}
		case http.StatusRequestTimeout, http.StatusInternalServerError, http.StatusBadGateway, http.StatusGatewayTimeout:
		default:
			return 0, false
		}
	}
	d := firstPause << (try - 1)
	return d/2 + p.spread(d), true
}

// spread draws from up to a duration.
func (p *polite) spread(d time.Duration) time.Duration {
	if p.jitter == nil {
		return d / 2
	}
	return time.Duration(p.jitter() * float64(d))
}

// broken tells connections that broke, which may hold the next time.
func broken(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)
}

// retryAfter reads how long a registry wants to be left alone: seconds, or a moment by its own clock.
func retryAfter(h http.Header) (time.Duration, bool) {
	text := h.Get("Retry-After")
	if n, err := strconv.ParseUint(text, 10, 31); err == nil {
		return time.Duration(n) * time.Second, true
	}
	then, err := http.ParseTime(text)
	if err != nil {
		return 0, false
	}
	date, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		return 0, false
	}
	return max(0, then.Sub(date)), true
}

// fits tells whether a pause ends before the time is up: who cannot wait is told the answer at once.
func fits(ctx context.Context, pause time.Duration) bool {
	deadline, ok := ctx.Deadline()
	return !ok || pause < time.Until(deadline)
}

// pause waits, and has all others wait too where the registry is overrun.
func (p *polite) pause(ctx context.Context, d time.Duration, all bool) error {
	p.mu.Lock()
	p.count.Retries++
	mine := all && p.paused == nil
	if mine {
		p.paused = make(chan struct{})
	}
	p.mu.Unlock()
	err := sleep(ctx, d)
	if mine {
		p.mu.Lock()
		close(p.paused)
		p.paused = nil
		p.mu.Unlock()
	}
	return err
}

// wait returns when nobody was told to leave the registry alone.
func (p *polite) wait(ctx context.Context) error {
	p.mu.Lock()
	paused := p.paused
	p.mu.Unlock()
	if paused == nil {
		return nil
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-paused:
		return nil
	}
}

// hear keeps how long the registry asks to be left alone, and what quota is left, as Docker Hub tells it:
// "ratelimit-remaining: 76;w=21600".
func (p *polite) hear(res *http.Response) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if res.StatusCode == http.StatusTooManyRequests {
		p.asked, _ = retryAfter(res.Header)
	}
	if remaining, window, ok := quotaField(res.Header.Get("RateLimit-Remaining")); ok {
		limit, _, _ := quotaField(res.Header.Get("RateLimit-Limit"))
		p.quota = Quota{Told: true, Limit: limit, Remaining: remaining, Window: window}
	}
}

func quotaField(text string) (n int, window time.Duration, ok bool) {
	number, rest, _ := strings.Cut(text, ";")
	n, err := strconv.Atoi(strings.TrimSpace(number))
	if seconds, found := strings.CutPrefix(strings.TrimSpace(rest), "w="); found {
		if s, err := strconv.ParseUint(seconds, 10, 31); err == nil {
			window = time.Duration(s) * time.Second
		}
	}
	return n, window, err == nil && n >= 0
}

// refusal finds a registry's refusal in an error; nil: there is none.
func refusal(err error) *transport.Error {
	refused, _ := errors.AsType[*transport.Error](err)
	return refused
}
