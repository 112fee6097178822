package kubernetes

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/fleetcost/fleetcost/registrysize"
	"github.com/fleetcost/fleetcost/scenarios"
)

// clusterName is the datacenter of nodes that tell no region.
const clusterName = "cluster"

// A site is a datacenter: the nodes of one region.
type site struct {
	name     string
	region   string         // "": not told, or not one of a provider whose prices are known
	provider string         // as the scenario names it
	cloud    string         // the nodes' own word for it; "" for none
	zones    map[string]int // nodes by zone; "": of no known zone
	external int            // nodes with an address on the internet
	nodes    int
	pools    []*pool
}

// A pool is nodes that behave alike.
type pool struct {
	key   poolKey
	name  string
	nodes []*node
}

// A poolKey is what nodes of a pool have in common.
type poolKey struct {
	instanceType     string
	cpus, gib        int64 // 0 where there is an instance type, whose machines differ by some KiB
	platform         string
	spot, serverless bool
	pulls            pulls
}

// pulls is how a node's software pulls, as far as its versions tell.
type pulls struct {
	concurrent int
	scope      scenarios.DownloadScope
	serialize  bool
	keepBlobs  bool
	runtime    string // for the comments
}

// providers are the scenario's names of the clouds whose prices are known, by the scheme of provider IDs.
var providers = map[string]string{
	"aws": "aws", "azure": "azure", "digitalocean": "digitalocean", "gce": "gcp", "hcloud": "hetzner", "linode": "linode",
}

// sites puts nodes into datacenters and pools, in the order of names; at tells by a node's name the index of
// its datacenter.
func (d *Dump) sites() (sites []*site, at map[string]int) {
	byName := map[string]*site{}
	for i := range d.nodes {
		n := &d.nodes[i]
		name := or(nameFrom(n.region), clusterName)
		s := byName[name]
		if s == nil {
			s = &site{name: name, provider: scenarios.ProviderNone, zones: map[string]int{}}
			byName[name] = s
		}
		s.add(n)
	}
	at = map[string]int{}
	for i, name := range slices.Sorted(maps.Keys(byName)) {
		s := byName[name]
		s.finish()
		sites = append(sites, s)
		for _, p := range s.pools {
			for _, n := range p.nodes {
				at[n.name] = i
			}
		}
	}
	return sites, at
}

func (s *site) add(n *node) {
	s.nodes++
	s.zones[n.zone]++
	if n.external {
		s.external++
	}
	if n.provider != "" {
		s.cloud = n.provider
	}
	if p := providers[n.provider]; scenarios.IsRegion(p, n.region) {
		s.provider, s.region = p, n.region
	}
	key := keyOf(n)
	for _, p := range s.pools {
		if p.key == key {
			p.nodes = append(p.nodes, n)
			return
		}
	}
	s.pools = append(s.pools, &pool{key: key, nodes: []*node{n}})
}

func keyOf(n *node) poolKey {
	key := poolKey{
		instanceType: n.instanceType, platform: platform(n.platform), spot: n.spot, serverless: n.serverless, pulls: n.pulls(),
	}
	if key.instanceType == "" {
		const gib = 1 << 30
		key.cpus, key.gib = n.cpus, (n.memory+gib/2)/gib
	}
	return key
}

// platform writes a platform as registries do; what is none is linux/amd64.
func platform(text string) string {
	if p, err := registrysize.NormalizePlatform(text); err == nil {
		return p
	}
	return "linux/amd64"
}

// pulls tells how a node pulls: containerd before 2.1 and CRI-O limit the downloads of an image, containerd
// from 2.1 on and dockerd those of a node; CRI-O's limit is 6 (containers/image, copy), the others' 3. EKS on
// Amazon Linux 2023 and Bottlerocket pull images side by side. EKS on Amazon Linux 2023, Talos and kind
// discard blobs that were unpacked, and dockerd keeps none before 29.
func (n *node) pulls() pulls {
	eks2023 := strings.Contains(n.kubelet, "-eks-") && strings.HasPrefix(n.osImage, "Amazon Linux 2023")
	p := pulls{concurrent: 3, scope: scenarios.ScopeNode, serialize: true, keepBlobs: true, runtime: n.runtime}
	p.serialize = !eks2023 && !strings.HasPrefix(n.osImage, "Bottlerocket")
	switch n.runtime {
	case "containerd":
		if !atLeast(n.version, 2, 1) {
			p.scope = scenarios.ScopeImage
		}
		p.keepBlobs = !eks2023 && !strings.HasPrefix(n.osImage, "Talos") && n.provider != "kind"
	case "cri-o":
		p.scope, p.concurrent = scenarios.ScopeImage, 6
	case "docker":
		p.keepBlobs = atLeast(n.version, 29, 0)
	}
	return p
}

// finish orders and names the pools, of equal names the largest first.
func (s *site) finish() {
	slices.SortStableFunc(s.pools, func(a, b *pool) int {
		return cmp.Or(strings.Compare(a.key.base(), b.key.base()), cmp.Compare(len(b.nodes), len(a.nodes)), strings.Compare(fmt.Sprint(a.key), fmt.Sprint(b.key)))
	})
	taken := map[string]bool{}
	for _, p := range s.pools {
		slices.SortFunc(p.nodes, func(a, b *node) int { return strings.Compare(a.name, b.name) })
		p.name = unique(p.key.base(), taken)
	}
}

// base is a pool's name, before it is made unique.
func (k *poolKey) base() string {
	name := nameFrom(k.instanceType)
	if name == "" {
		arch := strings.ReplaceAll(k.platform[strings.Index(k.platform, "/")+1:], "/", "-")
		if name = arch; k.cpus > 0 {
			name = fmt.Sprintf("%s-%dcpu-%dgib", arch, k.cpus, k.gib)
		}
	}
	if k.spot {
		name += "-spot"
	}
	if k.serverless {
		name += "-serverless"
	}
	return name
}

// maxName is how long the scenario's names may be.
const maxName = 200

// nameFrom makes a text one that may be a name in a scenario: letters, digits, dots, underscores and
// hyphens, a letter or digit first. It is "" where nothing is left.
func nameFrom(text string) string {
	name := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '.', r == '_', r == '-':
			return r
		}
		return '-'
	}, text)
	name = strings.TrimLeft(name, "._-")
	return name[:min(len(name), maxName)]
}

// unique adds a number to a name that is taken, and takes it.
func unique(name string, taken map[string]bool) string {
	free := name
	for i := 2; taken[free]; i++ {
		free = fmt.Sprintf("%s-%d", name, i)
	}
	taken[free] = true
	return free
}
