package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/fleetcost/fleetcost/cmd/fleetcost/internal/report"
	"github.com/fleetcost/fleetcost/scenarios/whatif"
)

// partial is where the rows of a file are until all are there.
func partial(path string) string { return path + ".partial" }

// journal appends rows to the partial file, a line each, so that whenever the program is stopped all of
// them but the last are whole. When all are there it writes the file in its format.
func (f *sweepFlags) journal(ctx context.Context, sweep *whatif.Sweep, format report.RowFormat, s streams) (err error) {
	file, err := os.OpenFile(partial(f.out), os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return fmt.Errorf("writing %s: %w", partial(f.out), cause(err))
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	done, err := resume(file, sweep)
	if err != nil {
		return inputError{fmt.Errorf("resuming from %s: %w; remove it to start over", partial(f.out), err)}
	}
	err = f.progress(ctx, sweep, done, s, func(r whatif.Row) error {
		line, err := r.Line()
		if err != nil {
			return err
		}
		_, err = file.Write(line)
		return err
	})
	if err != nil {
		s.tell("rows so far are in %s; --resume goes on from them", partial(f.out))
		return err
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("reading %s: %w", partial(f.out), cause(err))
	}
	err = writeFile(f.out, func(w io.Writer) error {
		rows := format.New(w)
		return errors.Join(eachRow(file, rows.Write), rows.Close())
	})
	if err != nil {
		return err
	}
	return os.Remove(partial(f.out))
}

// resume counts the rows of a journal, drops a last one that is not whole, and leaves the file at their end.
// The error says why the sweep cannot go on from them.
func resume(file *os.File, sweep *whatif.Sweep) (rows int, err error) {
	whole := int64(0)
	in := bufio.NewReader(file)
	for {
		line, err := in.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			break // what was read has no line feed: it is not whole
		}
		if err != nil {
			return 0, err
		}
		r, err := whatif.ReadRow(line)
		switch {
		case err != nil:
			return 0, fmt.Errorf("line %d: %w", rows+1, err)
		case r.Sweep != sweep.ID():
			return 0, fmt.Errorf("line %d is of another sweep: scenario, overlays, paths, values or metrics differ", rows+1)
		case rows >= sweep.Len() || r.Point != sweep.Point(rows):
			return 0, fmt.Errorf("line %d is point %d, which does not come there", rows+1, r.Point)
		}
		rows++
		whole += int64(len(line))
	}
	if err := file.Truncate(whole); err != nil {
		return 0, err
	}
	_, err = file.Seek(whole, io.SeekStart)
	return rows, err
}

// eachRow reads rows, a line each, to the end.
func eachRow(r io.Reader, do func(whatif.Row) error) error {
	in := bufio.NewReader(r)
	for n := 1; ; n++ {
		line, err := in.ReadBytes('\n')
		if errors.Is(err, io.EOF) && len(bytes.TrimSpace(line)) == 0 {
			return nil
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		row, err := whatif.ReadRow(line)
		if err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
		if err := do(row); err != nil {
			return err
		}
	}
}
