package remote

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net"
	"net/http"
	"strings"
)

// maxAnswer is how large a manifest or an image config may be, in bytes (CNCF distribution refuses
// manifests above it).
const maxAnswer = 4 << 20

// checked carries requests and believes no answer: what is too long, shorter than it says, or not of the
// digest that it was asked for or claims, is an error.
type checked struct{ next http.RoundTripper }

func (c checked) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.URL.Scheme == "http" && !loopback(req.URL.Hostname()) {
		return nil, notTrue("speaks plain HTTP, which is only accepted from loopback addresses; use a registry with TLS")
	}
	res, err := c.next.RoundTrip(req)
	if err != nil || req.Method != http.MethodGet || res.StatusCode != http.StatusOK {
		return res, err
	}
	body, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer+1))
	_ = res.Body.Close()
	switch {
	case err != nil:
		return nil, notTrue("broke its answer off after %d bytes (%v); try again later", len(body), err)
	case len(body) > maxAnswer:
		return nil, notTrue("sent more than %d bytes for a manifest; name an image", maxAnswer)
	}
	if err := checkDigest(req.URL.Path, res.Header, body); err != nil {
		return nil, err
	}
	res.Body = io.NopCloser(bytes.NewReader(body))
	return res, nil
}

// checkDigest compares a manifest or a blob with the digest in its address and the one in its header.
func checkDigest(path string, header http.Header, body []byte) error {
	if !strings.Contains(path, "/manifests/") && !strings.Contains(path, "/blobs/") {
		return nil
	}
	if strings.HasPrefix(header.Get("Content-Type"), "text/html") {
		return notTrue("sent a web page instead of a manifest; check that it is a container registry")
	}
	sum := sha256.Sum256(body)
	got := "sha256:" + hex.EncodeToString(sum[:])
	asked := path[strings.LastIndexByte(path, '/')+1:]
	for _, want := range []string{asked, header.Get("Docker-Content-Digest")} {
		if strings.HasPrefix(want, "sha256:") && want != got {
			return notTrue("sent bytes of digest %s where %s was said; do not trust it", got, clip(want))
		}
	}
	return nil
}

func loopback(host string) bool {
	if host == "localhost" {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}
