package remote

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"
	"unicode"

	"github.com/google/go-containerregistry/pkg/v1/remote/transport"

	"github.com/fleetcost/fleetcost/registrysize"
)

// notTrue is an answer that is no image, or cannot be true.
func notTrue(format string, args ...any) error {
	return answerError{fmt.Sprintf(format, args...)}
}

type answerError struct{ msg string }

func (e answerError) Error() string { return e.msg }

// missing names the platforms that an image does have.
func missing(want string, have []string) error {
	const most = 32
	switch {
	case len(have) == 0:
		have = []string{"none"}
	case len(have) > most:
		have = append(have[:most:most], "…")
	}
	return fmt.Errorf("it has no platform %s: %w; it has %s", want, registrysize.ErrNotFound, strings.Join(have, ", "))
}

// explain says what went wrong and what to do, without addresses that may hold secrets.
func explain(err error, host string, timeout time.Duration) error {
	var refused *transport.Error
	var answer answerError
	var dial *net.OpError
	var certificate *tls.CertificateVerificationError
	switch {
	case errors.Is(err, registrysize.ErrNotFound):
		return err
	case errors.As(err, &answer):
		return answer
	case errors.As(err, &refused):
		return status(refused, host)
	case errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("it did not answer within %v; check the network, or take sizes from the catalog", timeout)
	case errors.As(err, &certificate):
		return fmt.Errorf("its certificate cannot be verified (%s); check the host, or have this machine trust who signed it", clip(certificate.Err.Error()))
	case errors.As(err, &dial):
		return fmt.Errorf("it cannot be reached (%w); check the network, or take sizes from the catalog", dial.Err)
	}
	return fmt.Errorf("%s; check that it is a container registry", clip(err.Error()))
}

// status explains a refusal by what the registry says and by its status.
func status(e *transport.Error, host string) error {
	said := http.StatusText(e.StatusCode)
	if len(e.Errors) > 0 && e.Errors[0].Code != "" {
		said = clip(strings.TrimSpace(string(e.Errors[0].Code) + " " + e.Errors[0].Message))
	}
	said = fmt.Sprintf("it answered %d (%s)", e.StatusCode, said)
	switch {
	case e.StatusCode == http.StatusUnauthorized || e.StatusCode == http.StatusForbidden:
		return fmt.Errorf("%s; log in with docker login %s, or check the name", said, host)
	case e.StatusCode == http.StatusNotFound:
		return fmt.Errorf("%s: %w; check name and tag", said, registrysize.ErrNotFound)
	case e.StatusCode == http.StatusTooManyRequests:
		return fmt.Errorf("%s; wait, log in with docker login %s, or take sizes from the catalog", said, host)
	case e.StatusCode >= http.StatusInternalServerError:
		return fmt.Errorf("%s; try again later", said)
	}
	return fmt.Errorf("%s; check that it is a container registry", said)
}

// clip keeps a registry's words short and printable.
func clip(s string) string {
	const most = 160
	printable := []rune(strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, s))
	if len(printable) > most {
		printable = append(printable[:most], '…')
	}
	return string(printable)
}
