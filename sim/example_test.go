package sim_test

import (
	"context"
	"fmt"

	"github.com/fleetcost/fleetcost/sim"
)

// Ten nodes hold a service of a 50 MB base and a 3 MB application that is deployed once a day.
func Example() {
	m := &sim.Model{
		Duration:   30 * 86400,
		Registries: []sim.Registry{{Name: "hub"}},
		Datacenters: []sim.Datacenter{{
			Name: "fra", Zones: 1,
			Pools: []sim.Pool{{Name: "default", Nodes: 10, NIC: 125e6, Slots: 3, KeepBlobs: true}},
		}},
		Bases: []sim.Base{{Ref: "debian:13", Layers: [][]sim.Layer{{{Digest: "sha256:base", Bytes: 50e6}}}}},
		Services: []sim.Service{{
			Name: "hello", Base: 0, PerNode: 1, Instances: []int{10}, DeployInterval: 86400,
			Layers:   [][]sim.OwnLayer{{{Layer: sim.Layer{Digest: "app", Bytes: 3e6}, Change: sim.OnDeploy}}},
			MaxSurge: sim.Amount{Default: true}, MaxUnavailable: sim.Amount{Default: true},
		}},
	}
	r, err := sim.Run(context.Background(), m)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("a calculator says %d MB, %d MB really move\n", r.Bounds.Naive/1e6, r.Delivered/1e6)
	// Output: a calculator says 15900 MB, 900 MB really move
}
