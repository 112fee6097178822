package sim

import (
	"fmt"
	"sort"
	"testing"
)

// TestBytesAgainstPlainTwin compares the bytes of generated fleets with a twin that has no network, no
// cohorts and no clever identities: every node is two sets of strings, every pull is instantaneous. The
// engine gets links so wide that its pulls end before anything else happens.
func TestBytesAgainstPlainTwin(t *testing.T) {
	eachSeed(t, 1, func(t *testing.T, seed uint64) {
		m := instantModel(seed)
		r, err := Run(t.Context(), m)
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		w := newTwin(m)
		w.play()
		if r.Delivered != w.delivered || r.Bounds.FloorNode != w.floor || r.Bounds.Naive != w.naive || r.Nodes.Replaced != w.replaced {
			t.Fatalf("seed %d: delivered %d, floor %d, naive %d, replaced %d; the twin says %d, %d, %d, %d", seed,
				r.Delivered, r.Bounds.FloorNode, r.Bounds.Naive, r.Nodes.Replaced, w.delivered, w.floor, w.naive, w.replaced)
		}
	})
}

// instantModel is a random fleet with regular arrivals and links that take no noticeable time.
func instantModel(seed uint64) *Model {
	m := generate(seed, true)
	m.Arrivals, m.WireOverhead = Regular, 0
	m.Duration = 86400
	for i := range m.Registries {
		m.Registries[i].Bandwidth, m.Registries[i].PerConnection, m.Registries[i].Latency = 0, 0, 0
	}
	for i := range m.Datacenters {
		m.Datacenters[i].Uplink = 0
		for k := range m.Datacenters[i].Pools {
			p := &m.Datacenters[i].Pools[k]
			p.NIC, p.Unpack = 1e18, 0
		}
	}
	for i := range m.Services {
		s := &m.Services[i]
		s.Startup = 0
		s.DeployInterval *= 3.7123457 // out of step with replacements
	}
	return m
}

type twinNode struct {
	site, index, pool int
	chains, blobs     map[string]bool
	seen              map[string]bool // in this life
}

type twin struct {
	m                                 *Model
	nodes                             []*twinNode
	images                            [][]string // per service, digests bottom first
	last                              []float64
	releases                          int
	size                              map[string]int64
	delivered, floor, naive, replaced int64
}

func newTwin(m *Model) *twin {
	w := &twin{m: m, size: map[string]int64{}, last: make([]float64, len(m.Services))}
	for i := range m.Services {
		w.images = append(w.images, w.image(i, 0, true))
	}
	for d := range m.Datacenters {
		index := 0
		for p := range m.Datacenters[d].Pools {
			for range m.Datacenters[d].Pools[p].Nodes {
				n := &twinNode{site: d, index: index, pool: p}
				n.empty()
				w.nodes = append(w.nodes, n)
				index++
				for i := range m.Services {
					if w.hosts(n, i) {
						w.pull(n, i, !m.Cold)
					}
				}
			}
		}
	}
	return w
}

func (n *twinNode) empty() {
	n.chains, n.blobs, n.seen = map[string]bool{}, map[string]bool{}, map[string]bool{}
}

// image spells out a service's image at t: a digest changes when a cause for it lies in (last, t].
func (w *twin) image(i int, t float64, first bool) []string {
	s := &w.m.Services[i]
	var out []string
	builds, before := 0, 0
	if s.Base >= 0 {
		b := &w.m.Bases[s.Base]
		for k := 0; b.Rebuild > 0 && (float64(k)+0.5)*b.Rebuild <= t; k++ {
			builds++
			if (float64(k)+0.5)*b.Rebuild <= w.last[i] {
				before++
			}
		}
		for _, l := range b.Layers[0] {
			id := fmt.Sprintf("%s of build %d every %v", l.Digest, builds, b.Rebuild)
			if builds == 0 {
				id = l.Digest
			}
			w.size[id] = l.Bytes
			out = append(out, id)
		}
	}
	for k, l := range s.Layers[0] {
		id := l.Digest
		if !first {
			id = w.images[i][len(w.images[i])-len(s.Layers[0])+k]
			due := 0
			for q := 1; float64(q)*l.Every <= t; q++ {
				if float64(q)*l.Every > w.last[i] {
					due++
				}
			}
			if l.Change == OnDeploy || l.Change == Periodic && due > 0 || builds > before && !l.RebaseKeep {
				id = fmt.Sprintf("%s release %d", l.Digest, w.releases)
			}
		}
		w.size[id] = l.Bytes
		out = append(out, id)
	}
	return out
}

// hosts lays all instances out one by one.
func (w *twin) hosts(n *twinNode, service int) bool {
	nodes := w.m.Datacenters[n.site].Nodes()
	spread, packed := 0, 0
	for i := range w.m.Services {
		s := &w.m.Services[i]
		for k := range s.Instances[n.site] {
			at := k
			switch {
			case s.Workload == DaemonSet:
			case s.Placement == Pack:
				at = packed / 110
				packed++
			default:
				at = spread
				spread++
			}
			if i == service && at%nodes == n.index {
				return true
			}
		}
	}
	return false
}

func (w *twin) pull(n *twinNode, service int, free bool) {
	keep := w.m.Datacenters[n.site].Pools[n.pool].KeepBlobs
	chain := ""
	now := map[string]bool{}
	for _, id := range w.images[service] {
		chain += "/" + id
		if !n.chains[chain] && !free && (!keep || !n.blobs[id]) && !now[id] {
			now[id] = true
			w.delivered += w.size[id]
			if !n.seen[id] {
				w.floor += w.size[id]
			}
		}
		n.chains[chain], n.blobs[id], n.seen[id] = true, true, true
	}
}

type twinEvent struct {
	at      float64
	node    *twinNode // replaced; nil: a deploy
	service int
}

// play lists every event of the run, sorts them and acts them out.
func (w *twin) play() {
	var events []twinEvent
	for _, n := range w.nodes {
		p := &w.m.Datacenters[n.site].Pools[n.pool]
		first := n.index
		for k := range n.pool {
			first -= w.m.Datacenters[n.site].Pools[k].Nodes
		}
		for k := 0; p.Replace > 0; k++ {
			at := (float64(k) + float64(first+1)/float64(p.Nodes+1)) * p.Replace
			if at >= w.m.Duration {
				break
			}
			events = append(events, twinEvent{at: at, node: n})
		}
	}
	for i := range w.m.Services {
		for k := 0; w.m.Services[i].DeployInterval > 0; k++ {
			at := (float64(k) + float64(i+1)/float64(len(w.m.Services)+1)) * w.m.Services[i].DeployInterval
			if at >= w.m.Duration {
				break
			}
			events = append(events, twinEvent{at: at, service: i})
		}
	}
	sort.SliceStable(events, func(a, b int) bool { return events[a].at < events[b].at })
	for _, ev := range events {
		if ev.node != nil {
			w.replaced++
			ev.node.empty()
			for i := range w.m.Services {
				if w.hosts(ev.node, i) {
					w.pull(ev.node, i, false)
				}
			}
			continue
		}
		w.deploy(ev.service, ev.at)
	}
}

func (w *twin) deploy(i int, at float64) {
	w.releases++
	w.images[i] = w.image(i, at, false)
	w.last[i] = at
	for _, n := range w.nodes {
		if w.hosts(n, i) {
			for _, id := range w.images[i] {
				w.naive += w.size[id]
			}
			w.pull(n, i, false)
		}
	}
}
