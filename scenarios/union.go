package scenarios

import (
	"reflect"

	"gopkg.in/yaml.v3"
)

// Raw is a mapping kept as written.
type Raw struct{ node *yaml.Node }

func (r *Raw) decode(d *decoder, n *yaml.Node, path string) {
	if d.kind(n, yaml.MappingNode, path) {
		r.node = n
	}
}

func (a *Amount) decode(d *decoder, n *yaml.Node, path string) {
	if d.kind(n, yaml.ScalarNode, path) {
		d.scalar(n, reflect.ValueOf(a).Elem(), path, "")
	}
}

func (l *Location) decode(d *decoder, n *yaml.Node, path string) {
	if n.Kind == yaml.MappingNode {
		d.structure(n, reflect.ValueOf(l).Elem(), path)
		return
	}
	var text string
	if n.Kind != yaml.ScalarNode {
		d.fail(n, path, "is %s; write internet, a datacenter's name, or {provider: aws, region: us-east-1}", describe(n))
		return
	}
	d.scalar(n, reflect.ValueOf(&text).Elem(), path, "")
	if text != "internet" {
		l.Datacenter = text
	}
}

func (c *Changes) decode(d *decoder, n *yaml.Node, path string) {
	switch {
	case n.Kind == yaml.MappingNode:
		c.Deploy = false
		d.structure(n, reflect.ValueOf(c).Elem(), path)
	case n.Kind == yaml.ScalarNode && (n.Value == "never" || n.Value == "deploy"):
		*c = Changes{Deploy: n.Value == "deploy"}
	default:
		d.fail(n, path, "is %s; write never, deploy or {every: 7d}", describe(n))
	}
}

func (p *Prices) decode(d *decoder, n *yaml.Node, path string) {
	switch n.Kind {
	case yaml.MappingNode:
		d.structure(n, reflect.ValueOf(p).Elem(), path)
	default:
		p.Book.decode(d, n, path)
	}
}

func (Start) choices() []string     { return []string{string(StartWarm), string(StartCold)} }
func (Arrivals) choices() []string  { return []string{string(ArrivalsRegular), string(ArrivalsPoisson)} }
func (SizesFrom) choices() []string { return []string{"auto", "lock", "registry", "catalog"} }
func (Egress) choices() []string    { return []string{"direct", "nat", "endpoint"} }

func (DownloadScope) choices() []string { return []string{string(ScopeNode), string(ScopeImage)} }
func (P2PKind) choices() []string       { return []string{string(P2PSpegel), string(P2PDragonfly)} }
func (CacheKind) choices() []string {
	return []string{"distribution", "distribution-2.8", "harbor", "zot", "nginx", "ideal"}
}

func (Rebase) choices() []string       { return []string{string(RebaseRebuild), string(RebaseKeep)} }
func (Workload) choices() []string     { return []string{"deployment", "daemonset", "statefulset"} }
func (Placement) choices() []string    { return []string{"spread", "pack", "random"} }
func (RolloutOrder) choices() []string { return []string{"parallel", "sequential"} }
func (PullPolicy) choices() []string   { return []string{string(PullIfNotPresent), string(PullAlways)} }
