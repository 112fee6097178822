package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/fleetcost/fleetcost/scenarios"
)

// initFlags are the flags of fleetcost init.
type initFlags struct {
	from string
}

func newInit(s streams) *cobra.Command {
	var f initFlags
	cmd := &cobra.Command{
		Use:   "init [FILE]",
		Short: "Write a scenario to start from",
		Long: `Write a short scenario with comments, or a built-in one, to FILE (fleet.yaml), and
its JSON Schema beside it for editors. What is there already is never
overwritten, but for the schema.`,
		Example: `  fleetcost init shop.yaml
  fleetcost init what-if.yaml --from spot-fleet`,
		Args: usage(cobra.MaximumNArgs(1)),
		RunE: func(_ *cobra.Command, args []string) error {
			path := "fleet.yaml"
			if len(args) > 0 {
				path = args[0]
			}
			return f.run(path, s)
		},
	}
	cmd.Flags().StringVar(&f.from, "from", "", "a built-in scenario in place of the short one: its `NAME`")
	return cmd
}

func (f *initFlags) run(path string, s streams) error {
	text := scenarios.Starter()
	if f.from != "" {
		var err error
		if text, err = scenarios.Open(f.from); err != nil {
			return inputError{err}
		}
	}
	text = bytes.ReplaceAll(text, []byte("fleetcost validate FILE"), []byte("fleetcost validate "+filepath.Base(path)))
	text = bytes.ReplaceAll(text, []byte("fleetcost run FILE"), []byte("fleetcost run "+filepath.Base(path)))
	if _, err := os.Lstat(path); err == nil {
		return inputError{fmt.Errorf("writing %s: it is there already; name another file, or remove it", path)}
	} else if !errors.Is(err, fs.ErrNotExist) {
		return inputError{fmt.Errorf("writing %s: %w", path, cause(err))}
	}
	schema := filepath.Join(filepath.Dir(path), scenarios.SchemaFile)
	if err := errors.Join(checkOut(path), checkOut(schema)); err != nil {
		return err
	}
	for _, file := range []struct {
		path string
		text []byte
	}{{path, text}, {schema, scenarios.Schema()}} {
		write := func(w io.Writer) error {
			_, err := w.Write(file.text)
			return err
		}
		if err := emit(file.path, s, write); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(s.out, "%s and %s written; next: fleetcost run %s\n", path, schema, path)
	return err
}
