package kubernetes

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/fleetcost/fleetcost/registrysize"
)

const (
	byDefault  = "default"
	notTold    = "default: a dump does not tell"
	gigabyte   = 1e9
	maxZones   = 100
	leastImage = 1 // GB; the smallest disk that a scenario may say
)

// platform is the one of most nodes.
func (w *writer) platform() (platform, comment string) {
	nodes := map[string]int{}
	for _, s := range w.sites {
		for _, p := range s.pools {
			nodes[p.key.platform] += len(p.nodes)
		}
	}
	best := slices.MaxFunc(slices.Sorted(maps.Keys(nodes)), func(a, b string) int { return cmp.Compare(nodes[a], nodes[b]) })
	return best, fmt.Sprintf("%d of %s", nodes[best], plural(len(w.dump.nodes), "node"))
}

// registries are those whose place their host's name tells; others are on the internet, as by default.
func (w *writer) registries() []*block {
	hosts := map[string]bool{}
	for _, i := range w.images {
		hosts[registrysize.Host(i.ref)] = true
	}
	var list []*block
	taken := map[string]bool{}
	for _, host := range sortedKeys(hosts) {
		place, ok := placeOf(host)
		if !ok {
			continue
		}
		location := newBlock()
		location.text("provider", place.provider, "")
		location.text("region", place.region, "")
		b := newBlock()
		b.text("name", unique(place.registry+"-"+place.region, taken), "the host of its images")
		b.list("prefixes", []string{w.names.host(host) + "/"}, "")
		b.flow("location", location, "the host of its images")
		list = append(list, b)
	}
	return list
}

func (w *writer) datacenters(platform string) []*block {
	var list []*block
	for _, s := range w.sites {
		b := newBlock()
		from := "the region that its nodes' labels or provider IDs tell"
		if s.name == clusterName {
			from = byDefault + ": its nodes tell no region"
		}
		b.text("name", w.names.site(s), from)
		switch {
		case s.region != "":
			b.text("provider", s.provider, "the scheme of its nodes' provider IDs")
			b.text("region", s.region, "its nodes' labels or provider IDs")
		case s.cloud != "":
			b.text("provider", s.provider, byDefault+": no price book is known for "+clip(s.cloud))
		default:
			b.text("provider", s.provider, byDefault+": its nodes have no provider IDs")
		}
		s.writeZones(b)
		b.plain("uplink", "10Gbps", notTold)
		switch {
		case s.region == "":
			b.text("egress", "direct", notTold)
		case s.external == 0:
			b.text("egress", "nat", "no node has an address on the internet")
		default:
			b.text("egress", "direct", fmt.Sprintf("%d of %s have an address on the internet", s.external, plural(s.nodes, "node")))
		}
		var pools []*block
		for _, p := range s.pools {
			pools = append(pools, w.pool(s, p, platform))
		}
		b.blocks("pools", pools)
		list = append(list, b)
	}
	return list
}

// writeZones writes how many zones a datacenter's nodes are in, and how many nodes are in each.
func (s *site) writeZones(b *block) {
	zones := slices.DeleteFunc(sortedKeys(s.zones), func(z string) bool { return z == "" })
	if len(zones) == 0 {
		b.plain("zones", "1", byDefault+": its nodes tell no zone")
		return
	}
	var counts []string
	for _, z := range zones[:min(len(zones), 10)] {
		counts = append(counts, strconv.Itoa(s.zones[z]))
	}
	b.plain("zones", strconv.Itoa(min(len(zones), maxZones)), "its nodes' labels; nodes in each: "+strings.Join(counts, ", "))
}

func (w *writer) pool(s *site, p *pool, platform string) *block {
	b := newBlock()
	from := "architecture and capacity"
	if p.key.instanceType != "" {
		from = "the instance type of its nodes' labels"
	}
	b.text("name", w.names.pool(s, p), from)
	b.plain("nodes", strconv.Itoa(len(p.nodes)), "counted")
	if p.key.platform != platform {
		b.text("platform", p.key.platform, "its nodes' own word")
	}
	if p.key.serverless {
		b.plain("ephemeral", "true", "a node for each pod, as its nodes' labels tell")
	} else {
		w.writeLife(b, p)
	}
	b.plain("nic", "10Gbps", notTold)
	disk := int64(0)
	for _, n := range p.nodes {
		if n.disk > 0 && (disk == 0 || n.disk < disk) {
			disk = n.disk
		}
	}
	if disk >= leastImage*gigabyte {
		b.plain("imageDisk", strconv.FormatInt(disk/gigabyte, 10)+"GB", "the least ephemeral storage of its nodes")
	}
	p.writePulls(b)
	return b
}

// writePulls writes what versions tell of how a node pulls, and who says so.
func (p *pool) writePulls(b *block) {
	k := &p.key.pulls
	versions := map[string]bool{}
	for _, n := range p.nodes {
		versions[n.version] = true
	}
	from := byDefault + ": its nodes tell no runtime"
	if k.runtime != "" {
		list := sortedKeys(versions)
		from = clip(k.runtime + " " + strings.Join(list[:min(len(list), 5)], ", "))
	}
	b.plain("concurrentDownloads", strconv.Itoa(k.concurrent), "default of "+or(clip(k.runtime), "containerd"))
	b.text("downloadScope", string(k.scope), from)
	if k.serialize {
		b.plain("serializePulls", "true", "default of the kubelet")
	} else {
		b.plain("serializePulls", "false", "as "+clip(p.nodes[0].osImage)+" is set up")
	}
	switch {
	case k.keepBlobs:
		b.plain("keepBlobs", "true", "default of "+or(clip(k.runtime), "containerd"))
	case k.runtime == "docker":
		b.plain("keepBlobs", "false", "docker keeps none of what it unpacked")
	default:
		b.plain("keepBlobs", "false", "as "+or(clip(p.nodes[0].osImage), "this system")+" is set up")
	}
}

// writeLife writes how often nodes are replaced, where any was.
func (w *writer) writeLife(b *block, p *pool) {
	l := nodeLife(p.nodes, w.dump.observed)
	switch {
	case l.span <= 0:
		b.note("replace: none by default: its nodes tell no dates")
	case w.dump.observed.Sub(w.dump.began) < leastWindow:
		b.note("replace: none by default: the cluster is younger than a day")
	case l.joined == 0:
		b.note("replace: none was seen: all nodes are as old as the pool, " + inDays(l.span.Hours()/24))
	default:
		every := newBlock()
		every.plain("every", wholeTime(l.mean), "")
		b.flow("replace", every, fmt.Sprintf("creation dates: %d of %s joined in the last %s; growth looks the same",
			l.joined, plural(l.nodes, "node"), inDays(l.window.Hours()/24)))
	}
}

// wholeTime writes a node's life in hours, a short one in minutes, within what a scenario may say.
func wholeTime(d time.Duration) string {
	const longest = 3650 * 24 * time.Hour
	d = min(max(d, time.Minute), longest)
	if d < 48*time.Hour {
		return strconv.Itoa(int(d.Minutes())) + "m"
	}
	return strconv.Itoa(int(d.Hours())) + "h"
}
