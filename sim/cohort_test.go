package sim

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// TestCohortsAgainstEveryNodeAlone simulates generated fleets twice: with equal nodes taken together,
// and with every node by itself. Bytes and counts must be equal, times agree to 1e-9.
func TestCohortsAgainstEveryNodeAlone(t *testing.T) {
	eachSeed(t, func(t *testing.T, seed uint64) {
		m := randomModel(seed)
		if err := m.Validate(); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		e := newEngine(m, false)
		if err := e.run(t.Context()); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		together := e.result()
		alone, err := simulate(t.Context(), m, true)
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
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

func close9(a, b float64) bool {
	return a == b || math.Abs(a-b) <= 1e-9*max(1, math.Abs(a), math.Abs(b))
}
