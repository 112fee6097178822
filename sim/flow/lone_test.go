package flow

import "testing"

// BenchmarkLoneNode is one node that comes, fetches eight layers, three at a time, and goes: the small
// case, in which nothing is shared.
func BenchmarkLoneNode(b *testing.B) {
	n := New([]float64{1e9, 1e10})
	r := n.AddRoute([]int{0, 1}, 0)
	var done []Done
	b.ReportAllocs()
	for b.Loop() {
		g := n.AddGroup(1, 1.25e8)
		next := 0
		for next < 3 {
			n.Start(g, r, float64(next+1)*1e6, next)
			next++
		}
		for {
			end, ok := n.Next()
			if !ok {
				break
			}
			done = n.Advance(end, done[:0])
			for range done {
				if next < 8 {
					n.Start(g, r, float64(next+1)*1e6, next)
					next++
				}
			}
		}
		n.Resize(g, 0)
	}
}
