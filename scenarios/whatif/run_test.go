package whatif

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/fleetcost/fleetcost/registrysize"
	"github.com/fleetcost/fleetcost/scenarios"
	"github.com/fleetcost/fleetcost/sim/price"
)

// builtIn opens a built-in scenario.
func builtIn(t *testing.T, name string) *scenarios.Document {
	t.Helper()
	data, err := scenarios.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	return document(t, string(data))
}

func document(t *testing.T, text string) *scenarios.Document {
	t.Helper()
	doc, err := scenarios.Parse("test.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func mustRun(t *testing.T, doc *scenarios.Document, o Options, sets ...scenarios.Set) *Result {
	t.Helper()
	r, err := Run(context.Background(), doc, sets, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// oneDay makes long scenarios short.
var oneDay = scenarios.Set{Path: "simulate.duration", Value: "1d"}

// TestSumsReconcile checks what users add up: paths make what left registries, that is what arrived, and
// the lines of the bill make the month.
func TestSumsReconcile(t *testing.T) {
	for _, info := range scenarios.Embedded() {
		for _, v := range mustRun(t, builtIn(t, info.Name), Options{}, oneDay).Variants {
			paths, arrived, items, fixed := int64(0), int64(0), price.USD(0), price.USD(0)
			for _, p := range v.Transfer.Paths {
				paths += p.Bytes
				if !strings.ContainsAny(p.To, "/@") { // a cache, a seed and a replica are not nodes
					arrived += p.Bytes
				}
			}
			for _, i := range v.Cost.Items {
				items += i.USD
				if off := math.Abs(i.Quantity*i.Rate*1e6 - float64(i.USD)); off > 1 {
					t.Errorf("%s, %s: %v × %v is %v, off by %v millionths", info.Name, v.Name, i.Quantity, i.Rate, i.USD, off)
				}
				if i.Fixed {
					fixed += i.USD
				}
			}
			if x := v.Transfer; paths != x.RegistryBytes+x.CacheBytes+x.PeerBytes+v.Registry.ReplicatedBytes || arrived != x.DeliveredBytes || paths == 0 {
				t.Errorf("%s, %s: paths %d, registry %d, delivered %d bytes", info.Name, v.Name, paths, x.RegistryBytes, x.DeliveredBytes)
			}
			if c := v.Cost; items != c.Monthly || c.Usage+c.Fixed != c.Monthly || fixed != c.Fixed {
				t.Errorf("%s, %s: items %v, of them fixed %v; usage %v + fixed %v = monthly %v", info.Name, v.Name, items, fixed, c.Usage, c.Fixed, c.Monthly)
			}
			ledgerReconciles(t, info.Name, &v)
			if b := v.Bounds; b.FloorNodeBytes > v.Transfer.DeliveredBytes || b.FloorRegistryBytes > v.Transfer.RegistryBytes {
				t.Errorf("%s, %s: beats its floor: %+v", info.Name, v.Name, b)
			}
		}
	}
}

// TestSameOnAnyNumberOfCores compares results byte for byte.
func TestSameOnAnyNumberOfCores(t *testing.T) {
	poisson := scenarios.Set{Path: "simulate.arrivals", Value: "poisson"}
	for _, name := range []string{"base-choice", "spot-fleet"} {
		doc := builtIn(t, name)
		var outputs []string
		for _, cores := range []int{1, 8} {
			before := runtime.GOMAXPROCS(cores)
			r := mustRun(t, doc, Options{}, oneDay, poisson)
			runtime.GOMAXPROCS(before)
			data, err := json.Marshal(r)
			if err != nil {
				t.Fatal(err)
			}
			outputs = append(outputs, string(data))
		}
		if outputs[0] != outputs[1] {
			t.Errorf("%s differs:\n%s", name, cmp.Diff(outputs[0], outputs[1]))
		}
	}
}

// TestBitsPerSecond checks that the engine's bytes per second become bits.
func TestBitsPerSecond(t *testing.T) {
	r := mustRun(t, document(t, `
version: 1
simulate: {duration: 1d, wireOverhead: 0%}
datacenters: [{name: fra, uplink: 1Gbps, nodes: 2}]
services: [{name: hello, base: scratch, layers: [{name: app, size: 100MB}]}]
`), Options{})
	links := r.Variants[0].Transfer.Links
	i := slices.IndexFunc(links, func(l Link) bool { return l.Name == "fra/uplink" })
	// One deploy a day: both nodes fill the uplink. 200 MB in 300 s would be 5.3 Mbps, but that is one of
	// 288 samples, and 14 are discarded.
	if want := (Link{Name: "fra/uplink", Bytes: 200_000_000, CapacityBPS: 1e9, PeakBPS: 1e9}); i < 0 || links[i] != want {
		t.Errorf("links %+v, want %+v among them", links, want)
	}
}

// counting is a source that knows every image and notes what it is asked.
type counting struct {
	mu    sync.Mutex
	asked []string
}

func (c *counting) Image(_ context.Context, ref, platform string) (registrysize.Image, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.asked = append(c.asked, ref+" "+platform)
	return registrysize.Image{Ref: ref, Platform: platform, Source: "registry", Observed: "2026-01-02",
		Layers: []registrysize.Layer{{Digest: "sha256:" + ref, Bytes: 1000}}}, nil
}

const twoBases = `
version: 1
simulate: {duration: 1d}
datacenters: [{name: fra, nodes: 1}]
services: [{name: hello, base: "alpine:3.24", layers: [{name: app, size: 1MB}]}]
images: [{ref: "own:1", layers: [{size: 5MB}]}]
variants:
  - {name: a}
  - {name: b, set: {services.hello.base: "debian:13"}}
  - {name: c, set: {services.hello.base: "docker.io/library/alpine:3.24"}}
  - {name: d, set: {services.hello.base: "own:1"}}
  - {name: e, set: {sizes.platform: linux/arm64}}
`

// TestEachReferenceOnce checks that variants' references are found together, and none that the scenario
// states itself.
func TestEachReferenceOnce(t *testing.T) {
	source := &counting{}
	r := mustRun(t, document(t, twoBases), Options{Sizes: func(from scenarios.SizesFrom) registrysize.Source {
		if from != scenarios.SizesAuto {
			t.Errorf("source %s, want auto", from)
		}
		return source
	}})
	slices.Sort(source.asked)
	want := []string{
		"docker.io/library/alpine:3.24 linux/amd64", "docker.io/library/alpine:3.24 linux/arm64", "docker.io/library/debian:13 linux/amd64",
	}
	if diff := cmp.Diff(want, source.asked); diff != "" {
		t.Errorf("asked (-want +got):\n%s", diff)
	}
	var images []string
	for _, img := range r.Images {
		images = append(images, fmt.Sprintf("%s %s %s %d", img.Ref, img.Platform, img.Source, img.CompressedBytes))
	}
	want = []string{
		"docker.io/library/alpine:3.24 linux/amd64 registry 1000", "docker.io/library/alpine:3.24 linux/arm64 registry 1000",
		"docker.io/library/debian:13 linux/amd64 registry 1000", "docker.io/library/own:1 linux/amd64 scenario 5000000",
	}
	if diff := cmp.Diff(want, images); diff != "" {
		t.Errorf("images (-want +got):\n%s", diff)
	}
}

// TestProgress checks that every step is told once, in order.
func TestProgress(t *testing.T) {
	var told []Progress
	mustRun(t, document(t, twoBases), Options{
		Sizes:      func(scenarios.SizesFrom) registrysize.Source { return &counting{} },
		OnProgress: func(p Progress) { told = append(told, p) },
	})
	want := []Progress{
		{"sizes", 1, 3}, {"sizes", 2, 3}, {"sizes", 3, 3},
		{"variants", 1, 5}, {"variants", 2, 5}, {"variants", 3, 5}, {"variants", 4, 5}, {"variants", 5, 5},
	}
	if diff := cmp.Diff(want, told); diff != "" {
		t.Errorf("told (-want +got):\n%s", diff)
	}
}

// TestMistakesOfAllVariants checks that what only shows once sizes are known is told for every variant,
// and what variants share once.
func TestMistakesOfAllVariants(t *testing.T) {
	doc := document(t, `version: 1
datacenters: [{name: fra, nodes: 1}]
services:
  - {name: x, image: "alpine:3.24", changedLayers: 2}
  - {name: y, image: "alpine:3.24"}
variants:
  - {name: a}
  - {name: b}
  - {name: c, set: {services.y.changedLayers: 3}}
`)
	_, err := Run(context.Background(), doc, nil, Options{Sizes: func(scenarios.SizesFrom) registrysize.Source { return &counting{} }})
	var wrong scenarios.Errors
	if !errors.As(err, &wrong) {
		t.Fatalf("got %v, want scenarios.Errors", err)
	}
	if len(wrong) != 2 || wrong[0].Line != 4 || !strings.Contains(wrong[1].Msg, "services.y.changedLayers: is 3") {
		t.Errorf("got:\n%v", err)
	}
}

func TestErrors(t *testing.T) {
	doc := document(t, twoBases)
	if _, err := Run(context.Background(), doc, nil, Options{}); err == nil || !strings.Contains(err.Error(), "no source for sizes.from: auto") {
		t.Errorf("without a source: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Run(ctx, builtIn(t, "weave-2015"), nil, Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("interrupted: %v", err)
	}
	failing := func(scenarios.SizesFrom) registrysize.Source { return unreachable{} }
	_, err := Run(context.Background(), doc, nil, Options{Sizes: failing})
	if _, ok := errors.AsType[*registrysize.RegistryError](err); !ok {
		t.Errorf("unreachable: %v", err)
	}
}

type unreachable struct{}

func (unreachable) Image(_ context.Context, ref, _ string) (registrysize.Image, error) {
	return registrysize.Image{}, &registrysize.RegistryError{Ref: ref, Registry: "x", Err: errors.New("down")}
}

// TestDigest tells inputs apart by the file and by every overlay on it.
func TestDigest(t *testing.T) {
	doc := document(t, twoBases)
	a := scenarios.Set{Path: "services.hello.deploysPerDay", Value: "2"}
	b := scenarios.Set{Path: "simulate.start", Value: "cold"}
	seen := map[string]bool{}
	for _, sets := range [][]scenarios.Set{nil, {a}, {b}, {a, b}, {b, a}} {
		d := digest(doc, sets)
		if seen[d] || !strings.HasPrefix(d, "sha256:") || len(d) != 71 || d != digest(doc, sets) {
			t.Errorf("digest of %v is %s", sets, d)
		}
		seen[d] = true
	}
	if digest(doc, nil) != doc.Digest() {
		t.Error("without overlays it is not the file's")
	}
}

// TestPriceOptions checks that what a scenario says of its account reaches the bill. 2 nodes pull 3 MB ten
// times in 10 days: 60 MB × 730 h / 240 h = 182.5 MB = 0.169966 GiB a month from a registry in AWS to own
// hardware. The first 100 GiB of egress are free; beyond them a GiB costs 0.09: 0.015297 dollars.
func TestPriceOptions(t *testing.T) {
	const text = `
version: 1
simulate: {duration: 10d}
registries: [{name: ecr, prefixes: [ecr.example/], location: {provider: aws, region: us-east-1}, keepVersions: 1}]
datacenters: [{name: own, nodes: 2}]
services: [{name: hello, base: scratch, registry: ecr, layers: [{name: app, size: 3MB}]}]
prices: {book: aws}
`
	baseline := scenarios.Set{Path: "prices.baselineGB", Value: "{internet-egress: 100}"}
	overhead := scenarios.Set{Path: "simulate.billedOverhead", Value: "100%"}
	for _, c := range []struct {
		sets []scenarios.Set
		want string
	}{
		{nil, "0.00"},
		{[]scenarios.Set{overhead}, "0.00"},
		{[]scenarios.Set{baseline}, "0.015297"},
		{[]scenarios.Set{baseline, overhead}, "0.030594"},
	} {
		v := mustRun(t, document(t, text), Options{}, c.sets...).Variants[0]
		if got := v.Cost.Usage.String(); got != c.want {
			t.Errorf("with %v the usage costs %s, want %s: %+v", c.sets, got, c.want, v.Cost.Items)
		}
	}
}
