package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/fleetcost/fleetcost/cmd/fleetcost/internal/report"
	"github.com/fleetcost/fleetcost/scenarios/memory"
)

// memoryFlags are the flags of fleetcost memory.
type memoryFlags struct {
	outputFlags
	metrics []string
	socket  string
	root    string
}

func newMemory(s streams) *cobra.Command {
	var f memoryFlags
	cmd := &cobra.Command{
		Use:   "memory",
		Short: "RSS and page cache of the containers running here, per image",
		Long: `Print what running containers hold of memory, by image: resident memory, and the
page cache, which containers of an image share on a node.

The containers of this machine are read from the Docker Engine API where its
socket is, and from the kernel's control groups: those of docker, containerd,
CRI-O and podman, under both versions. With --metrics they are read from what
cAdvisor or a kubelet serves, e.g. the output of
kubectl get --raw /api/v1/nodes/NODE/proxy/metrics/cadvisor, one for each node.`,
		Example: `  fleetcost memory --metrics cadvisor.txt
  fleetcost memory --metrics cadvisor.txt -o scenario`,
		Args: usage(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error { return f.run(cmd.Context(), s) },
	}
	flags := cmd.Flags()
	f.register(flags, names(report.MemoryFormats()))
	flags.StringArrayVar(&f.metrics, "metrics", nil, "read cAdvisor's metrics of a node from a `FILE|URL`, - for standard input; may be repeated")
	flags.StringVar(&f.socket, "socket", "", "the Docker engine's `SOCKET`; by default what DOCKER_HOST says, else /var/run/docker.sock")
	flags.StringVar(&f.root, "root", "/", "the `FOLDER` of the host's files, where they are mounted elsewhere")
	return cmd
}

func (f *memoryFlags) run(ctx context.Context, s streams) error {
	out, err := targets(&f.outputFlags, report.MemoryFormats(), nil)
	if err != nil {
		return err
	}
	var containers []memory.Container
	if len(f.metrics) > 0 {
		containers, err = f.ofMetrics(ctx, s)
	} else {
		containers, err = f.ofThisMachine(ctx, s)
	}
	if err != nil {
		return err
	}
	if len(containers) == 0 {
		s.tell("no container runs here")
	}
	unknown := 0
	for _, c := range containers {
		if c.Image == "" {
			unknown++
		}
	}
	if unknown > 0 {
		s.tell("warning: the images of %d of %d containers are not told; their runtimes' files may be readable by root only", unknown, len(containers))
	}
	return emitAll(out, s, memory.ByImage(containers))
}

// ofMetrics reads the metrics of all nodes that were named.
func (f *memoryFlags) ofMetrics(ctx context.Context, s streams) ([]memory.Container, error) {
	if f.socket != "" || f.root != "/" {
		return nil, inputError{errors.New("--metrics: is read in place of this machine; leave --socket and --root out")}
	}
	var all []memory.Container
	for _, source := range f.metrics {
		containers, err := readMetrics(ctx, source, s)
		if err != nil {
			return nil, err
		}
		all = append(all, containers...)
	}
	return all, nil
}

// maxMetrics is the longest text of metrics that is read from standard input, in bytes.
const maxMetrics = 256 << 20

// readMetrics reads the metrics of one node.
func readMetrics(ctx context.Context, source string, s streams) (_ []memory.Container, err error) {
	var r io.ReadCloser
	switch {
	case source == "-":
		text, err := readInput(source, maxMetrics, s, "")
		if err != nil {
			return nil, err
		}
		if len(text) > maxMetrics {
			return nil, inputError{fmt.Errorf("reading standard input: it is longer than %d MiB; name a file", maxMetrics>>20)}
		}
		r = io.NopCloser(bytes.NewReader(text))
	case strings.HasPrefix(source, "http://"), strings.HasPrefix(source, "https://"):
		if r, err = fetch(ctx, source); err != nil {
			return nil, fmt.Errorf("reading %s: %w", source, err)
		}
	default:
		if r, err = openFile(source, "name a file of metrics, an http address, or - for standard input"); err != nil {
			return nil, err
		}
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	containers, err := memory.Metrics(source, r)
	if err != nil {
		return nil, inputError{fmt.Errorf("%s: %w", source, err)}
	}
	return containers, nil
}

// fetch opens what a URL serves.
func fetch(ctx context.Context, url string) (io.ReadCloser, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		cancel()
		return nil, inputError{err}
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		cancel()
		return nil, err
	}
	body := &cancelling{answer.Body, cancel}
	if answer.StatusCode != http.StatusOK {
		return nil, errors.Join(fmt.Errorf("it answers %s", answer.Status), body.Close())
	}
	return body, nil
}

// A cancelling reader ends its context when it is closed.
type cancelling struct {
	io.ReadCloser
	cancel context.CancelFunc
}

func (c *cancelling) Close() error {
	defer c.cancel()
	return c.ReadCloser.Close()
}

// ofThisMachine reads the Docker engine where it is, and the control groups of what it does not know.
func (f *memoryFlags) ofThisMachine(ctx context.Context, s streams) ([]memory.Container, error) {
	socket, asked := f.engineSocket()
	var containers []memory.Container
	if socket != "" {
		list, err := memory.Engine(ctx, socket)
		switch {
		case err != nil && (asked || ctx.Err() != nil):
			return nil, err
		case err != nil:
			s.tell("warning: %v; its control groups are read instead", err)
		}
		containers = list
	}
	others, err := memory.Cgroups(os.DirFS(f.root))
	if errors.Is(err, memory.ErrNoCgroups) && socket != "" {
		return containers, nil
	}
	if err != nil {
		return nil, err
	}
	known := map[string]bool{}
	for _, c := range containers {
		known[c.ID] = true
	}
	for _, c := range others {
		if !known[c.ID] {
			containers = append(containers, c)
		}
	}
	return containers, nil
}

// engineSocket is the path of the Docker engine's socket, "" where there is none, and whether it was asked
// for.
func (f *memoryFlags) engineSocket() (path string, asked bool) {
	if f.socket != "" {
		return f.socket, true
	}
	if path, ok := strings.CutPrefix(os.Getenv("DOCKER_HOST"), "unix://"); ok {
		return path, true
	}
	path = filepath.Join(f.root, "var", "run", "docker.sock")
	if info, err := os.Stat(path); err != nil || info.Mode()&os.ModeSocket == 0 {
		return "", false
	}
	return path, false
}
