package sim

import (
	"slices"
	"testing"
)

// TestBounds puts generated fleets, with every part of the model switched on, between the two figures beside them:
//   - no less comes to nodes, and leaves registries, than the floors (checkSums, of every run there is);
//   - what deploys and rebuilds move to nodes is no more than naive, deploys × nodes × whole image: at most one pull of each
//     version by each node that a deploy lays its instances on. What comes on top of that a calculator does not know, and its
//     causes say what it is: an empty start, churn, placement, eviction and restarts.
//
// Placement and eviction belong to deploys too, where it was a deploy that laid an instance on the node; and so does what a deploy
// starts on nodes that keep nothing. Only when a pool's nodes come and go by the clock do instances move without one. So where
// there is no autoscaling and nothing restarts on ephemeral nodes, all but the start and churn is within naive.
//
// A rollout that is under way when nodes come or go begins again on those that are there then, which are others than were counted when it
// began. So of autoscaled fleets the claim is that no node pulls a version twice for a deploy; and of ephemeral nodes that are scaled, none:
// their instances all start again.
func TestBounds(t *testing.T) {
	const least = 100
	tight := 0
	for seed := range max(least, *seeds) {
		m := randomModel(*from + seed)
		r := mustRun(t, m)
		got := causes(r)
		switch {
		case moves(m) && keepsNothing(m):
		case moves(m):
			atMost(t, "deploys and rebuilds", got[CauseDeploy]+got[CauseRebuild], everywhere(m, r))
		default:
			atMost(t, "deploys and rebuilds", got[CauseDeploy]+got[CauseRebuild], r.Bounds.Naive)
		}
		if !moves(m) && !restarts(m) {
			tight++
			atMost(t, "all that deploys bring", r.Delivered-got[CauseStart]-got[CauseChurn], r.Bounds.Naive)
		}
		if t.Failed() {
			t.Fatalf("seed %d", *from+seed)
		}
	}
	if tight < least/4 {
		t.Errorf("only %d fleets without autoscaling and restarts", tight)
	}
}

// everywhere sums the deploys of every service, each with its largest image on every node there can be.
func everywhere(m *Model, r *Result) int64 {
	sum := int64(0)
	for i := range m.Services {
		image := int64(0)
		for _, v := range m.Services[i].Versions {
			for _, layers := range v {
				image = max(image, total(layers))
			}
		}
		for platform, own := range m.Services[i].Layers {
			bytes := int64(0)
			if b := m.Services[i].Base; b >= 0 && platform < len(m.Bases[b].Layers) {
				bytes = total(m.Bases[b].Layers[platform])
			}
			for _, l := range own {
				bytes += l.Bytes
			}
			image = max(image, bytes)
		}
		for d := range m.Datacenters {
			if m.Services[i].Instances[d] > 0 {
				sum += r.Images[i].Deploys * image * int64(m.Datacenters[d].Nodes())
			}
		}
	}
	return sum
}

func total(layers []Layer) int64 {
	sum := int64(0)
	for _, l := range layers {
		sum += l.Bytes
	}
	return sum
}

// moves says whether nodes come and go by the clock, keepsNothing whether some are ephemeral, restarts whether instances start again.
func moves(m *Model) bool { return anyPool(m, func(p *Pool) bool { return p.Autoscale != nil }) }

func keepsNothing(m *Model) bool { return anyPool(m, func(p *Pool) bool { return p.Ephemeral }) }

func anyPool(m *Model, is func(*Pool) bool) bool {
	for i := range m.Datacenters {
		for k := range m.Datacenters[i].Pools {
			if is(&m.Datacenters[i].Pools[k]) {
				return true
			}
		}
	}
	return false
}

func restarts(m *Model) bool {
	return slices.ContainsFunc(m.Services, func(s Service) bool { return s.RestartsPerDay > 0 })
}
