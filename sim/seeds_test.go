package sim

import (
	"flag"
	"runtime"
	"testing"
)

// Tests over generated fleets try as many as these say: few, so that all tests take seconds, and thousands
// with, say, -seeds 5000. A seed that failed is tried alone with -from SEED -seeds 1.
var (
	seeds = flag.Uint64("seeds", 250, "generated fleets to try")
	from  = flag.Uint64("from", 0, "first seed of generated fleets")
)

// eachSeed tries every seed, on all cores; of a test that takes cost times as long as others, as many fewer. check
// must name the seed when it fails.
func eachSeed(t *testing.T, cost uint64, check func(t *testing.T, seed uint64)) {
	t.Helper()
	strides := uint64(runtime.GOMAXPROCS(0))
	for k := range strides {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			for seed := *from + k; seed < *from+max(1, *seeds/cost) && !t.Failed(); seed += strides {
				check(t, seed)
			}
		})
	}
}
