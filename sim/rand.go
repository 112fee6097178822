package sim

import (
	"hash/fnv"
	"math"
	"math/rand/v2"
)

// stream returns the random numbers of one concern, named like "deploys/hello". Streams of different
// names are independent, so a new draw in one leaves the others alone.
func stream(seed uint64, name string) *rand.Rand {
	h := fnv.New64a()
	h.Write([]byte(name))
	return rand.New(rand.NewPCG(seed, h.Sum64()))
}

// nanos rounds seconds to whole nanoseconds, so that a random time is the same number everywhere.
func nanos(seconds float64) float64 {
	return math.Round(seconds*1e9) / 1e9
}
