package sim

import (
	"math"
	"testing"
)

// widen multiplies one capacity of a wave; the last does nothing where there is no cache or no peers.
var widen = map[string]func(m *Model, by float64){
	"registry":       func(m *Model, by float64) { m.Registries[0].Bandwidth *= by },
	"per connection": func(m *Model, by float64) { m.Registries[0].PerConnection *= by },
	"uplink":         func(m *Model, by float64) { m.Datacenters[0].Uplink *= by },
	"nic":            func(m *Model, by float64) { m.Datacenters[0].Pools[0].NIC *= by },
	"cache": func(m *Model, by float64) {
		if k := m.Datacenters[0].Cache; k != nil {
			wider := *k
			wider.Bandwidth *= by
			m.Datacenters[0].Cache = &wider
		}
	},
	"upload": func(m *Model, by float64) {
		if p := m.Datacenters[0].P2P; p != nil {
			wider := *p
			wider.Upload *= by
			m.Datacenters[0].P2P = &wider
		}
	},
}

// TestMoreBandwidthIsNeverSlower widens one capacity after another, of waves with different bottlenecks, and holds the median
// pull and the makespan to what they were.
//
// In general that is not so: who gets more of one link takes more of the next from others (see the test below), and the ramp
// of slow start is longer to a higher rate. What can be proven is this. In a wave of equal nodes that pull one image at once from
// a registry without latency, all nodes do the same at every instant, and all layers under way advance at the same rate. So it is
// their sizes alone that say which ends next, and wider links only shorten each step: true of any image, straight from the
// registry, through a distribution cache (where everyone misses everything), and under Spegel (where nobody has anything). Of an image of
// one layer it is true of every way: the copy for a cache or a seed is one flow more, which a wider link does not make later, and what
// waits for it begins no later. There the ramp inside the datacenter, a millisecond for each doubling, is allowed for.
func TestMoreBandwidthIsNeverSlower(t *testing.T) {
	one := []OwnLayer{static("a", 100*mb)}
	several := []OwnLayer{static("a", 100*mb), static("b", 40*mb), static("c", 7*mb), static("d", 60*mb), static("e", mb)}
	for _, w := range ways() {
		slack := 0.001
		images := [][]OwnLayer{one}
		if w.name == "direct" || w.name == "distribution" || w.name == "spegel" || w.name == "distribution+spegel" {
			slack = 0
			images = append(images, several)
		}
		for _, image := range images {
			for narrow := range widen {
				build := func() *Model {
					m := w.by(wave(image...))
					d := &m.Datacenters[0]
					d.Pools[0].Unpack = 150 * mb
					if w.cache != nil {
						d.Cache = &Cache{Kind: w.cache.Kind, Bandwidth: 250 * mb}
					}
					if w.p2p != nil {
						d.P2P = &P2P{Kind: w.p2p.Kind, Upload: 40 * mb}
					}
					widen[narrow](m, 0.1) // make it the bottleneck
					return m
				}
				before := mustRun(t, build()).Pulls.Seconds
				for wide, do := range widen {
					for _, by := range []float64{1.1, 2, 16} {
						m := build()
						do(m, by)
						after := mustRun(t, m).Pulls.Seconds
						allowed := float64(slack*math.Log2(by)) + 1e-9
						if after.P50 > before.P50+allowed || after.Max > before.Max+allowed {
							t.Errorf("%s, %d layers, narrow %s: %v times the %s makes it slower: %+v, before %+v", w.name, len(image), narrow, by, wide, after, before)
						}
					}
				}
			}
		}
	}
}

// Where several flows meet, more bandwidth for some is less for others. One registry sends 100 MB/s. In fra, behind an uplink of
// 10 MB/s, 4 nodes pull 100 MB each: 40 s. In iad 5 do the same with the 90 MB/s that are left: 5.556 s, the median. With an uplink
// of 1000 MB/s in fra, nine flows share the 100 MB/s, and all take 9 s.
func TestMoreBandwidthMaySlowOthers(t *testing.T) {
	m := coldStart(oneSite(4, service("hello", 0, static("a", 100*mb))))
	m.Registries[0].Bandwidth = 100 * mb
	place(m, "iad", "", "")
	m.Datacenters[1].Pools = []Pool{m.Datacenters[1].Pools[0]}
	m.Datacenters[1].Pools[0].Nodes, m.Services[0].Instances[1] = 5, 5
	m.Datacenters[0].Uplink = 10 * mb
	r := mustRun(t, m)
	wantSeconds(t, "the median", r.Pulls.Seconds.P50, 500.0/90)
	wantSeconds(t, "fra", r.Pulls.Seconds.Max, 40)
	m.Datacenters[0].Uplink = 1000 * mb
	r = mustRun(t, m)
	wantSeconds(t, "the median", r.Pulls.Seconds.P50, 9)
	wantSeconds(t, "all", r.Pulls.Seconds.Max, 9)
}

// With all rates multiplied by k, and no delays, everything takes a k-th of the time: whatever the fleet, and however pulls meet.
func TestScaledRatesScaleTimes(t *testing.T) {
	eachSeed(t, 10, func(t *testing.T, seed uint64) {
		slow := generate(seed, true)
		slow.Arrivals, slow.Cold, slow.Duration = Regular, true, 1
		for i := range slow.Registries {
			slow.Registries[i].Latency = 0
		}
		fast := way{}.by(slow)
		const k = 3
		for i := range slow.Services {
			slow.Services[i].Startup = 0
		}
		fast.Registries = append([]Registry{}, slow.Registries...)
		for i := range fast.Registries {
			fast.Registries[i].Bandwidth *= k
			fast.Registries[i].PerConnection *= k
		}
		for i := range fast.Datacenters {
			d := &fast.Datacenters[i]
			d.Uplink *= k
			d.Pools = append([]Pool{}, d.Pools...)
			for j := range d.Pools {
				d.Pools[j].NIC *= k
				d.Pools[j].Unpack *= k
			}
		}
		a, b := mustRun(t, slow), mustRun(t, fast)
		for _, pair := range [][2]float64{
			{a.Pulls.Seconds.P50, b.Pulls.Seconds.P50}, {a.Pulls.Seconds.P95, b.Pulls.Seconds.P95}, {a.Pulls.Seconds.Max, b.Pulls.Seconds.Max},
		} {
			if !close9(pair[0], k*pair[1]) {
				t.Fatalf("seed %d: %v s, and at %d times the rates %v", seed, pair[0], k, pair[1])
			}
		}
		if a.Delivered != b.Delivered {
			t.Fatalf("seed %d: %d and %d bytes", seed, a.Delivered, b.Delivered)
		}
	})
}
