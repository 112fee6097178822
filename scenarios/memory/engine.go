package memory

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// engineTimeout bounds one request to an engine: it measures twice, a second apart, where it is old.
const engineTimeout = 30 * time.Second

// maxAnswer bounds an engine's answer, in bytes.
const maxAnswer = 64 << 20

// Engine reads the running containers of a Docker engine, or of another program that speaks its API, from the
// path of its socket.
func Engine(ctx context.Context, socket string) ([]Container, error) {
	e := &engine{socket: socket, client: &http.Client{Timeout: engineTimeout, Transport: &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, "unix", socket)
		},
	}}}
	defer e.client.CloseIdleConnections()
	var running []struct {
		ID    string   `json:"Id"`
		Names []string `json:"Names"`
		Image string   `json:"Image"`
	}
	if err := e.get(ctx, "/containers/json", &running); err != nil {
		return nil, err
	}
	var containers []Container
	for _, r := range running {
		if isPause(r.Image) {
			continue
		}
		c := Container{ID: r.ID, Image: reference(r.Image)}
		if len(r.Names) > 0 {
			c.Name = strings.TrimPrefix(r.Names[0], "/")
		}
		containers = append(containers, c)
	}
	containers, err := e.measure(ctx, containers)
	order(containers)
	return containers, err
}

// An engine is a client of one socket.
type engine struct {
	socket string
	client *http.Client
}

// measure asks for the memory of each container, some at once, and leaves those out that have ended.
func (e *engine) measure(ctx context.Context, containers []Container) ([]Container, error) {
	const atOnce = 8
	errs := make([]error, len(containers))
	var wait sync.WaitGroup
	slots := make(chan bool, atOnce)
	for i := range containers {
		wait.Go(func() {
			slots <- true
			defer func() { <-slots }()
			errs[i] = e.stats(ctx, &containers[i])
		})
	}
	wait.Wait()
	var left []Container
	var failed []error
	for i, err := range errs {
		switch {
		case err == nil:
			left = append(left, containers[i])
		case !errors.Is(err, errEnded):
			failed = append(failed, err)
		}
	}
	return left, errors.Join(failed...)
}

// errEnded says that a container is gone.
var errEnded = errors.New("the container has ended")

func (e *engine) stats(ctx context.Context, c *Container) error {
	var stats struct {
		Memory struct {
			Usage int64            `json:"usage"`
			Stats map[string]int64 `json:"stats"`
		} `json:"memory_stats"`
	}
	if err := e.get(ctx, "/containers/"+url.PathEscape(c.ID)+"/stats?stream=false&one-shot=true", &stats); err != nil {
		return err
	}
	h, ok := heldIn(stats.Memory.Stats)
	switch {
	case ok:
		c.RSS, c.Cache = h.rss, h.cache
		return nil
	case stats.Memory.Usage == 0:
		return errEnded // an engine answers so for a container that ended while it was asked
	}
	return fmt.Errorf("reading %s: it does not tell the memory of %s apart; read its control groups instead", e.socket, c.Name)
}

// get asks for a path and decodes the answer.
func (e *engine) get(ctx context.Context, path string, v any) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://engine"+path, nil)
	if err != nil {
		return fmt.Errorf("asking %s: %w", e.socket, err)
	}
	answer, err := e.client.Do(request)
	if err != nil {
		if wrapped, ok := errors.AsType[*url.Error](err); ok {
			err = wrapped.Err
		}
		return fmt.Errorf("asking %s: %w", e.socket, err)
	}
	defer func() { _ = answer.Body.Close() }()
	body := io.LimitReader(answer.Body, maxAnswer)
	if answer.StatusCode == http.StatusNotFound && strings.HasSuffix(request.URL.Path, "/stats") {
		return errEnded
	}
	if answer.StatusCode != http.StatusOK {
		text, _ := io.ReadAll(io.LimitReader(body, 200))
		return fmt.Errorf("asking %s for %s: %s: %q", e.socket, request.URL.Path, answer.Status, text)
	}
	if err := json.NewDecoder(body).Decode(v); err != nil {
		return fmt.Errorf("asking %s for %s: its answer is not the Engine API's: %w", e.socket, request.URL.Path, err)
	}
	return nil
}
