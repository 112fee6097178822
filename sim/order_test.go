package sim

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// A shuffle is new places for registries, datacenters and services: what was at i is at the i-th entry.
type shuffle struct{ registries, datacenters, services []int }

// moved puts list[i] at place to[i].
func moved[T any](list []T, to []int) []T {
	out := slices.Clone(list)
	for i, x := range list {
		out[to[i]] = x
	}
	return out
}

// of makes the same fleet in another order.
func (x shuffle) of(m *Model) *Model {
	out := *m
	for i := range m.Registries {
		r := m.Registries[i]
		r.Location.Datacenter = x.datacenters[r.Location.Datacenter]
		r.Replicas = slices.Clone(r.Replicas)
		for k := range r.Replicas {
			r.Replicas[k] = x.datacenters[r.Replicas[k]]
		}
		if i == 0 {
			out.Registries = slices.Clone(m.Registries)
		}
		out.Registries[x.registries[i]] = r
	}
	out.Datacenters = moved(m.Datacenters, x.datacenters)
	out.Services = moved(m.Services, x.services)
	for i := range out.Services {
		s := &out.Services[i]
		s.Registry, s.Instances = x.registries[s.Registry], moved(s.Instances, x.datacenters)
	}
	return &out
}

// result names what a result names as it would be named in the other order.
func (x shuffle) result(r *Result) *Result {
	out := *r
	out.Transfers = slices.Clone(r.Transfers)
	for i := range out.Transfers {
		t := &out.Transfers[i]
		t.Service, t.From, t.To = x.services[t.Service], x.end(t.From), x.end(t.To)
	}
	slices.SortFunc(out.Transfers, func(a, b Transfer) int {
		return cmp.Or(compareEnds(a.From, b.From), compareEnds(a.To, b.To), cmp.Compare(a.Class, b.Class),
			cmp.Compare(a.Service, b.Service), cmp.Compare(a.Platform, b.Platform), cmp.Compare(a.Layer, b.Layer), cmp.Compare(a.Cause, b.Cause))
	})
	out.Storage, out.Images = moved(r.Storage, x.registries), moved(r.Images, x.services)
	return &out
}

func (x shuffle) end(e End) End {
	if e.Kind != AtRegistry {
		e.Datacenter = x.datacenters[e.Datacenter]
	}
	if e.Kind == AtRegistry || e.Kind == AtReplica {
		e.Registry = x.registries[e.Registry]
	}
	return e
}

func compareOrders(t *testing.T, seed uint64, m *Model, x shuffle) {
	t.Helper()
	want, got := x.result(mustRun(t, m)), mustRun(t, x.of(m))
	if diff := gocmp.Diff(want, got, cmpopts.IgnoreFields(Result{}, "Stats"), cmpopts.EquateEmpty(), gocmp.Comparer(close9)); diff != "" {
		t.Fatalf("seed %d: in one order (-) and in another (+):\n%s", seed, diff)
	}
}

// The order in which a model lists registries and datacenters shows in nothing but the indices of its result. Only a service that
// goes from one datacenter to the next minds theirs.
func TestOrderOfRegistriesAndDatacenters(t *testing.T) {
	eachSeed(t, 2, func(t *testing.T, seed uint64) {
		m := randomModel(seed)
		for i := range m.Services {
			m.Services[i].Sequential = false
		}
		dice := rand.New(rand.NewPCG(seed, 5))
		x := shuffle{dice.Perm(len(m.Registries)), dice.Perm(len(m.Datacenters)), identical(len(m.Services))}
		compareOrders(t, seed, m, x)
	})
}

// The order of services shows where the model says so: regular deploys take turns, spread and packed services stand one after
// another, and a node pulls its services' images in their order. Where deploys have times of their own and services stand on
// every node, or where lots are drawn, it does not show. Nodes neither come nor go here, nor throw anything away, and
// caches, which begin with their services' layers in that order, have room for all.
func TestOrderOfServices(t *testing.T) {
	eachSeed(t, 2, func(t *testing.T, seed uint64) {
		m := randomModel(seed)
		dice := rand.New(rand.NewPCG(seed, 6))
		m.Cold = false
		for i := range m.Datacenters {
			d := &m.Datacenters[i]
			if d.Cache != nil {
				d.Cache.Disk = 0
			}
			for k := range d.Pools {
				p := &d.Pools[k]
				p.Replace, p.Autoscale, p.ImageDisk = 0, nil, 0
			}
		}
		for i := range m.Services {
			s := &m.Services[i]
			if s.Workload != DaemonSet && s.Placement != Random && s.PerNode == 0 {
				s.PerNode = 1
				for d := range s.Instances {
					s.Instances[d] = m.Datacenters[d].Nodes()
				}
			}
			s.DeployWindows, s.DeployTimes = nil, nil
			for range dice.IntN(6) {
				s.DeployTimes = append(s.DeployTimes, m.Duration*dice.Float64())
			}
			slices.Sort(s.DeployTimes)
			if s.DeployTimes == nil {
				s.DeployInterval = 0
			}
		}
		x := shuffle{identical(len(m.Registries)), identical(len(m.Datacenters)), dice.Perm(len(m.Services))}
		compareOrders(t, seed, m, x)
	})
}

func identical(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}
