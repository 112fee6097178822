package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"github.com/fleetcost/fleetcost/registrysize"
	"github.com/fleetcost/fleetcost/registrysize/cache"
	"github.com/fleetcost/fleetcost/registrysize/local"
	"github.com/fleetcost/fleetcost/registrysize/remote"
	"github.com/fleetcost/fleetcost/scenarios"
)

// tagsKept is how long it is taken for known what a tag names before the registry is asked again.
const tagsKept = 24 * time.Hour

// sizingFlags say how registries are spoken to.
type sizingFlags struct {
	caFile    string
	plainHTTP []string
}

func (f *sizingFlags) register(flags *pflag.FlagSet) {
	flags.StringVar(&f.caFile, "ca-file", "", "trust registries that the certificates in a `FILE` signed, besides the system's")
	flags.StringArrayVar(&f.plainHTTP, "plain-http", nil, "speak to a registry without TLS: `HOST[:PORT]`; may be repeated")
}

// sizing is where a command gets image sizes from.
type sizing struct {
	client *remote.Client
	local  *local.Source
	cache  *cache.Store
}

// open makes ready to read sizes.
func (f *sizingFlags) open(s streams) (*sizing, error) {
	z := &sizing{local: local.New(s.in, time.Now)}
	if dir, err := os.UserCacheDir(); err == nil {
		z.cache = cache.Open(filepath.Join(dir, "fleetcost"), time.Now)
	}
	o := remote.Options{Now: time.Now, Jitter: rand.Float64, PlainHTTP: f.plainHTTP, Cache: z.cache, TagsKept: tagsKept}
	if f.caFile != "" {
		data, err := os.ReadFile(f.caFile)
		if err != nil {
			return nil, inputError{fmt.Errorf("--ca-file: %w", err)}
		}
		o.CA = data
	}
	client, err := remote.New(o)
	if err != nil {
		return nil, inputError{fmt.Errorf("--ca-file %s: %w", f.caFile, err)}
	}
	z.client = client
	return z, nil
}

// source is where sizes come from for a scenario's sizes.from: the catalog alone, registries behind a cache,
// or those and the catalog where they fail. Files are read wherever a reference names one.
func (z *sizing) source(from scenarios.SizesFrom) registrysize.Source {
	switch from {
	case scenarios.SizesCatalog:
		return withFiles{z.local, registrysize.Catalog()}
	case scenarios.SizesAuto:
		return withFiles{z.local, registrysize.Fallback(z.client, registrysize.Catalog())}
	default:
		return withFiles{z.local, z.client}
	}
}

// close lets go of files, and tells what quota registries said is left and, at length, what they were asked.
func (z *sizing) close(s streams, quiet, verbose bool) {
	_ = z.local.Close() // it was only read
	for _, n := range z.client.Counts() {
		var parts []string
		if verbose {
			parts = append(parts, counted(n.Tokens, "token"), fmt.Sprintf("%d HEAD", n.Heads), fmt.Sprintf("%d GET", n.Gets),
				fmt.Sprintf("%d sent again", n.Retries), fmt.Sprintf("%d bytes", n.Bytes))
		}
		if n.Quota.Told && !quiet {
			parts = append(parts, n.Quota.String())
		}
		if len(parts) > 0 {
			s.tell("%s: %s", n.Registry, strings.Join(parts, ", "))
		}
	}
	if verbose && len(z.client.Counts()) == 0 {
		s.tell("no request was sent to a registry")
	}
}

func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// withFiles is a source that reads files where a reference names one.
type withFiles struct {
	files *local.Source
	registrysize.Source
}

func (w withFiles) Image(ctx context.Context, ref, platform string) (registrysize.Image, error) {
	if local.Is(ref) {
		return w.files.Image(ctx, ref, platform)
	}
	return w.Source.Image(ctx, ref, platform)
}

func (w withFiles) Expect(refs []string) {
	var others []string
	for _, ref := range refs {
		if !local.Is(ref) {
			others = append(others, ref)
		}
	}
	registrysize.Expect(w.Source, others)
}
