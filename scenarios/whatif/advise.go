package whatif

import (
	"cmp"
	"context"
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/fleetcost/fleetcost/registrysize"
	"github.com/fleetcost/fleetcost/scenarios"
)

// AdviceSchema names the form of an Advice. Keys are only ever added to it.
const AdviceSchema = "fleetcost.advice/v1"

// An Advice is what known levers do to a variant. Bytes are a month's.
type Advice struct {
	Schema  string  `json:"schema"`
	Variant string  `json:"variant"`
	Now     Outcome `json:"now"`
	Levers  []Lever `json:"levers"`  // those worth it by what they save: money, then bytes, then time; then the others
	Refused []Lever `json:"refused"` // that the scenario does not allow, with the reason
}

// An Outcome is what a lever is judged by.
type Outcome struct {
	Cost    float64 `json:"cost"`            // a month
	Bytes   float64 `json:"registry_bytes"`  // that leave registries in a month
	Rollout float64 `json:"rollout_seconds"` // 95th percentile
	AtLeast bool    `json:"at_least"`        // some price is unknown
}

// A Lever is a change and what it does.
type Lever struct {
	Name    string   `json:"name"`
	Overlay string   `json:"overlay"` // for a variant of the file, in one line
	Sets    []string `json:"sets"`    // the same for --set
	Caveat  string   `json:"caveat"`  // what the figures do not show
	Then    Outcome  `json:"then"`    // with it
	Worth   bool     `json:"worth"`   // something is better and nothing is worse
	Reason  string   `json:"reason"`  // why it is not worth it, or not allowed; else ""
}

// Advise tries the known levers on a variant ("": the baseline), one at a time.
//
// Errors: as Run's, and others of the input where there is no such variant.
func Advise(ctx context.Context, doc *scenarios.Document, sets []scenarios.Set, variant string, o Options) (*Advice, error) {
	all, err := Load(doc, sets)
	if err != nil {
		return nil, err
	}
	variant = cmp.Or(variant, all[0].Baseline)
	i := slices.IndexFunc(all, func(s *scenarios.Scenario) bool { return s.Variant == variant })
	if i < 0 {
		return nil, scenarios.Errors{{File: "--variant " + variant, Msg: "there is none of that name; " + scenarios.Suggest(variant, doc.Variants())}}
	}
	e := &evaluator{doc: doc, needed: []string{variant}, options: remembering(o)}
	now, err := e.outcome(ctx, variant, sets)
	if err != nil {
		return nil, err
	}
	tried := levers(all[i])
	done := make([]Lever, len(tried))
	steps := &steps{name: "levers", total: len(tried), report: o.OnProgress}
	err = parallel(len(tried), func(k int) error {
		defer steps.done()
		l, err := e.try(ctx, variant, sets, tried[k], now)
		done[k] = l
		return err
	})
	if err != nil {
		return nil, err
	}
	return sorted(&Advice{Schema: AdviceSchema, Variant: variant, Now: now, Levers: done, Refused: []Lever{}}), ctx.Err()
}

// sorted takes out the levers that are not allowed, and ranks the others.
func sorted(a *Advice) *Advice {
	var allowed []Lever
	for _, l := range a.Levers {
		if l.Reason != "" && l.Then == (Outcome{}) {
			a.Refused = append(a.Refused, l)
		} else {
			allowed = append(allowed, l)
		}
	}
	worth := func(l Lever) int {
		if l.Worth {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(allowed, func(x, y Lever) int {
		return cmp.Or(cmp.Compare(worth(x), worth(y)), cmp.Compare(x.Then.Cost, y.Then.Cost), cmp.Compare(x.Then.Bytes, y.Then.Bytes), cmp.Compare(x.Then.Rollout, y.Then.Rollout))
	})
	a.Levers = append([]Lever{}, allowed...)
	return a
}

// try runs a variant with one lever.
func (e *evaluator) try(ctx context.Context, variant string, sets []scenarios.Set, l lever, now Outcome) (Lever, error) {
	out := Lever{Name: l.name, Caveat: l.caveat, Overlay: overlayLine(l.sets)}
	for _, s := range l.sets {
		out.Sets = append(out.Sets, s.Path+"="+s.Value)
	}
	then, err := e.outcome(ctx, variant, slices.Concat(sets, l.sets))
	if wrong, ok := errors.AsType[scenarios.Errors](err); ok {
		out.Reason = wrong[0].Msg
		return out, nil
	}
	if errors.Is(err, registrysize.ErrNotFound) {
		out.Reason = "its size is not known: " + err.Error()
		return out, nil
	}
	if err != nil {
		return out, err
	}
	out.Then = then
	out.Reason = now.against(then)
	out.Worth = out.Reason == ""
	return out, nil
}

// outcome runs a variant and reads what levers are judged by.
func (e *evaluator) outcome(ctx context.Context, variant string, sets []scenarios.Set) (Outcome, error) {
	scenario, err := e.doc.Scenario(e.name(variant), sets...)
	if err != nil {
		return Outcome{}, err
	}
	v, err := e.variant(ctx, variant, sets)
	if err != nil {
		return Outcome{}, err
	}
	figure := func(path string) float64 {
		f, _ := FigureAt(path)
		value, _ := f.mean(v)
		return value
	}
	return Outcome{
		Cost: figure("cost.monthly"), AtLeast: v.Cost.AtLeast, Rollout: figure("rollouts.seconds.p95"),
		Bytes: figure("transfer.registry_bytes") * monthSeconds / float64(scenario.Simulate.Duration),
	}, nil
}

// against says why what comes then is not better than what is now: something is worse, or nothing better.
func (now Outcome) against(then Outcome) string {
	worse := func(a, b float64) bool { return b-a > noise*math.Abs(a) }
	var reasons []string
	better := false
	for _, c := range []struct {
		a, b float64
		what string
	}{{now.Cost, then.Cost, "costs more"}, {now.Bytes, then.Bytes, "moves more bytes from registries"}, {now.Rollout, then.Rollout, "rolls out more slowly"}} {
		if worse(c.a, c.b) {
			reasons = append(reasons, c.what)
		}
		better = better || worse(c.b, c.a)
	}
	if then.AtLeast && !now.AtLeast {
		reasons = append(reasons, "its cost is not known in full")
	}
	if len(reasons) == 0 && !better {
		return "changes nothing"
	}
	return strings.Join(reasons, ", ")
}

// overlayLine writes overlays as the set of a variant, in one line of YAML.
func overlayLine(sets []scenarios.Set) string {
	var parts []string
	for _, s := range sets {
		value := s.Value
		if !strings.HasPrefix(value, "{") && strings.ContainsAny(value, ":#,[]{}&*!|>'\"%@` ") {
			value = strconv.Quote(value)
		}
		parts = append(parts, s.Path+": "+value)
	}
	return "set: {" + strings.Join(parts, ", ") + "}"
}
