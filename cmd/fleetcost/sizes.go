package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/fleetcost/fleetcost/cmd/fleetcost/internal/report"
	"github.com/fleetcost/fleetcost/registrysize"
	"github.com/fleetcost/fleetcost/registrysize/local"
	"github.com/fleetcost/fleetcost/scenarios"
)

// sizesFlags are the flags of fleetcost sizes.
type sizesFlags struct {
	sizingFlags
	output   string
	platform string
	source   string
	quiet    bool
	verbose  bool
}

func newSizes(s streams) *cobra.Command {
	var f sizesFlags
	cmd := &cobra.Command{
		Use:   "sizes IMAGE...",
		Short: "Layers and sizes of images; what two or more share",
		Long: `Print the layers and compressed sizes of images, as their registries serve
them, and what two or more share. No layer is downloaded.

IMAGE is a reference as docker pull takes it, oci:FOLDER for an OCI layout, or
archive:FILE for what docker save writes, - being standard input; a colon and a
name follow where there are several images. Registries are read with Docker's
passwords; one without TLS must be on this machine, or named by --plain-http.`,
		Example: `  fleetcost sizes alpine:3.24 --source catalog
  fleetcost sizes php:8.5.11-cli-trixie php:8.5.11-apache-trixie --source catalog
  fleetcost sizes debian:13-slim --source catalog --platform linux/arm64 -o json`,
		Args: usage(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd.Context(), args, s) },
	}
	flags := cmd.Flags()
	flags.StringVarP(&f.output, "output", "o", "table", "format: table or json")
	flags.StringVar(&f.platform, "platform", "linux/amd64", "os/architecture[/variant] of the images")
	flags.StringVar(&f.source, "source", "auto", "where sizes come from: auto, registry or catalog")
	flags.BoolVarP(&f.quiet, "quiet", "q", false, "no progress, no word on quotas")
	flags.BoolVarP(&f.verbose, "verbose", "v", false, "count the requests that registries were sent")
	f.register(flags)
	return cmd
}

func (f *sizesFlags) run(ctx context.Context, args []string, s streams) error {
	render := map[string]func(io.Writer, []registrysize.Image) error{"table": report.SizesTable, "json": report.SizesJSON}[f.output]
	if render == nil {
		return inputError{fmt.Errorf("-o %s: no such format; write table or json", f.output)}
	}
	from := scenarios.SizesFrom(f.source)
	if from != scenarios.SizesAuto && from != scenarios.SizesRegistry && from != scenarios.SizesCatalog {
		return inputError{fmt.Errorf("--source %s: no such source; write auto, registry or catalog", f.source)}
	}
	platform, err := registrysize.NormalizePlatform(f.platform)
	if err != nil {
		return inputError{fmt.Errorf("--platform: %w", err)}
	}
	refs, err := normalize(args)
	if err != nil {
		return err
	}
	z, err := f.open(s)
	if err != nil {
		return err
	}
	defer z.close(s, f.quiet, f.verbose)
	images, err := registrysize.Resolve(ctx, z.source(from), refs, platform)
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
