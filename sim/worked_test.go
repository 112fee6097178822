package sim

import (
	"slices"
	"testing"
)

// allAtOnce replaces every instance at the same time.
func allAtOnce(s Service) Service {
	s.MaxSurge = Amount{Value: 1, Share: true}
	return s
}

// history is a service on one platform that goes from one of the images to the next at its deploys.
func history(name string, images ...[]Layer) Service {
	s := allAtOnce(service(name, 0))
	s.Layers = nil
	for _, layers := range images {
		s.Versions = append(s.Versions, [][]Layer{layers})
	}
	return s
}

// coldStart begins with empty nodes that pull.
func coldStart(m *Model) *Model {
	m.Cold = true
	return m
}

// singly puts every node of the first site into a pool of its own, so that a removal can name it.
func singly(m *Model) *Model {
	d := &m.Datacenters[0]
	pool, nodes := d.Pools[0], d.Nodes()
	pool.Nodes = 1
	d.Pools = slices.Repeat([]Pool{pool}, nodes)
	return m
}

// A removal takes a node away and puts an empty one in its place.
type removal struct {
	at   float64
	node int
}

// runRemoving runs a model of one site, which is made of pools of one node, and removes nodes on the way.
func runRemoving(t *testing.T, m *Model, list ...removal) *Result {
	t.Helper()
	e := newEngine(m, false)
	for _, x := range list {
		e.sites[0].turnovers[x.node].victim = x.node
		e.agenda.add(x.at, replace, event{site: 0, index: x.node})
	}
	return mustEnd(t, e)
}

// causes sums what came to nodes and replicas by cause, and not what went to caches on its way.
func causes(r *Result) map[Cause]int64 {
	out := map[Cause]int64{}
	for _, t := range r.Transfers {
		if t.To.Kind == AtNodes || t.To.Kind == AtReplica {
			out[t.Cause] += t.Bytes
		}
	}
	return out
}

// classes sums what came to nodes by the class of its path.
func classes(r *Result) map[Class]int64 {
	out := map[Class]int64{}
	for _, t := range r.Transfers {
		if t.To.Kind == AtNodes {
			out[t.Class] += t.Bytes
		}
	}
	return out
}

// link finds a link by its name.
func link(t *testing.T, r *Result, name string) Link {
	t.Helper()
	i := slices.IndexFunc(r.Links, func(l Link) bool { return l.Name == name })
	if i < 0 {
		t.Fatalf("no link %s", name)
	}
	return r.Links[i]
}
