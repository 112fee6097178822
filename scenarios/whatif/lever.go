package whatif

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/fleetcost/fleetcost/registrysize"
	"github.com/fleetcost/fleetcost/scenarios"
)

// A lever is a change that is known to help somewhere.
type lever struct {
	name   string
	caveat string // what the figures do not show
	sets   []scenarios.Set
}

func (l *lever) set(path, value string) {
	l.sets = append(l.sets, scenarios.Set{Path: path, Value: value})
}

// levers lists what may help a scenario. Whether it does, and whether the scenario allows it, only a run
// shows.
func levers(s *scenarios.Scenario) []lever {
	var out []lever
	out = append(out, baseLevers(s)...)
	for _, l := range []lever{alignedBases(s), keptLayers(s), fewerRebuilds(s), keptBlobs(s), endpoints(s), oneGateway(s)} {
		if len(l.sets) > 0 {
			out = append(out, l)
		}
	}
	for _, kind := range []scenarios.CacheKind{scenarios.CacheDistribution, scenarios.CacheZot} {
		out = append(out, lever{
			name: "a pull-through cache in every datacenter (" + string(kind) + ")", caveat: "the cache's machine and disk are not priced",
			sets: []scenarios.Set{{Path: "datacenters.*.cache", Value: "{kind: " + string(kind) + "}"}},
		})
	}
	for _, kind := range []scenarios.P2PKind{scenarios.P2PSpegel, scenarios.P2PDragonfly} {
		out = append(out, lever{
			name: "peers: nodes serve each other (" + string(kind) + ")", caveat: "what runs on the nodes for it is not priced",
			sets: []scenarios.Set{{Path: "datacenters.*.p2p", Value: "{kind: " + string(kind) + "}"}},
		})
	}
	return out
}

// baseLevers put each base, or whole image, on each of its kin in the catalog.
func baseLevers(s *scenarios.Scenario) []lever {
	var out []lever
	for _, ref := range usedBases(s) {
		full, err := registrysize.Normalize(ref)
		if err != nil {
			continue // scratch
		}
		for _, kin := range registrysize.Kin(full) {
			short := strings.TrimPrefix(kin, "docker.io/library/")
			l := lever{
				name:   short + " in place of " + ref,
				caveat: "its packages and its C library may differ; that it is rebuilt as often is assumed",
			}
			l.sets = eachService(s, short, func(v *scenarios.Service) string {
				switch ref {
				case v.Base:
					return "base"
				case v.Image:
					return "image"
				}
				return ""
			})
			out = append(out, l)
		}
	}
	return out
}

// usedBases lists the bases and images of services, in their order, none twice.
func usedBases(s *scenarios.Scenario) []string {
	var out []string
	for i := range s.Services {
		for _, ref := range []string{s.Services[i].Base, s.Services[i].Image} {
			if ref != "" && ref != scenarios.Scratch && !slices.Contains(out, ref) {
				out = append(out, ref)
			}
		}
	}
	return out
}

// eachService sets a key of those services for which key is not "": with * where it is the same one of all.
func eachService(s *scenarios.Scenario, value string, key func(*scenarios.Service) string) []scenarios.Set {
	var sets []scenarios.Set
	all := true
	for i := range s.Services {
		v := &s.Services[i]
		k := key(v)
		all = all && k != "" && k == key(&s.Services[0])
		if k != "" {
			sets = append(sets, scenarios.Set{Path: "services." + v.Name + "." + k, Value: value})
		}
	}
	if all && len(sets) > 1 {
		return []scenarios.Set{{Path: "services.*." + key(&s.Services[0]), Value: value}}
	}
	return sets
}

// alignedBases puts every service on the base that most of them stand on.
func alignedBases(s *scenarios.Scenario) lever {
	counts := map[string]int{}
	most := ""
	for i := range s.Services {
		base := s.Services[i].Base
		if counts[base]++; base != "" && base != scenarios.Scratch && counts[base] > counts[most] {
			most = base
		}
	}
	l := lever{name: "one base for all services: " + most, caveat: "its packages and its C library may differ"}
	for i := range s.Services {
		if v := &s.Services[i]; v.Base != "" && v.Base != scenarios.Scratch && v.Base != most {
			l.set("services."+v.Name+".base", most)
		}
	}
	return l
}

// keptLayers let own layers keep their digests over a rebuilt base.
func keptLayers(s *scenarios.Scenario) lever {
	l := lever{name: "rebase: keep, own layers built by COPY --link", caveat: "only layers that need nothing of what is below them can be linked"}
	for i := range s.Services {
		v := &s.Services[i]
		rebuilt := slices.ContainsFunc(v.Layers, func(layer scenarios.Layer) bool { return layer.Rebase == scenarios.RebaseRebuild })
		if v.BaseRebuild > 0 && rebuilt {
			l.set("services."+v.Name+".layers.*.rebase", "keep")
		}
	}
	return l
}

// fewerRebuilds takes up every other rebuild of a base.
func fewerRebuilds(s *scenarios.Scenario) lever {
	l := lever{name: "every other rebuild of the base", caveat: "security fixes of the base come later"}
	for i := range s.Services {
		if v := &s.Services[i]; v.BaseRebuild > 0 {
			l.set("services."+v.Name+".baseRebuild", inDays(2*float64(v.BaseRebuild)))
		}
	}
	return l
}

// keptBlobs keep layers on nodes after they were unpacked.
func keptBlobs(s *scenarios.Scenario) lever {
	l := lever{name: "blobs kept after unpacking (discard_unpacked_layers = false)", caveat: "nodes need more disk"}
	eachPool(s, func(path string, p *scenarios.Pool) {
		if !p.KeepBlobs {
			l.set(path+".keepBlobs", "true")
		}
	})
	return l
}

// eachPool goes through the pools that a file states; pools of a shorthand cannot be set.
func eachPool(s *scenarios.Scenario, do func(path string, p *scenarios.Pool)) {
	for i := range s.Datacenters {
		for j := range s.Datacenters[i].Pools {
			if s.Stated(fmt.Sprintf("datacenters[%d].pools[%d]", i, j)) {
				do("datacenters."+s.Datacenters[i].Name+".pools."+s.Datacenters[i].Pools[j].Name, &s.Datacenters[i].Pools[j])
			}
		}
	}
}

// endpoints take the way to the cloud's registries off NAT.
func endpoints(s *scenarios.Scenario) lever {
	l := lever{name: "private endpoints in place of NAT", caveat: "other traffic may need the NAT gateways all the same"}
	for i := range s.Datacenters {
		if d := &s.Datacenters[i]; d.Egress == scenarios.EgressNAT {
			l.set("datacenters."+d.Name+".egress", "endpoint")
			if d.NATGateways > 0 {
				l.set("datacenters."+d.Name+".natGateways", "null")
			}
		}
	}
	return l
}

// oneGateway shares one NAT gateway among a datacenter's zones.
func oneGateway(s *scenarios.Scenario) lever {
	l := lever{name: "one NAT gateway a datacenter", caveat: "where its zone fails, no node reaches the outside"}
	for i := range s.Datacenters {
		if d := &s.Datacenters[i]; d.Egress == scenarios.EgressNAT && d.Zones > 1 && d.NATGateways != 1 {
			l.set("datacenters."+d.Name+".natGateways", "1")
		}
	}
	return l
}

// inDays writes seconds as days where they are whole ones.
func inDays(seconds float64) string {
	const day = 86400
	if math.Mod(seconds, day) == 0 {
		return strconv.FormatFloat(seconds/day, 'f', -1, 64) + "d"
	}
	return strconv.FormatFloat(seconds, 'f', -1, 64) + "s"
}
