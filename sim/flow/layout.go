package flow

import (
	"encoding/binary"
	"math"
	"slices"
)

// A layout is how a plan lies on a network: as few routes as can be, since a solve visits routes. A link
// that only one node crosses, with every flow of it, is that node's own, however it was written down;
// and routes that are alike without such links are one.
type layout struct {
	private []float64 // per node, the narrowest of its own links
	owner   []int     // per link, the node whose own it is; shared
	shared  []int     // the links that are
	routes  []Route   // per path of the plan
}

// Owners of links that are nobody's own.
const (
	unused = -1
	shared = -2
)

func (p *Plan) layOut(n *Network) *layout {
	l := &layout{private: make([]float64, len(p.Nodes)), routes: make([]Route, len(p.Routes))}
	l.findOwners(p)
	for i := range p.Nodes {
		l.private[i] = unlimited
		if c := p.Nodes[i].Private; c > 0 {
			l.private[i] = c
		}
	}
	for i, owner := range l.owner {
		switch c := p.Links[i]; {
		case owner == shared:
			l.shared = append(l.shared, i)
		case owner >= 0 && c > 0:
			l.private[owner] = min(l.private[owner], c)
		}
	}
	known := map[string]Route{}
	var key []byte
	for i, path := range p.Routes {
		links := slices.DeleteFunc(slices.Clone(path.Links), func(link int) bool { return l.owner[link] >= 0 })
		slices.Sort(links)
		key = binary.AppendUvarint(key[:0], math.Float64bits(path.PerFlow))
		for _, link := range links {
			key = binary.AppendUvarint(key, uint64(link))
		}
		r, ok := known[string(key)]
		if !ok {
			r = n.AddRoute(links, path.PerFlow)
			known[string(key)] = r
		}
		l.routes[i] = r
	}
	return l
}

// findOwners finds the links that are a node's own.
func (l *layout) findOwners(p *Plan) {
	l.owner = make([]int, len(p.Links))
	crossings := make([]int, len(p.Links))
	for i := range l.owner {
		l.owner[i] = unused
	}
	for i := range p.Nodes {
		for j := range p.Nodes[i].Flows {
			links := p.Routes[p.Nodes[i].Flows[j].Route].Links
			for k, link := range links {
				crossings[link]++
				if l.owner[link] == unused {
					l.owner[link] = i
				}
				if l.owner[link] != i || p.Nodes[i].Members > 1 || slices.Contains(links[:k], link) {
					l.owner[link] = shared
				}
			}
		}
	}
	for link, owner := range l.owner {
		if owner >= 0 && crossings[link] < len(p.Nodes[owner].Flows) {
			l.owner[link] = shared
		}
	}
}
