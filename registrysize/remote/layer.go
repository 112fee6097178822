package remote

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"net/http"
	"time"

	"github.com/google/go-containerregistry/pkg/v1/remote/transport"

	"github.com/fleetcost/fleetcost/registrysize"
	"github.com/fleetcost/fleetcost/registrysize/manifest"
)

// Layer opens a layer of a normalised reference as the registry sends it. Reading to the end finds out whether
// it has the size and the digest that it should have. It may take as long as it likes, but for pauses of more
// than the client's time-out. One of the registry's slots is taken until it is closed.
func (c *Client) Layer(ctx context.Context, ref string, l registrysize.Layer) (io.ReadCloser, error) {
	s := c.session(registrysize.Host(ref))
	select {
	case s.slots <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	b := &blob{session: s, outer: ctx, ref: ref, layer: l, hash: sha256.New()}
	var stop context.CancelCauseFunc
	b.ctx, stop = context.WithCancelCause(ctx)
	b.stop = func() { stop(nil) }
	b.stalled = time.AfterFunc(c.o.Timeout, func() { stop(context.DeadlineExceeded) })
	if err := b.open(); err != nil {
		_ = b.Close()
		return nil, err
	}
	return b, nil
}

// A blob is a layer on its way.
type blob struct {
	session *session
	outer   context.Context // of who asked
	ctx     context.Context // ends when nothing comes any more
	stop    func()
	stalled *time.Timer
	ref     string
	layer   registrysize.Layer

	body io.ReadCloser // nil: not open
	hash hash.Hash
	read int64
	err  error // that ended it
}

// open asks the registry.
func (b *blob) open() error {
	res, err := b.session.do(b.ctx, request{method: http.MethodGet, repo: repositoryPath(b.ref), path: "blobs/" + b.layer.Digest, stream: true})
	if err != nil {
		return b.blame(err)
	}
	b.body = res.Body
	err = transport.CheckError(res, http.StatusOK)
	if refused := refusal(err); refused != nil && refused.StatusCode == http.StatusNotFound {
		err = manifest.Wrongf("does not have layer %s, which the image is made of; push it anew", b.layer.Digest)
	}
	if err != nil {
		return b.blame(err)
	}
	return nil
}

func (b *blob) Read(p []byte) (int, error) {
	if b.err != nil {
		return 0, b.err
	}
	n, err := b.body.Read(p)
	b.stalled.Reset(b.session.client.o.Timeout)
	b.read += int64(n)
	_, _ = b.hash.Write(p[:n])
	b.session.polite.received(n)
	switch {
	case b.read > b.layer.Bytes:
		err = manifest.Wrongf("sent more than the %d bytes of layer %s; do not trust it", b.layer.Bytes, b.layer.Digest)
	case err == nil:
		return n, nil
	case !errors.Is(err, io.EOF) || b.read < b.layer.Bytes:
		if cause := context.Cause(b.ctx); cause != nil {
			err = cause
			break
		}
		err = manifest.Wrongf("broke layer %s off after %d of %d bytes (%v); try again later", b.layer.Digest, b.read, b.layer.Bytes, bare(err))
	default:
		if err = checkSum(b.layer.Digest, b.hash); err == nil {
			b.err = io.EOF
			return n, io.EOF
		}
	}
	b.err = b.blame(err)
	return n, b.err
}

// checkSum compares the digest of what was read with what was said.
func checkSum(said string, h hash.Hash) error {
	if got := "sha256:" + hex.EncodeToString(h.Sum(nil)); got != said {
		return manifest.Wrongf("sent bytes of digest %s where %s was said; do not trust it", got, said)
	}
	return nil
}

func (b *blob) Close() error {
	b.stalled.Stop()
	b.stop()
	if b.body != nil {
		_ = b.body.Close() // it was only read
	}
	<-b.session.slots
	return nil
}

// blame says whose fault an error is; nothing that comes any more is the registry's.
func (b *blob) blame(err error) error {
	if cause := context.Cause(b.ctx); b.outer.Err() == nil && cause != nil {
		err = cause
	}
	return b.session.blame(b.outer, err, b.ref)
}
