package whatif

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"sync"

	"github.com/fleetcost/fleetcost/scenarios"
)

// SolutionSchema names the form of a Solution. Keys are only ever added to it.
const SolutionSchema = "fleetcost.solution/v1"

// A Solution is where along a path a goal is met.
type Solution struct {
	Schema string  `json:"schema"`
	Path   string  `json:"path"`
	Values string  `json:"values"` // that were looked through, as asked for
	Goal   string  `json:"goal"`
	Unit   Unit    `json:"unit"` // of left and right
	Found  bool    `json:"found"`
	Value  string  `json:"value"` // that meets the goal, the smallest unless the largest was asked for; of a break-even the first beyond it
	Left   float64 `json:"left"`  // what the goal compares, at Value
	Right  float64 `json:"right"`
	Before string  `json:"before"` // the neighbour of Value that does not meet the goal, or is before the break-even; "": there is none
	Method string  `json:"method"` // how it was found, and what was taken for granted
	Runs   int     `json:"runs"`   // values that were simulated
}

// Solve looks for the smallest value of a path, or the largest, that meets a goal; for a goal with = it
// looks for the values between which the two sides change order. Where the two sides' difference only rises
// or only falls from probe to probe, it bisects; else it scans, and bisects inside the first change found.
//
// Errors: scenarios.Errors and others of the input where it is wrong, and as Run's.
func Solve(ctx context.Context, doc *scenarios.Document, sets []scenarios.Set, vary scenarios.Vary, goal string, largest bool, o Options) (*Solution, error) {
	s := &solver{sets: sets, vary: vary, largest: largest, known: map[int]float64{}, sides: map[int][2]float64{}}
	s.steps = steppedValues(vary)
	first, err := Load(doc, s.at(0))
	if err != nil {
		return nil, err
	}
	if _, err := Load(doc, s.at(s.steps-1)); err != nil {
		return nil, err
	}
	var variants []string
	for _, v := range first {
		variants = append(variants, v.Variant)
	}
	if s.goal, err = parseGoal(goal, variants, first[0].Baseline); err != nil {
		return nil, scenarios.Errors{{File: "--until " + goal, Msg: err.Error()}}
	}
	s.eval = &evaluator{doc: doc, columns: s.goal.columns(), options: remembering(o)}
	for _, c := range s.eval.columns {
		if !slices.Contains(s.eval.needed, c.variant) {
			s.eval.needed = append(s.eval.needed, c.variant)
		}
	}
	return s.solve(ctx)
}

// resolution is how finely a range without a step is looked at: in parts of its width, or of the factor
// between its ends.
const resolution = 1_000_000

// steppedValues counts the values that a Vary is looked at in.
func steppedValues(v scenarios.Vary) int {
	low, high, continuous := v.Range()
	switch {
	case !continuous:
		return len(v.Values())
	case v.Whole():
		return int(high-low) + 1
	}
	return resolution + 1
}

// A solver looks at the values of one path, numbered from 0 in their order.
type solver struct {
	eval    *evaluator
	sets    []scenarios.Set
	vary    scenarios.Vary
	goal    *Goal
	largest bool
	steps   int // values

	known map[int]float64    // left less right at the values simulated
	sides map[int][2]float64 // likewise, each
}

// value writes the i-th value.
func (s *solver) value(i int) string {
	if list := s.vary.Values(); len(list) > 0 {
		return list[i]
	}
	if low, _, _ := s.vary.Range(); s.vary.Whole() {
		return strconv.Itoa(int(low) + i)
	}
	return s.vary.Between(float64(i) / float64(s.steps-1))
}

func (s *solver) at(i int) []scenarios.Set {
	return append(slices.Clone(s.sets), scenarios.Set{Path: s.vary.Path, Value: s.value(i)})
}

// look simulates values that are not known yet, on all processors.
func (s *solver) look(ctx context.Context, indices ...int) error {
	var missing []int
	for _, i := range indices {
		if _, ok := s.known[i]; !ok {
			missing = append(missing, i)
		}
	}
	var mu sync.Mutex
	err := parallel(len(missing), func(n int) error {
		i := missing[n]
		figures, err := s.eval.numbers(ctx, s.at(i))
		if err != nil {
			return fmt.Errorf("%w\nat %s=%s", err, s.vary.Path, s.value(i))
		}
		left, right := s.goal.sides(figures)
		mu.Lock()
		defer mu.Unlock()
		s.known[i], s.sides[i] = left-right, [2]float64{left, right}
		return nil
	})
	return cmp.Or(err, ctx.Err())
}

// met tells whether the i-th value, which is known, meets the goal; of a break-even, whether the two sides
// are equal there, or in another order than at the value where the search begins.
func (s *solver) met(i, begin int) bool {
	if s.goal.equality() {
		order := s.order(i)
		return order == 0 || order != s.order(begin)
	}
	return compare(s.known[i], s.goal.op, 0)
}

// order is the sign of the difference, 0 for what is no more than noise.
func (s *solver) order(i int) int {
	sides := s.sides[i]
	if math.Abs(s.known[i]) <= noise*max(math.Abs(sides[0]), math.Abs(sides[1])) {
		return 0
	}
	return cmp.Compare(s.known[i], 0)
}

// These are how many values are looked at first, and how many where the difference does not only rise or
// fall.
const (
	fewProbes  = 17
	manyProbes = 257
)

// maxScanned is how many values are all looked at, rather than some of them.
const maxScanned = 2000

func (s *solver) solve(ctx context.Context) (*Solution, error) {
	probes := spread(s.steps, fewProbes)
	if err := s.look(ctx, probes...); err != nil {
		return nil, err
	}
	out := &Solution{
		Schema: SolutionSchema, Path: s.vary.Path, Values: s.vary.Text, Goal: s.goal.Expr, Unit: s.goal.left.figure.Unit,
		Method: fmt.Sprintf("all %d values", s.steps),
	}
	switch {
	case len(probes) == s.steps:
	case s.monotone(probes):
		out.Method = fmt.Sprintf("bisection: over %d values spread evenly, the difference of the two sides only rises or only falls", len(probes))
	case s.steps <= maxScanned:
		probes = spread(s.steps, s.steps)
		out.Method = fmt.Sprintf("scan of all %d values: the difference of the two sides rises and falls", s.steps)
	default:
		probes = spread(s.steps, manyProbes)
		out.Method = fmt.Sprintf("scan of %d values spread evenly, then bisection: the difference of the two sides rises and falls, "+
			"and what happens between them is not seen", len(probes))
	}
	if err := s.look(ctx, probes...); err != nil {
		return nil, err
	}
	if err := s.find(ctx, probes, out); err != nil {
		return nil, err
	}
	out.Runs = len(s.known)
	return out, nil
}

// spread are up to n of the numbers from 0 to steps-1, evenly, with both ends.
func spread(steps, n int) []int {
	n = min(n, steps)
	if n == 1 {
		return []int{0}
	}
	out := make([]int, n)
	for k := range out {
		out[k] = int(math.Round(float64(k) * float64(steps-1) / float64(n-1)))
	}
	return out
}

// monotone tells whether the difference never falls, or never rises, from probe to probe.
func (s *solver) monotone(probes []int) bool {
	rises, falls := false, false
	for k := 1; k < len(probes); k++ {
		a, b := s.known[probes[k-1]], s.known[probes[k]]
		if math.Abs(b-a) <= noise*math.Max(math.Abs(a), math.Abs(b)) {
			continue
		}
		rises, falls = rises || b > a, falls || b < a
	}
	return !rises || !falls
}

// find looks among probes for the wanted end of what meets the goal, and closes in on it.
func (s *solver) find(ctx context.Context, probes []int, out *Solution) error {
	if s.largest {
		probes = slices.Clone(probes)
		slices.Reverse(probes)
	}
	begin := probes[0]
	k := slices.IndexFunc(probes, func(i int) bool { return s.met(i, begin) })
	if k < 0 {
		return nil
	}
	hit, miss := probes[k], -1
	if k > 0 {
		miss = probes[k-1]
	}
	for miss >= 0 && (hit-miss > 1 || miss-hit > 1) {
		middle := (hit + miss) / 2
		if err := s.look(ctx, middle); err != nil {
			return err
		}
		if s.met(middle, begin) {
			hit = middle
		} else {
			miss = middle
		}
	}
	out.Found, out.Value = true, s.value(hit)
	out.Left, out.Right = s.sides[hit][0], s.sides[hit][1]
	if miss >= 0 {
		out.Before = s.value(miss)
	}
	return nil
}
