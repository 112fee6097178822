package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/fleetcost/fleetcost/cmd/fleetcost/internal/report"
	"github.com/fleetcost/fleetcost/scenarios/whatif"
)

func newMerge(s streams) *cobra.Command {
	var format, out string
	cmd := &cobra.Command{
		Use:   "merge FILE...",
		Short: "Put the shards of a sweep together",
		Long: `Put the rows of a sweep's shards together, in their order, as if one sweep had
written them. The files are what sweep --shard wrote, all of one sweep; no point
may be missing or be there twice.`,
		Example: `  fleetcost merge part-1.ndjson part-2.ndjson -o csv --out sweep.csv
  fleetcost merge part-1.ndjson part-2.ndjson -o table`,
		Args: usage(cobra.MinimumNArgs(1)),
		RunE: func(_ *cobra.Command, args []string) error {
			rows, err := rowFormat(format)
			if err != nil {
				return err
			}
			if err := checkOut(out); err != nil {
				return err
			}
			if err := merge(args, func(whatif.Row) error { return nil }); err != nil {
				return err // before anything is written
			}
			write := func(w io.Writer) error {
				writer := rows.New(w)
				return errors.Join(merge(args, writer.Write), writer.Close())
			}
			if out != "" {
				return writeFile(out, write)
			}
			return write(s.out)
		},
	}
	cmd.Flags().StringVarP(&format, "output", "o", report.RowFormats()[0].Name, "format of the rows: "+orList(rowFormatNames()))
	annotateFormats(cmd.Flags(), "output", rowFormatNames())
	cmd.Flags().StringVar(&out, "out", "", "write the rows to a `FILE` instead of standard output")
	return cmd
}

// A shard is a file of rows, and the next of them.
type shard struct {
	name string
	file *os.File
	in   *bufio.Reader
	line int
	next *whatif.Row // nil: there are no more
}

// advance reads the next row.
func (s *shard) advance() error {
	line, err := readLine(s.in)
	if errors.Is(err, io.EOF) && len(line) == 0 {
		s.next = nil
		return nil
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return inputError{fmt.Errorf("reading %s: %w", s.name, cause(err))}
	}
	s.line++
	row, err := whatif.ReadRow(line)
	if err != nil {
		return inputError{fmt.Errorf("%s: line %d: %w", s.name, s.line, err)}
	}
	if s.next != nil && row.Point <= s.next.Point {
		return inputError{fmt.Errorf("%s: line %d: point %d comes after point %d; is this what sweep --shard wrote?", s.name, s.line, row.Point, s.next.Point)}
	}
	s.next = &row
	return nil
}

// merge reads files of rows together and hands them over in order, one in memory for each file. Errors are
// the input's, but for those of do.
func merge(names []string, do func(whatif.Row) error) (err error) {
	var shards []*shard
	defer func() {
		for _, s := range shards {
			err = errors.Join(err, s.file.Close())
		}
	}()
	for _, name := range names {
		file, err := openFile(name, "name the files that sweep --shard wrote")
		if err != nil {
			return err
		}
		s := &shard{name: name, file: file, in: bufio.NewReader(file)}
		shards = append(shards, s)
		if err := s.advance(); err != nil {
			return err
		}
	}
	for point, points := 0, -1; ; point++ {
		s, err := least(shards)
		if err != nil {
			return err
		}
		switch {
		case s == nil && points < 0:
			return inputError{errors.New("the files have no rows")}
		case s == nil && point == points:
			return nil
		case s == nil || s.next.Point > point:
			return inputError{fmt.Errorf("point %d of %d is in none of the files; add the shard that has it", point, max(points, pointsOf(s)))}
		}
		points = s.next.Points
		if err := do(*s.next); err != nil {
			return err
		}
		if err := s.advance(); err != nil {
			return err
		}
	}
}

func pointsOf(s *shard) int {
	if s == nil {
		return 0
	}
	return s.next.Points
}

// least finds the file whose next row comes first, nil where all are at their end. All must be of one
// sweep, and none may have the same row.
func least(shards []*shard) (*shard, error) {
	var first *shard
	for _, s := range shards {
		switch {
		case s.next == nil:
		case first == nil:
			first = s
		case s.next.Sweep != first.next.Sweep:
			return nil, inputError{fmt.Errorf("%s and %s are of different sweeps: scenario, overlays, paths, values or metrics differ", first.name, s.name)}
		case s.next.Point == first.next.Point:
			return nil, inputError{fmt.Errorf("%s and %s both have point %d; name each shard once", first.name, s.name, s.next.Point)}
		case s.next.Point < first.next.Point:
			first = s
		}
	}
	return first, nil
}
