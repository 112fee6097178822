package remote

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/remote/transport"

	"github.com/fleetcost/fleetcost/registrysize"
)

func missing(want *v1.Platform, have []string) error {
	if len(have) == 0 {
		have = []string{"none"}
	}
	return fmt.Errorf("it has no platform %s: %w; it has %s", want, registrysize.ErrNotFound, strings.Join(have, ", "))
}

// explain says what went wrong and what to do, without addresses that may hold secrets.
func explain(err error, host string, timeout time.Duration) error {
	var refused *transport.Error
	var answer answerError
	var dial *net.OpError
	switch {
	case errors.Is(err, registrysize.ErrNotFound):
		return err
	case errors.As(err, &answer):
		return answer
	case errors.As(err, &refused):
		return status(refused, host)
	case errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("it did not answer within %v; check the network, or take sizes from the catalog", timeout)
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
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, s)
	if len(s) > most {
		s = s[:most] + "…"
	}
	return s
}
