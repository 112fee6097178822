package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/jedib0t/go-pretty/v6/progress"
	"github.com/spf13/cobra"

	"github.com/fleetcost/fleetcost/cmd/fleetcost/internal/report"
	"github.com/fleetcost/fleetcost/registrysize"
	"github.com/fleetcost/fleetcost/registrysize/local"
	"github.com/fleetcost/fleetcost/registrysize/measure"
	"github.com/fleetcost/fleetcost/scenarios"
	"github.com/fleetcost/fleetcost/scenarios/whatif"
)

// sizesFlags are the flags of fleetcost sizes.
type sizesFlags struct {
	outputFlags
	sizing    sizingFlags
	platforms []string
	source    string
	from      string
	history   string
	match     string
	last      int
	measure   bool
	quiet     bool
	verbose   bool
}

func newSizes(s streams) *cobra.Command {
	var f sizesFlags
	cmd := &cobra.Command{
		Use:   "sizes IMAGE... | --history REPOSITORY",
		Short: "Layers and sizes of images; what two or more share",
		Long: `Print the layers and compressed sizes of images, as their registries serve
them, what two or more share, and with --from what it takes to get from one to
the others: by chain, where machines keep unpacked layers alone, and by blob,
where XX
With --history the images are the releases of a repository, oldest first, and
what is printed is what each one moved to a machine that had the one before it:
tags by version where all are versions, else by when their images were built;
e.g. fleetcost sizes --history ghcr.io/org/app --match 'v*' --last 20.

IMAGE is a reference as docker pull takes it, oci:FOLDER for an OCI layout, or
archive:FILE for what docker save writes, - being standard input; a colon and a
name follow where there are several images. Registries are read with Docker's
passwords; one without TLS must be on this machine, or named by --plain-http.`,
		Example: `  fleetcost sizes alpine:3.24 --source catalog
  fleetcost sizes php:8.5.11-cli-trixie php:8.5.11-apache-trixie --source catalog
  fleetcost sizes alpine:3.24 debian:13-slim --from alpine:3.22 --source catalog
  fleetcost sizes debian:13-slim --source catalog --platform linux/amd64 --platform linux/arm64 -o csv`,
		Args: usage(cobra.ArbitraryArgs),
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd.Context(), args, s) },
	}
	flags := cmd.Flags()
	f.register(flags, names(report.SizesFormats()))
	flags.StringArrayVar(&f.platforms, "platform", []string{"linux/amd64"}, "`OS/ARCHITECTURE[/VARIANT]` of the images; may be repeated")
	flags.StringVar(&f.source, "source", "auto", "where sizes come from: auto, registry or catalog")
	flags.StringVar(&f.from, "from", "", "also what it takes to get from this `IMAGE` to the others")
	flags.BoolVar(&f.measure, "measure", false, "stream layers that were not measured before, and count what is in them")
	flags.StringVar(&f.history, "history", "", "what the releases of a `REPOSITORY` moved, one after the other")
	flags.StringVar(&f.match, "match", "", "of --history the tags that fit a `PATTERN`, such as v*")
	flags.IntVar(&f.last, "last", 0, "of --history the newest so many tags; 0: all")
	flags.BoolVarP(&f.quiet, "quiet", "q", false, "no progress, no word on quotas")
	flags.BoolVarP(&f.verbose, "verbose", "v", false, "count the requests that registries were sent")
	f.sizing.register(flags)
	return cmd
}

func (f *sizesFlags) run(ctx context.Context, args []string, s streams) error {
	platforms, err := f.check(args)
	if err != nil {
		return err
	}
	if f.history != "" {
		return f.runHistory(ctx, platforms[0], s)
	}
	out, err := targets(&f.outputFlags, report.SizesFormats(), nil)
	if err != nil {
		return err
	}
	refs, err := normalize(args)
	if err != nil {
		return err
	}
	z, err := f.sizing.open(s)
	if err != nil {
		return err
	}
	defer z.close(s, f.quiet, f.verbose)
	images, from, err := f.read(ctx, z.source(scenarios.SizesFrom(f.source)), refs, platforms)
	if err != nil {
		return inputError{err} // unless a registry failed, it is in what was named
	}
	warnOf(s, images)
	footprints, err := f.footprints(ctx, z, images, s)
	if err != nil {
		return err
	}
	return emitAll(out, s, registrysize.NewSurvey(images, footprints, from))
}

// check finds what is wrong with the arguments, and normalises the platforms.
func (f *sizesFlags) check(args []string) ([]string, error) {
	var platforms []string
	var errs []error
	wrong := func(format string, args ...any) { errs = append(errs, inputError{fmt.Errorf(format, args...)}) }
	switch {
	case f.history != "" && (len(args) > 0 || f.from != "" || f.measure || len(f.platforms) > 1):
		wrong("--history: takes no IMAGE, no --from, no --measure and one platform; leave them out")
	case f.history == "" && (f.match != "" || f.last != 0):
		wrong("--match and --last: choose tags of a repository; name it with --history")
	case f.history == "" && len(args) == 0:
		wrong("requires at least 1 IMAGE; see fleetcost sizes --help")
	}
	if f.last < 0 {
		wrong("--last %d: is negative; write 0 for all tags", f.last)
	}
	switch scenarios.SizesFrom(f.source) {
	case scenarios.SizesAuto, scenarios.SizesRegistry, scenarios.SizesCatalog:
	default:
		wrong("--source %s: no such source; write auto, registry or catalog", f.source)
	}
	for _, text := range f.platforms {
		platform, err := registrysize.NormalizePlatform(text)
		if err != nil {
			wrong("--platform: %w", err)
		}
		if !slices.Contains(platforms, platform) {
			platforms = append(platforms, platform)
		}
	}
	if len(platforms) == 0 {
		wrong("--platform: is empty; write e.g. linux/amd64")
	}
	return platforms, errors.Join(errs...)
}

// read finds all images on all platforms, by reference and then by platform, and that of --from by platform.
func (f *sizesFlags) read(ctx context.Context, source registrysize.Source, refs, platforms []string) ([]registrysize.Image, map[string]*registrysize.Image, error) {
	asked := refs
	if f.from != "" {
		from, err := normalize([]string{f.from})
		if err != nil {
			return nil, nil, err
		}
		asked = append(append([]string(nil), refs...), from...)
	}
	images := make([]registrysize.Image, len(refs)*len(platforms))
	from := map[string]*registrysize.Image{}
	for p, platform := range platforms {
		found, err := registrysize.Resolve(ctx, source, asked, platform)
		if err != nil {
			return nil, nil, err
		}
		for i := range refs {
			images[i*len(platforms)+p] = found[i]
		}
		if f.from != "" {
			from[platform] = &found[len(refs)]
		}
	}
	return images, from, nil
}

// footprints are what is known of images, in their order. Where that is asked for, the layers that no one measured
// before are streamed, with a bar for each image.
func (f *sizesFlags) footprints(ctx context.Context, z *sizing, images []registrysize.Image, s streams) ([]*registrysize.Footprint, error) {
	out := make([]*registrysize.Footprint, len(images))
	if !f.measure {
		for i := range images {
			out[i] = z.footprint(&images[i])
		}
		return out, nil
	}
	bar := newProgress(s, f.quiet)
	bar.units = progress.UnitsBytes
	defer bar.stop()
	m := measure.New(measure.Options{Layers: z, Cache: z.cache, OnProgress: func(img *registrysize.Image, done, total int64) {
		bar.update(whatif.Progress{Step: img.Ref + " " + img.Platform, Done: int(done), Total: int(total)})
	}})
	for i := range images {
		var err error
		if out[i], err = m.Image(ctx, &images[i]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// runHistory prints what the releases of a repository moved.
func (f *sizesFlags) runHistory(ctx context.Context, platform string, s streams) error {
	out, err := targets(&f.outputFlags, report.HistoryFormats(), nil)
	if err != nil {
		return err
	}
	some, err := registrysize.Normalize(f.history + ":any")
	if err != nil || local.Is(f.history) {
		return inputError{fmt.Errorf("--history %s: is no repository; write one without a tag, e.g. ghcr.io/org/app", f.history)}
	}
	z, err := f.sizing.open(s)
	if err != nil {
		return err
	}
	defer z.close(s, f.quiet, f.verbose)
	source := z.source(scenarios.SizesFrom(f.source))
	refs, err := registrysize.ReleasesFrom(ctx, source, registrysize.History{Repository: registrysize.Repository(some), Match: f.match, Last: f.last}, platform)
	if err != nil {
		return blame(err)
	}
	images, err := registrysize.Resolve(ctx, source, refs, platform)
	if err != nil {
		return blame(err)
	}
	warnOf(s, images)
	return emitAll(out, s, registrysize.Moved(images))
}

// warnOf tells what makes sizes doubtful.
func warnOf(s streams, images []registrysize.Image) {
	for _, img := range images {
		for _, w := range img.Warnings {
			s.tell("warning: %s", w)
		}
	}
}

// normalize reads all references and reports every mistake.
func normalize(args []string) ([]string, error) {
	var refs []string
	var errs []error
	for _, arg := range args {
		if local.Is(arg) {
			refs = append(refs, arg)
			continue
		}
		ref, err := registrysize.Normalize(arg)
		refs, errs = append(refs, ref), append(errs, err)
	}
	if err := errors.Join(errs...); err != nil {
		return nil, inputError{err}
	}
	return refs, nil
}
