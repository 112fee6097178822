package remote

import (
	"cmp"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A Count is what was asked of one registry, repeated requests and redirected ones included.
type Count struct {
	Registry string // host
	Tokens   int    // requests to its token server
	Heads    int
	Gets     int   // of manifests, configs, layers and lists of tags
	Retries  int   // of these requests, those sent again because it was busy or a connection broke
	Bytes    int64 // of the answers
	Quota    Quota
}

// Requests is how many were sent.
func (c Count) Requests() int { return c.Tokens + c.Heads + c.Gets }

// A Quota is how many pulls a registry said are left.
type Quota struct {
	Told      bool // false: the registry said nothing
	Remaining int
	Limit     int           // 0: not said
	Window    time.Duration // the time that Limit is for; 0: not said
}

// Counts returns what was asked of each registry that was asked anything, by host.
func (c *Client) Counts() []Count {
	c.mu.Lock()
	sessions := slices.Collect(maps.Values(c.sessions))
	c.mu.Unlock()
	var out []Count
	for _, s := range sessions {
		s.polite.mu.Lock()
		n := s.polite.count
		n.Registry, n.Quota = s.host, s.polite.quota
		s.polite.mu.Unlock()
		if n.Requests() > 0 {
			out = append(out, n)
		}
	}
	slices.SortFunc(out, func(a, b Count) int { return cmp.Compare(a.Registry, b.Registry) })
	return out
}

// sent counts requests, or takes them back.
func (p *polite) sent(req *http.Request, n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case tokenRequest(req.Context()):
		p.count.Tokens += n
	case req.Method == http.MethodHead:
		p.count.Heads += n
	default:
		p.count.Gets += n
	}
}

// received counts bytes.
func (p *polite) received(n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.count.Bytes += int64(n)
}

// String writes a quota for people; "" where the registry said nothing.
func (q Quota) String() string {
	if !q.Told {
		return ""
	}
	var out strings.Builder
	out.WriteString(strconv.Itoa(q.Remaining))
	if q.Limit > 0 {
		out.WriteString(" of " + strconv.Itoa(q.Limit))
	}
	out.WriteString(" pulls left")
	if q.Window > 0 {
		out.WriteString(" in " + strings.TrimSuffix(strings.TrimSuffix(q.Window.String(), "0s"), "0m"))
	}
	return out.String()
}
