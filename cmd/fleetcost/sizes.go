package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/fleetcost/fleetcost/cmd/fleetcost/internal/report"
	"github.com/fleetcost/fleetcost/registrysize"
	"github.com/fleetcost/fleetcost/registrysize/remote"
	"github.com/fleetcost/fleetcost/scenarios"
)

// tagsKept is how long a tag's sizes are taken from the cache before the registry is asked again.
const tagsKept = 24 * time.Hour

// newSource is the source of sizes for a scenario's sizes.from: the catalog alone, registries behind a
// cache, or those and the catalog where they fail.
func newSource(from scenarios.SizesFrom) registrysize.Source {
	if from == scenarios.SizesCatalog {
		return registrysize.Catalog()
	}
	source := remote.New(remote.Options{Now: time.Now})
	if dir, err := os.UserCacheDir(); err == nil {
		source = registrysize.Cached(filepath.Join(dir, "fleetcost", "images"), tagsKept, time.Now, source)
	}
	if from == scenarios.SizesAuto {
		source = registrysize.Fallback(source, registrysize.Catalog())
	}
	return source
}

// sizesFlags are the flags of fleetcost sizes.
type sizesFlags struct {
	output   string
	platform string
	from     string
}

func newSizes(s streams) *cobra.Command {
	var f sizesFlags
	cmd := &cobra.Command{
		Use:   "sizes IMAGE...",
		Short: "Layers and sizes of images; what two or more share",
		Long: `Print the layers and compressed sizes of images, as their registries serve
them, and what two or more share. No layer is downloaded.`,
		Example: `  fleetcost sizes alpine:3.24 --from catalog
  fleetcost sizes php:8.5.11-cli-trixie php:8.5.11-apache-trixie --from catalog
  fleetcost sizes debian:13-slim --from catalog --platform linux/arm64 -o json`,
		Args: usage(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd.Context(), args, s) },
	}
	flags := cmd.Flags()
	flags.StringVarP(&f.output, "output", "o", "table", "format: table or json")
	flags.StringVar(&f.platform, "platform", "linux/amd64", "os/architecture[/variant] of the images")
	flags.StringVar(&f.from, "from", "auto", "where sizes come from: auto, registry or catalog")
	return cmd
}

func (f *sizesFlags) run(ctx context.Context, args []string, s streams) error {
	render := map[string]func(io.Writer, []registrysize.Image) error{"table": report.SizesTable, "json": report.SizesJSON}[f.output]
	if render == nil {
		return inputError{fmt.Errorf("-o %s: no such format; write table or json", f.output)}
	}
	from := scenarios.SizesFrom(f.from)
	if from != scenarios.SizesAuto && from != scenarios.SizesRegistry && from != scenarios.SizesCatalog {
		return inputError{fmt.Errorf("--from %s: no such source; write auto, registry or catalog", f.from)}
	}
	platform, err := registrysize.NormalizePlatform(f.platform)
	if err != nil {
		return inputError{fmt.Errorf("--platform: %w", err)}
	}
	refs, err := normalize(args)
	if err != nil {
		return err
	}
	images, err := registrysize.Resolve(ctx, newSource(from), refs, platform)
	if err != nil {
		if errors.Is(err, registrysize.ErrNotFound) {
			return inputError{err}
		}
		return err
	}
	for _, img := range images {
		for _, w := range img.Warnings {
			s.tell("warning: %s", w)
		}
	}
	return emit("", s, func(w io.Writer) error { return render(w, images) })
}

// normalize reads all references and reports every mistake.
func normalize(args []string) ([]string, error) {
	var refs []string
	var errs []error
	for _, arg := range args {
		ref, err := registrysize.Normalize(arg)
		refs, errs = append(refs, ref), append(errs, err)
	}
	if err := errors.Join(errs...); err != nil {
		return nil, inputError{err}
	}
	return refs, nil
}
