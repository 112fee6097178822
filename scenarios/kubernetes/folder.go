package kubernetes

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// ReadFolder reads all files below a folder whose names end in .json, .yaml or .yml; name is the folder's,
// which errors show. Dumps hold files that are no objects: one that cannot be read is an error only if its
// path says that it holds objects of a kind that is needed, else it is counted, see NotUnderstood.
func (d *Dump) ReadFolder(ctx context.Context, name string, folder fs.FS) error {
	found := 0
	err := fs.WalkDir(folder, ".", func(file string, entry fs.DirEntry, err error) error {
		if err != nil {
			return fmt.Errorf("reading %s: %w", name, err)
		}
		if !entry.Type().IsRegular() || !slices.Contains([]string{".json", ".yaml", ".yml"}, path.Ext(file)) {
			return nil
		}
		found++
		err = d.readIn(ctx, folder, name, file)
		if err != nil && ctx.Err() == nil && kindOfPath(file) == "" {
			d.odd("unreadable file")
			return nil
		}
		return err
	})
	if err == nil && found == 0 {
		return fmt.Errorf("reading %s: no file in it ends in .json, .yaml or .yml; write kubectl's output to one with -o json", name)
	}
	return err
}

func (d *Dump) readIn(ctx context.Context, folder fs.FS, name, file string) (err error) {
	f, err := folder.Open(file)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return d.Read(ctx, strings.TrimSuffix(name, "/")+"/"+file, f)
}
