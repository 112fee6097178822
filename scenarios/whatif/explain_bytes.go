package whatif

import (
	"fmt"
	"slices"

	"github.com/fleetcost/fleetcost/sim"
)

// transfers picks those that a figure is the sum of.
func (x *explainer) transfers(path string) (func(t *sim.Transfer) bool, bool) {
	fromRegistry := func(t *sim.Transfer) bool { return t.From.Kind == sim.AtRegistry || t.From.Kind == sim.AtReplica }
	which, ok := map[string]func(t *sim.Transfer) bool{
		"transfer.delivered_bytes":  func(t *sim.Transfer) bool { return t.To.Kind == sim.AtNodes },
		"transfer.registry_bytes":   func(t *sim.Transfer) bool { return fromRegistry(t) && t.Cause != sim.CausePush },
		"transfer.peer_bytes":       func(t *sim.Transfer) bool { return t.From.Kind == sim.AtPeers },
		"transfer.cache_bytes":      func(t *sim.Transfer) bool { return t.From.Kind == sim.AtCache },
		"registry.replicated_bytes": func(t *sim.Transfer) bool { return t.Cause == sim.CausePush },
	}[path]
	return which, ok
}

// moved explains a sum of transfers: by service, then by layer and cause, then by path.
func (x *explainer) moved(which func(*sim.Transfer) bool) []Term {
	var list []*sim.Transfer
	for i := range x.result.Transfers {
		if t := &x.result.Transfers[i]; which(t) {
			list = append(list, t)
		}
	}
	return grouped(list, func(t *sim.Transfer) string { return x.model.Services[t.Service].Name }, func(name string, list []*sim.Transfer) Term {
		img := x.result.Images[list[0].Service]
		term := Term{Name: name, Why: fmt.Sprintf("%d deploys, %d nodes, an image of %s", img.Deploys, img.Nodes, bytesText(img.Bytes))}
		term.Terms = grouped(list, func(t *sim.Transfer) string { return layerName(x.model, *t) + ", " + string(t.Cause) }, x.layer)
		return term
	})
}

// layer explains what one layer of a service moved for one reason.
func (x *explainer) layer(name string, list []*sim.Transfer) Term {
	term := Term{Name: name, Why: timesText(list) + ": " + causeWords[list[0].Cause]}
	paths := grouped(list, func(t *sim.Transfer) string {
		return fmt.Sprintf("%s > %s, %s", x.model.NameOf(t.From), x.model.NameOf(t.To), t.Class)
	}, func(path string, list []*sim.Transfer) Term { return Term{Name: path, Why: timesText(list)} })
	if len(paths) == 1 {
		term.Why += ", " + paths[0].Name
		return term
	}
	term.Terms = paths
	return term
}

// timesText says how many layers moved, and how large they are where all are alike.
func timesText(list []*sim.Transfer) string {
	times, bytes := int64(0), int64(0)
	for _, t := range list {
		times, bytes = times+t.Layers, bytes+t.Bytes
	}
	if times > 0 && bytes%times == 0 {
		return fmt.Sprintf("%d × %s", times, bytesText(bytes/times))
	}
	if times == 0 {
		return bytesText(bytes) + " of layers whose larger part came another way"
	}
	return fmt.Sprintf("%d layers, %s", times, bytesText(bytes))
}

// causeWords say why a layer moved.
var causeWords = map[sim.Cause]string{
	sim.CauseStart:     "the fleet began empty",
	sim.CauseDeploy:    "a deploy changed it",
	sim.CauseRebuild:   "its base was rebuilt",
	sim.CauseChurn:     "the nodes were new",
	sim.CausePlacement: "an instance came to a node that had none",
	sim.CauseEviction:  "the nodes had thrown it away",
	sim.CauseRestart:   "an instance started where nothing is kept",
	sim.CausePush:      "a version was copied to a replica",
}

// grouped makes a term of each group of transfers, in order of first appearance, the largest first; each
// gets its bytes.
func grouped(list []*sim.Transfer, key func(*sim.Transfer) string, term func(string, []*sim.Transfer) Term) []Term {
	var names []string
	groups := map[string][]*sim.Transfer{}
	for _, t := range list {
		k := key(t)
		if groups[k] == nil {
			names = append(names, k)
		}
		groups[k] = append(groups[k], t)
	}
	var out []Term
	for _, name := range names {
		t := term(name, groups[name])
		bytes := int64(0)
		for _, moved := range groups[name] {
			bytes += moved.Bytes
		}
		t.Value, t.Unit = float64(bytes), Bytes
		out = append(out, t)
	}
	largestFirst(out)
	return out
}

func largestFirst(terms []Term) {
	slices.SortStableFunc(terms, func(a, b Term) int {
		switch {
		case a.Value > b.Value:
			return -1
		case a.Value < b.Value:
			return 1
		}
		return 0
	})
}

// naive explains what a calculator says, service by service.
func (x *explainer) naive() []Term {
	var terms []Term
	rest := x.result.Bounds.Naive
	for i, img := range x.result.Images {
		bytes := img.Deploys * int64(img.Nodes) * img.Bytes
		rest -= bytes
		terms = append(terms, Term{
			Name: x.model.Services[i].Name, Value: float64(bytes), Unit: Bytes,
			Why: fmt.Sprintf("%d deploys × %d nodes × %s", img.Deploys, img.Nodes, bytesText(img.Bytes)),
		})
	}
	largestFirst(terms)
	if rest != 0 {
		terms = append(terms, Term{
			Name: "other", Value: float64(rest), Unit: Bytes,
			Why: "images differ by platform and version, and services run on other numbers of nodes in between",
		})
	}
	return terms
}

// bytesText writes bytes in the largest unit that they fill.
func bytesText(n int64) string {
	for _, u := range []struct {
		name string
		size float64
	}{{"TB", 1e12}, {"GB", 1e9}, {"MB", 1e6}, {"kB", 1e3}} {
		if v := float64(n); v >= u.size || v <= -u.size {
			return fmt.Sprintf("%.2f %s", v/u.size, u.name)
		}
	}
	return fmt.Sprintf("%d B", n)
}
