package remote

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"slices"

	"github.com/fleetcost/fleetcost/registrysize/manifest"
)

// newTransport is http.DefaultTransport with connections enough for a session, and more certificates.
func newTransport(ca []byte) (http.RoundTripper, error) {
	t, ok := http.DefaultTransport.(*http.Transport)
	if !ok {
		return http.DefaultTransport, nil
	}
	t = t.Clone()
	t.MaxIdleConnsPerHost = atOnce
	if len(ca) > 0 {
		pool, err := x509.SystemCertPool()
		if err != nil {
			pool = x509.NewCertPool()
		}
		if !pool.AppendCertsFromPEM(ca) {
			return nil, errors.New("no certificate in it can be read; write PEM, which starts with -----BEGIN CERTIFICATE-----")
		}
		t.TLSClientConfig = &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}
	}
	return t, nil
}

// guarded refuses to speak without TLS to those who may not be spoken to so.
type guarded struct {
	next  http.RoundTripper
	plain func(host string) bool
}

func (g guarded) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.URL.Scheme == "http" && !g.plain(req.URL.Host) {
		return nil, plainHTTP(req.URL.Host)
	}
	return g.next.RoundTrip(req)
}

func plainHTTP(host string) error {
	return manifest.Wrongf("speaks plain HTTP, which is accepted from loopback addresses only; use TLS, or allow it with --plain-http %s", manifest.Clip(host))
}

// plain tells whether a host was listed as one without TLS.
func (c *Client) plain(host string) bool { return slices.Contains(c.o.PlainHTTP, host) }

func (s *session) mayBePlain(host string) bool { return s.client.plain(host) || loopback(host) }

// loopback tells addresses of this machine, with or without a port.
func loopback(host string) bool {
	name := hostname(host)
	ip := net.ParseIP(name)
	return name == "localhost" || ip != nil && ip.IsLoopback()
}

// private tells addresses that only this machine or its network reaches. Names are not looked up.
func private(name string) bool {
	ip := net.ParseIP(name)
	return name == "localhost" || ip != nil && (ip.IsLoopback() || ip.IsPrivate() || ip.IsLinkLocalUnicast() || ip.IsUnspecified())
}

// hostname cuts the port off, and the brackets of an IPv6 address.
func hostname(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		return name
	}
	if n := len(host); n > 1 && host[0] == '[' && host[n-1] == ']' {
		return host[1 : n-1]
	}
	return host
}
