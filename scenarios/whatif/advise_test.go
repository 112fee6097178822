package whatif

import (
	"slices"
	"strings"
	"testing"

	"github.com/fleetcost/fleetcost/registrysize"
	"github.com/fleetcost/fleetcost/scenarios"
)

// advisable has something for every lever: services on two bases that are rebuilt, NAT before a registry of
// the region, and nodes that throw blobs away.
const advisable = `version: 1
name: advisable
simulate: {duration: 20d}
sizes: {from: catalog}
registries: [{name: ecr, prefixes: [ecr.example/], location: {provider: aws, region: us-east-1}}]
datacenters:
  - name: iad
    provider: aws
    region: us-east-1
    zones: 3
    egress: nat
    pools: [{name: p, nodes: 12, keepBlobs: false, replace: {every: 5d}}]
services:
  - {name: a, base: "debian:13", baseRebuild: 5d, registry: ecr, layers: [{name: deps, size: 30MB, changes: never}, {name: app, size: 3MB}]}
  - {name: b, base: "debian:13", baseRebuild: 5d, registry: ecr, layers: [{name: app, size: 3MB}]}
  - {name: c, base: "ubuntu:26.04", baseRebuild: 5d, registry: ecr, layers: [{name: app, size: 3MB}]}
`

func advised(t *testing.T, doc *scenarios.Document, sets ...scenarios.Set) *Advice {
	t.Helper()
	a, err := Advise(t.Context(), doc, sets, "", Options{Sizes: func(scenarios.SizesFrom) registrysize.Source { return registrysize.Catalog() }})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// TestAdviseKnowsItsLevers finds each of them, and those that must help here among those worth it.
func TestAdviseKnowsItsLevers(t *testing.T) {
	a := advised(t, document(t, advisable))
	all := slices.Concat(a.Levers, a.Refused)
	for name, worth := range map[string]bool{
		"debian:13-slim in place of debian:13":             true,
		"alpine:3.24 in place of ubuntu:26.04":             false, // or not: c alone stands on it, so its size decides
		"one base for all services: debian:13":             true,
		"rebase: keep":                                     true,
		"every other rebuild of the base":                  true,
		"blobs kept after unpacking":                       false, // bytes only where a base is rebuilt under a layer that keeps its blob
		"private endpoints in place of NAT":                true,
		"one NAT gateway a datacenter":                     true,
		"a pull-through cache in every datacenter (distri": true,
		"peers: nodes serve each other (dragonfly)":        false, // their bytes cross zones, which costs
		"peers: nodes serve each other (spegel)":           false,
	} {
		i := slices.IndexFunc(all, func(l Lever) bool { return strings.HasPrefix(l.Name, name) })
		if i < 0 {
			t.Errorf("%s was not tried", name)
			continue
		}
		if worth && !all[i].Worth {
			t.Errorf("%s is not worth it: %s, %+v after %+v", name, all[i].Reason, all[i].Then, a.Now)
		}
		if all[i].Caveat == "" {
			t.Errorf("%s has no caveat", name)
		}
	}
	for i, l := range a.Levers[1:] {
		if last := a.Levers[i]; !last.Worth && l.Worth || last.Worth && l.Worth && l.Then.Cost < last.Then.Cost {
			t.Errorf("%s comes after %s", l.Name, last.Name)
		}
	}
}

// TestAdviseEndpoint, by hand: three NAT gateways cost 3 × 0.045 × 730 = 98.55 dollars; two interfaces in each
// of three zones, 6 × 0.01 × 730 = 43.80.
func TestAdviseEndpoint(t *testing.T) {
	a := advised(t, document(t, advisable))
	i := slices.IndexFunc(a.Levers, func(l Lever) bool { return strings.HasPrefix(l.Name, "private endpoints") })
	if l := a.Levers[i]; a.Now.Cost < 98.55 || l.Then.Cost < 43.80 || l.Then.Cost > 45 || l.Overlay != "set: {datacenters.iad.egress: endpoint}" {
		t.Errorf("from %v: %+v", a.Now.Cost, l)
	}
	// Where images come from Docker Hub, endpoints do not lead there.
	a = advised(t, document(t, strings.ReplaceAll(advisable, ", registry: ecr", ", registry: hub")), scenarios.Set{Path: "registries", Value: "[{name: hub, prefixes: [docker.io/]}]"})
	if !slices.ContainsFunc(a.Refused, func(l Lever) bool { return strings.HasPrefix(l.Name, "private endpoints") && l.Reason != "" }) {
		t.Errorf("refused: %+v", a.Refused)
	}
}

// TestAdviseStandsItsDiff holds every lever to a diff of the scenario without and with it as a variant of the
// file: what is recommended makes nothing worse, and what was measured is what the overlay does.
func TestAdviseStandsItsDiff(t *testing.T) {
	docs := map[string]*scenarios.Document{"advisable": document(t, advisable)}
	for _, info := range scenarios.Embedded() {
		docs[info.Name] = builtIn(t, info.Name)
	}
	for name, doc := range docs {
		short := scenarios.Set{Path: "simulate.duration", Value: "2d"}
		if name == "spot-fleet" {
			short.Value = "4h" // 400 nodes, 25 services and 10 variants
		}
		a := advised(t, doc, short)
		options := Options{Sizes: func(scenarios.SizesFrom) registrysize.Source { return registrysize.Catalog() }}
		base := mustRun(t, doc, options, short)
		recommended := 0
		for _, l := range a.Levers {
			if !l.Worth {
				continue
			}
			recommended++
			sets := []scenarios.Set{short}
			for _, text := range l.Sets {
				set, err := scenarios.ParseSet(text)
				if err != nil {
					t.Fatal(err)
				}
				sets = append(sets, set)
			}
			d, err := Compare(base, mustRun(t, doc, options, sets...), nil)
			if err != nil {
				t.Fatal(err)
			}
			i := slices.IndexFunc(d.Variants, func(v VariantDiff) bool { return v.Name == a.Variant })
			for _, c := range d.Variants[i].Changes {
				judged := c.Figure == "cost.monthly" || c.Figure == "transfer.registry_bytes" || c.Figure == "rollouts.seconds.p95"
				if judged && c.Change > 0 {
					t.Errorf("%s: %s is recommended, and its diff shows %+v", name, l.Name, c)
				}
			}
			if !d.Variants[i].Changed() {
				t.Errorf("%s: %s is recommended and changes nothing", name, l.Name)
			}
		}
		t.Logf("%s: %d of %d levers recommended, %d refused", name, recommended, len(a.Levers), len(a.Refused))
	}
}

// TestAdviseOverlays puts every overlay into the file as a variant, which must do what was measured.
func TestAdviseOverlays(t *testing.T) {
	a := advised(t, document(t, advisable))
	text := advisable + "variants:\n"
	for i, l := range a.Levers {
		text += "  - {name: v" + string(rune('a'+i/26)) + string(rune('a'+i%26)) + ", " + l.Overlay + "}\n"
	}
	r := mustRun(t, document(t, text), Options{})
	for i, l := range a.Levers {
		if got := dollars(r.Variants[i].Cost.Monthly); got != l.Then.Cost {
			t.Errorf("%s: %s costs %v, want %v", l.Name, l.Overlay, got, l.Then.Cost)
		}
	}
}
