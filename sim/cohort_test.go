package sim

import (
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// TestCohortsAgainstEveryNodeAlone simulates generated fleets twice: with equal nodes taken together,
// and with every node by itself. Bytes and counts must be equal, times agree to 1e-9.
func TestCohortsAgainstEveryNodeAlone(t *testing.T) {
	eachSeed(t, 1, func(t *testing.T, seed uint64) {
		m := randomModel(seed)
		if err := m.Validate(); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		e := newEngine(m, false)
		if err := e.run(t.Context()); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		together := blur(e.result())
		alone, err := simulate(t.Context(), m, true)
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		blur(alone)
		checkSums(t, m, together)
		checkRest(t, e)
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
		if together.Stats.States > alone.Stats.States {
			t.Errorf("seed %d: %d states, %d nodes", seed, together.Stats.States, alone.Stats.States)
		}
		if diff := cmp.Diff(alone, together, cmpopts.IgnoreFields(Result{}, "Stats"), cmp.Comparer(close9)); diff != "" {
			t.Fatalf("seed %d: alone (-) and together (+) differ:\n%s", seed, diff)
		}
	})
}

// blur forgets for whom caches and seeds fetched. A copy is booked as the first one's who asked: of several at one instant,
// that is the oldest cohort.
func blur(r *Result) *Result {
	var out []Transfer
	for _, t := range r.Transfers {
		if t.To.Kind == AtCache || t.To.Kind == AtPeers {
			t.Service, t.Layer, t.Cause = 0, 0, ""
		}
		same := func(x Transfer) bool { x.Bytes, x.Layers = t.Bytes, t.Layers; return x == t }
		if i := slices.IndexFunc(out, same); i >= 0 {
			out[i].Bytes += t.Bytes
			out[i].Layers += t.Layers
			continue
		}
		out = append(out, t)
	}
	r.Transfers = out
	return r
}

func close9(a, b float64) bool {
	return a == b || math.Abs(a-b) <= 1e-9*max(1, math.Abs(a), math.Abs(b))
}
