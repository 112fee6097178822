package remote

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"

	"github.com/google/go-containerregistry/pkg/v1/remote/transport"

	"github.com/fleetcost/fleetcost/registrysize"
	"github.com/fleetcost/fleetcost/registrysize/manifest"
)

// blame tells whose fault an error is: the registry's, but for an end of ctx and for the login here.
func (s *session) blame(ctx context.Context, err error, ref string) error {
	var failed loginError
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.As(err, &failed):
		return fmt.Errorf("reading %s: logging in to %s as Docker's configuration says: %s; correct it, or log in anew with docker login %[2]s",
			ref, s.host, manifest.Clip(s.login.scrub(failed.msg)))
	}
	return &registrysize.RegistryError{Ref: ref, Registry: s.host, Err: s.explain(err)}
}

// explain says what went wrong and what to do, without addresses and words that may hold secrets.
func (s *session) explain(err error) error {
	var answer manifest.Wrong
	var dial *net.OpError
	var certificate *tls.CertificateVerificationError
	switch refused := refusal(err); {
	case errors.Is(err, registrysize.ErrNotFound):
		return err
	case errors.As(err, &answer):
		return manifest.Wrongf("%s", s.login.scrub(answer.Error()))
	case refused != nil:
		return s.status(refused)
	case errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("it did not answer within %v; check the network", s.client.o.Timeout)
	case errors.As(err, &certificate):
		return fmt.Errorf("its certificate cannot be verified (%s); check the host, or name who signed it with --ca-file", manifest.Clip(certificate.Err.Error()))
	case saysPlain(err):
		return plainHTTP(s.addr)
	case errors.As(err, &dial):
		return fmt.Errorf("it cannot be reached (%w); check the network", dial.Err)
	}
	return fmt.Errorf("%s; check that it is a container registry", manifest.Clip(s.login.scrub(bare(err).Error())))
}

// unreachable tells errors of the network from those of whoever answered.
func unreachable(err error) bool {
	return errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) ||
		errors.As(err, new(*net.OpError)) || errors.As(err, new(*tls.CertificateVerificationError))
}

// status explains a refusal by what the registry says and by its status.
func (s *session) status(e *transport.Error) error {
	said := http.StatusText(e.StatusCode)
	if len(e.Errors) > 0 && e.Errors[0].Code != "" {
		said = manifest.Clip(s.login.scrub(strings.TrimSpace(string(e.Errors[0].Code) + " " + e.Errors[0].Message)))
	}
	said = fmt.Sprintf("it answered %d (%s)", e.StatusCode, said)
	switch {
	case e.StatusCode == http.StatusUnauthorized || e.StatusCode == http.StatusForbidden:
		return fmt.Errorf("%s; log in with docker login %s, or check the name", said, s.host)
	case e.StatusCode == http.StatusNotFound:
		return fmt.Errorf("%s: %w; check name and tag", said, registrysize.ErrNotFound)
	case e.StatusCode == http.StatusTooManyRequests:
		return fmt.Errorf("%s%s; wait, or log in with docker login %s", said, s.patience(), s.host)
	case e.StatusCode >= http.StatusInternalServerError:
		return fmt.Errorf("%s; try again later", said)
	}
	return fmt.Errorf("%s; check that it is a container registry", said)
}

// patience says how long the registry wants to be left alone, and what it allows, where it told.
func (s *session) patience() string {
	var out string
	s.polite.mu.Lock()
	defer s.polite.mu.Unlock()
	if s.polite.asked > 0 {
		out = fmt.Sprintf(", asks to wait %v", s.polite.asked)
	}
	if words := s.polite.quota.String(); words != "" {
		out += ", " + words
	}
	return out
}

// bare takes the address off an error of the HTTP client: it may hold a token.
func bare(err error) error {
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return err
		}
		err = inner
	}
}
