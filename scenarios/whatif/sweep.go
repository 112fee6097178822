package whatif

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/fleetcost/fleetcost/scenarios"
)

// A Sweep runs a scenario at many points and notes figures at each.
type Sweep struct {
	sets   []scenarios.Set
	plan   Plan
	eval   *evaluator
	id     string
	points int // of all shards
	values func(point int) []string
}

// NewSweep prepares a sweep of a document with sets applied at every point. It runs nothing, but finds
// mistakes in the plan, in the scenario, and in values that are wrong by themselves.
//
// Errors: scenarios.Errors where a value does not fit the scenario, others where the plan is wrong. All are
// the input's.
func NewSweep(doc *scenarios.Document, sets []scenarios.Set, plan Plan, o Options) (*Sweep, error) {
	if len(plan.Metrics) == 0 {
		plan.Metrics = DefaultMetrics()
	}
	s := &Sweep{sets: sets, plan: plan}
	if err := plan.check(); err != nil {
		return nil, err
	}
	s.points, s.values = plan.points(), plan.values()
	if err := s.checkValues(doc); err != nil {
		return nil, err
	}
	var err error
	if s.eval, err = newEvaluator(doc, s.at(s.values(0)), plan.Metrics, o); err != nil {
		return nil, err
	}
	s.id = s.identity()
	return s, nil
}

// maxChecked is how many values of a path are tried before a sweep starts.
const maxChecked = 100

// checkValues tries values of each path with the first of all others, so that most mistakes are found
// before the first point has run.
func (s *Sweep) checkValues(doc *scenarios.Document) error {
	first := s.values(0)
	for i, v := range s.plan.Vary {
		values := v.Values()
		if len(values) > maxChecked {
			values = append(slices.Clone(values[:maxChecked]), values[len(values)-1])
		}
		if len(values) == 0 {
			values = []string{v.At(0), v.At(1 - 1e-9)}
		}
		for _, value := range values {
			tried := slices.Clone(first)
			tried[i] = value
			if _, err := Load(doc, s.at(tried)); err != nil {
				return err
			}
		}
	}
	return nil
}

// at are the overlays of a point.
func (s *Sweep) at(values []string) []scenarios.Set {
	sets := slices.Clone(s.sets)
	for i, v := range s.plan.Vary {
		sets = append(sets, scenarios.Set{Path: v.Path, Value: values[i]})
	}
	return sets
}

// identity tells sweeps apart by all that their rows depend on, the shard left out.
func (s *Sweep) identity() string {
	var text strings.Builder
	fmt.Fprintf(&text, "%s\n%d %v %d %d\n", digest(s.eval.doc, s.sets), s.points, s.plan.Zip, s.plan.Samples, s.plan.Seed)
	for _, v := range s.plan.Vary {
		fmt.Fprintf(&text, "%q=%q\n", v.Path, v.Text)
	}
	for _, c := range s.eval.columns {
		fmt.Fprintf(&text, "%q\n", c.name)
	}
	sum := sha256.Sum256([]byte(text.String()))
	return "sha256:" + hex.EncodeToString(sum[:])
}

// ID is what the sweep's rows have in Row.Sweep.
func (s *Sweep) ID() string { return s.id }

// Columns names the varied paths, then the metrics: the cells of each row.
func (s *Sweep) Columns() (vary, metrics []string) {
	for _, v := range s.plan.Vary {
		vary = append(vary, v.Path)
	}
	for _, c := range s.eval.columns {
		metrics = append(metrics, c.name)
	}
	return vary, metrics
}

// Len counts the rows of this shard.
func (s *Sweep) Len() int {
	if s.plan.Shards == 0 {
		return s.points
	}
	return (s.points - s.plan.Shard + s.plan.Shards) / s.plan.Shards
}

// Point is the number, among all points, of this shard's k-th row.
func (s *Sweep) Point(k int) int {
	if s.plan.Shards == 0 {
		return k
	}
	return s.plan.Shard - 1 + k*s.plan.Shards
}

// Run runs this shard's points from the from-th on, on all processors, and hands over their rows in order,
// by one goroutine. Only a few rows are in memory at a time. It ends with the first error of a point or of
// emit.
//
// Errors: as Run's, with the point's values.
func (s *Sweep) Run(ctx context.Context, from int, emit func(Row) error) error {
	ctx, cancel := context.WithCancel(ctx)
	type outcome struct {
		row Row
		err error
	}
	type job struct {
		k    int
		done chan outcome // takes one without a reader
	}
	workers := runtime.GOMAXPROCS(0)
	work, order := make(chan job), make(chan job, 2*workers) // order bounds how far workers run ahead
	var wg sync.WaitGroup
	defer wg.Wait()
	defer cancel()
	for range workers {
		wg.Go(func() {
			for j := range work {
				row, err := s.row(ctx, j.k)
				j.done <- outcome{row, err}
			}
		})
	}
	wg.Go(func() {
		defer close(order)
		defer close(work)
		for k := from; k < s.Len(); k++ {
			j := job{k, make(chan outcome, 1)}
			select {
			case order <- j:
			case <-ctx.Done():
				return
			}
			select {
			case work <- j:
			case <-ctx.Done():
				j.done <- outcome{err: ctx.Err()}
				return
			}
		}
	})
	for j := range order {
		o := <-j.done
		if o.err != nil {
			return o.err
		}
		if err := emit(o.row); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// row runs one point: each variant that is asked for, one after another.
func (s *Sweep) row(ctx context.Context, k int) (Row, error) {
	point := s.Point(k)
	values := s.values(point)
	texts, err := s.eval.texts(ctx, s.at(values))
	if err != nil {
		return Row{}, s.atPoint(point, values, err)
	}
	row := Row{Sweep: s.id, Point: point, Points: s.points}
	for i, v := range s.plan.Vary {
		row.Vary = append(row.Vary, Cell{v.Path, values[i], isNumber(values[i])})
	}
	for i, c := range s.eval.columns {
		row.Metrics = append(row.Metrics, Cell{c.name, texts[i], true})
	}
	return row, nil
}

// atPoint adds a point's values to what went wrong there.
func (s *Sweep) atPoint(point int, values []string, err error) error {
	if errors.Is(err, context.Canceled) {
		return err
	}
	var where []string
	for i, v := range s.plan.Vary {
		where = append(where, v.Path+"="+values[i])
	}
	return fmt.Errorf("%w\nat point %d of %d: %s", err, point, s.points, strings.Join(where, ", "))
}
