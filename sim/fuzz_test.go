package sim

import (
	"encoding/binary"
	"math"
	"math/rand/v2"
	"reflect"
	"testing"
)

// fewEvents is what a fuzzed run may take: enough for most generated fleets to come to rest.
const fewEvents = 4_000

// FuzzModel generates fleets, and puts values into them that nobody means. What Validate lets through neither panics nor runs for
// ever, and if it comes to rest, no byte is lost: all sums agree.
func FuzzModel(f *testing.F) {
	for seed := range uint64(20) {
		f.Add(seed, []byte{})
		f.Add(seed, binary.LittleEndian.AppendUint64(nil, seed*0x9e3779b97f4a7c15))
	}
	f.Fuzz(func(t *testing.T, seed uint64, wild []byte) {
		m := randomModel(seed)
		for ; len(wild) >= 4; wild = wild[4:] {
			spoil(reflect.ValueOf(m).Elem(), rand.New(rand.NewPCG(uint64(binary.LittleEndian.Uint32(wild)), 0)))
		}
		if m.Validate() != nil {
			return
		}
		e := newEngine(m, false)
		e.maxEvents = fewEvents
		if e.run(t.Context()) != nil {
			return
		}
		checkSums(t, m, e.result())
		checkRest(t, e)
	})
}

// spoil gives one number somewhere below v a value of the drawn kind.
func spoil(v reflect.Value, dice *rand.Rand) {
	for v.IsValid() {
		switch v.Kind() {
		case reflect.Pointer:
			v = v.Elem()
		case reflect.Struct:
			v = v.Field(dice.IntN(v.NumField()))
		case reflect.Slice:
			if v.Len() == 0 {
				return
			}
			v = v.Index(dice.IntN(v.Len()))
		case reflect.Bool:
			v.SetBool(!v.Bool())
			return
		case reflect.Int, reflect.Int64:
			v.SetInt([]int64{-1, 0, 1, 2, 100, 1e13, math.MaxInt64, math.MinInt64}[dice.IntN(8)])
			return
		case reflect.Float64:
			v.SetFloat([]float64{-1, 0, math.SmallestNonzeroFloat64, 1e-9, 0.5, 1, 1e9, 1e18, math.MaxFloat64, math.Inf(1), math.NaN()}[dice.IntN(11)])
			return
		default:
			return
		}
	}
}
