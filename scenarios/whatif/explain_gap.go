package whatif

import (
	"fmt"

	"github.com/fleetcost/fleetcost/sim"
)

// gap goes from what a calculator says to what was delivered, term by term: what deploys did not have to
// move, and what moved without any.
func (x *explainer) gap() Term {
	var base, kept, changed, history int64 // naive bytes of layers, less what deploys and rebuilds moved of them
	for i := range x.model.Services {
		s, img := &x.model.Services[i], x.result.Images[i]
		each := img.Deploys * int64(img.Nodes)
		if s.Versions != nil {
			history += each * img.Bytes
			continue
		}
		for _, l := range x.baseLayers(s) {
			base += each * l.Bytes
		}
		for _, l := range s.Layers[0] {
			if l.Change == sim.OnDeploy {
				changed += each * l.Bytes
			} else {
				kept += each * l.Bytes
			}
		}
	}
	naive := x.result.Bounds.Naive
	other := naive - base - kept - changed - history
	extra := map[sim.Cause]int64{}
	for i := range x.result.Transfers {
		t := &x.result.Transfers[i]
		if t.To.Kind != sim.AtNodes {
			continue
		}
		if t.Cause != sim.CauseDeploy && t.Cause != sim.CauseRebuild {
			extra[t.Cause] += t.Bytes
			continue
		}
		*x.share(t, &base, &kept, &changed, &history) -= t.Bytes
	}
	term := Term{Name: Gap, Value: float64(x.result.Delivered - naive), Unit: Bytes}
	term.Why = fmt.Sprintf("a calculator says %s, %s were delivered", bytesText(naive), bytesText(x.result.Delivered))
	add := func(name string, bytes int64, why string) {
		if bytes != 0 {
			term.Terms = append(term.Terms, Term{Name: name, Value: float64(bytes), Unit: Bytes, Why: why})
		}
	}
	add("bases", -base, "nodes had the base: it moves when it is rebuilt, not with every deploy")
	add("own layers that deploys leave alone", -kept, "nodes had them: they move when they change, or when the base below does")
	add("own layers that deploys change", -changed, "not every node fetched every version: it was overtaken, or already there")
	add("layers that versions share", -history, "nodes had them from the version before")
	add("other images", -other, "images differ by platform and version, and services run on other numbers of nodes in between")
	for _, cause := range []sim.Cause{sim.CauseStart, sim.CauseChurn, sim.CausePlacement, sim.CauseEviction, sim.CauseRestart} {
		add(string(cause), extra[cause], "moved without a deploy: "+causeWords[cause])
	}
	return term
}

// baseLayers are those of a service's base, on the first platform.
func (x *explainer) baseLayers(s *sim.Service) []sim.Layer {
	if s.Base < 0 || len(x.model.Bases[s.Base].Layers) == 0 {
		return nil
	}
	return x.model.Bases[s.Base].Layers[0]
}

// share finds which of the sums a transfer belongs to.
func (x *explainer) share(t *sim.Transfer, base, kept, changed, history *int64) *int64 {
	s := &x.model.Services[t.Service]
	if s.Versions != nil {
		return history
	}
	if _, ofBase := x.model.Layer(*t); ofBase {
		return base
	}
	own := t.Layer
	if s.Base >= 0 && t.Platform < len(x.model.Bases[s.Base].Layers) {
		own -= len(x.model.Bases[s.Base].Layers[t.Platform])
	}
	if s.Layers[t.Platform][own].Change == sim.OnDeploy {
		return changed
	}
	return kept
}
