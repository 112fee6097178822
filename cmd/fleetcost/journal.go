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

// openJournal opens the partial file of --out for this sweep alone, nil where there is no --out. It finds out
// whether there are rows to go on from, and whether that is wanted.
func (f *sweepFlags) openJournal() (*os.File, error) {
	if f.out == "" {
		if f.resume {
			return nil, inputError{errors.New("--resume goes on from the file of --out; name one")}
		}
		return nil, nil
	}
	name := partial(f.out)
	file, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, fmt.Errorf("writing %s: %w", name, cause(err))
	}
	if err := f.claim(file); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}

// claim takes the partial file for this sweep.
func (f *sweepFlags) claim(file *os.File) error {
	alone, err := hold(file)
	if err != nil {
		return fmt.Errorf("locking %s: %w", file.Name(), cause(err))
	}
	info, err := file.Stat()
	if err != nil {
		return fmt.Errorf("reading %s: %w", file.Name(), cause(err))
	}
	there, err := os.Stat(file.Name()) // the other sweep may have removed what was opened
	switch {
	case !alone || err != nil || !os.SameFile(info, there):
		return inputError{fmt.Errorf("writing %s: it is being written by another sweep; wait for its end, or name another file", f.out)}
	case info.Size() > 0 && !f.resume:
		return inputError{fmt.Errorf("%s has rows of a sweep that did not end; --resume goes on from them, or remove it", file.Name())}
	}
	return nil
}

// closeJournal lets go of the partial file, and removes it where it has no rows.
func closeJournal(file *os.File) error {
	if file == nil {
		return nil
	}
	info, err := file.Stat()
	if err == nil && info.Size() == 0 {
		err = os.Remove(file.Name())
	}
	return errors.Join(err, file.Close())
}

// journal appends rows to the partial file, a line each, so that whenever the program is stopped all of
// them but the last are whole. When all are there it writes the file in its format.
func (f *sweepFlags) journal(ctx context.Context, file *os.File, sweep *whatif.Sweep, format report.RowFormat, s streams) (err error) {
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
	if info, absent := file.Stat(); err != nil && absent == nil && info.Size() > 0 {
		s.tell("rows so far are in %s; --resume goes on from them", partial(f.out))
	}
	if err != nil {
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
	return file.Truncate(0) // what is empty goes
}

// resume counts the rows of a journal, drops a last one that is not whole, and leaves the file at their end.
// The error says why the sweep cannot go on from them.
func resume(file *os.File, sweep *whatif.Sweep) (rows int, err error) {
	whole := int64(0)
	in := bufio.NewReader(file)
	for {
		line, err := readLine(in)
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

// maxLine is the longest row that is read, in bytes.
const maxLine = 1 << 20

// readLine reads a line with its line feed. At the end of what is read it is what is there, with io.EOF.
func readLine(in *bufio.Reader) ([]byte, error) {
	var line []byte
	for {
		part, err := in.ReadSlice('\n')
		line = append(line, part...)
		if len(line) > maxLine {
			return nil, fmt.Errorf("a line is longer than %d bytes; is this what sweep --shard wrote?", maxLine)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return line, err
		}
	}
}

// eachRow reads rows, a line each, to the end.
func eachRow(r io.Reader, do func(whatif.Row) error) error {
	in := bufio.NewReader(r)
	for n := 1; ; n++ {
		line, err := readLine(in)
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
