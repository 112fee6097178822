package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"github.com/fleetcost/fleetcost/registrysize"
	"github.com/fleetcost/fleetcost/registrysize/cache"
	"github.com/fleetcost/fleetcost/registrysize/local"
	"github.com/fleetcost/fleetcost/registrysize/measure"
	"github.com/fleetcost/fleetcost/registrysize/remote"
	"github.com/fleetcost/fleetcost/scenarios"
	"github.com/fleetcost/fleetcost/scenarios/input"
	"github.com/fleetcost/fleetcost/scenarios/whatif"
)

// tagsKept is how long it is taken for known what a tag names before the registry is asked again.
const tagsKept = 24 * time.Hour

// sizingFlags say how registries are spoken to.
type sizingFlags struct {
	caFile    string
	plainHTTP []string
	locked    bool
	pinned    *scenarios.Lock // sizes come from it alone, whatever lies beside the scenario; nil: there is none
	all       *pflag.FlagSet  // of the command
}

func (f *sizingFlags) register(flags *pflag.FlagSet) {
	f.all = flags
	flags.StringVar(&f.caFile, "ca-file", "", "trust registries that the certificates in a `FILE` signed, besides the system's")
	flags.StringArrayVar(&f.plainHTTP, "plain-http", nil, "speak to a registry without TLS: `HOST[:PORT]`; may be repeated")
}

// registerLocked adds the flag of commands that run scenarios.
func (f *sizingFlags) registerLocked(flags *pflag.FlagSet) {
	f.register(flags)
	flags.BoolVar(&f.locked, "locked", false, "take image sizes from the lock beside the scenario only, which must be whole and current")
}

// sizing is where a command gets image sizes from.
type sizing struct {
	client *remote.Client
	local  *local.Source
	cache  *cache.Store
	lock   *scenarios.Lock // beside the scenario; nil: there is none
	locked bool            // it alone counts
	path   string          // where it lies
}

// open makes ready to read sizes.
func (f *sizingFlags) open(s streams) (*sizing, error) { return f.openFor(s, tagsKept) }

// openScenario makes ready to read sizes for a scenario, from the lock beside it where there is one.
func (f *sizingFlags) openScenario(ctx context.Context, s streams, doc *scenarios.Document, sets []scenarios.Set) (*sizing, error) {
	if err := spareScenario(f.all, doc, sets); err != nil {
		return nil, err
	}
	z, err := f.open(s)
	if err != nil {
		return nil, err
	}
	if f.pinned != nil {
		z.lock, z.locked = f.pinned.Of(doc.File()), true
		return z, nil
	}
	if err := z.readLock(doc.Path()); err != nil {
		return nil, inputError{err}
	}
	if z.locked = f.locked; f.locked && z.lock == nil {
		return nil, inputError{fmt.Errorf("--locked: there is no lock %s", z.noLock())}
	}
	if z.locked {
		if err := whatif.CheckLocked(ctx, doc, sets, z.lock); err != nil {
			return nil, inputError{err}
		}
	}
	return z, nil
}

// readLock reads the lock beside a scenario, if there is one.
func (z *sizing) readLock(scenario string) error {
	z.path = scenario
	if scenario == "" {
		return nil
	}
	lock, err := scenarios.ReadLock(scenarios.LockPath(scenario), scenario)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	z.lock = lock
	return err
}

// noLock says what is missing and how it is made.
func (z *sizing) noLock() string {
	if z.path == "" {
		return "for what is no file; write the scenario to one, and lock that"
	}
	return fmt.Sprintf("%s; run fleetcost lock %s", scenarios.LockPath(z.path), z.path)
}

// openFor makes ready to read sizes; what tags name is believed for a while.
func (f *sizingFlags) openFor(s streams, kept time.Duration) (*sizing, error) {
	z := &sizing{local: local.New(s.in, time.Now)}
	if dir, err := os.UserCacheDir(); err == nil {
		z.cache = cache.Open(filepath.Join(dir, "fleetcost"), time.Now)
	}
	o := remote.Options{Now: time.Now, Jitter: rand.Float64, PlainHTTP: f.plainHTTP, Cache: z.cache, TagsKept: kept}
	if f.caFile != "" {
		data, err := input.Read(f.caFile, scenarios.MaxFileBytes>>20)
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

// source is where sizes come from for a scenario's sizes.from: the catalog or the lock alone, registries behind
// a cache, or the lock, then those, then the catalog where they fail. Files are read wherever a reference names one.
func (z *sizing) source(from scenarios.SizesFrom) registrysize.Source {
	if z.locked {
		from = scenarios.SizesLock
	}
	switch from {
	case scenarios.SizesCatalog:
		return withFiles{z.local, registrysize.Catalog()}
	case scenarios.SizesLock:
		if z.lock == nil {
			return noSource{fmt.Errorf("sizes.from is lock, and there is no lock %s: %w", z.noLock(), registrysize.ErrNotFound)}
		}
		return z.lock
	case scenarios.SizesRegistry:
		return withFiles{z.local, z.client}
	}
	others := registrysize.Fallback(z.client, registrysize.Catalog())
	if z.lock != nil {
		return withFiles{z.local, registrysize.Fallback(z.lock, others)}
	}
	return withFiles{z.local, others}
}

// noSource has no image, and says why.
type noSource struct{ err error }

func (n noSource) Image(context.Context, string, string) (registrysize.Image, error) {
	return registrysize.Image{}, n.err
}

func (n noSource) Releases(context.Context, registrysize.History, string) ([]string, error) { //nolint:unparam // a Historian returns them
	return nil, n.err
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

// Layer opens a layer of an image that its source found, wherever that is; it makes sizing a measure.Opener.
func (z *sizing) Layer(ctx context.Context, ref string, l registrysize.Layer) (io.ReadCloser, error) {
	if local.Is(ref) {
		return z.local.Layer(ctx, ref, l)
	}
	return z.client.Layer(ctx, ref, l)
}

// footprint is what was measured of an image once, else what is known of it; nil: nothing.
func (z *sizing) footprint(img *registrysize.Image) *registrysize.Footprint {
	if f := measure.Kept(z.cache, img); f != nil {
		return f
	}
	if known, ok := registrysize.KnownFootprint(img.Ref, img.Platform); ok {
		return &known
	}
	return nil
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

func (w withFiles) Releases(ctx context.Context, want registrysize.History, platform string) ([]string, error) {
	return registrysize.ReleasesFrom(ctx, w.Source, want, platform)
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
