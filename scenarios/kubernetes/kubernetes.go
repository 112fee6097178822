// Package kubernetes turns what kubectl prints of a cluster into a scenario: nodes become datacenters and
// pools, controllers and their pods become services, and what a cluster cannot tell becomes a default that
// is marked as one.
//
//	kubectl get nodes,pods,deployments,replicasets,daemonsets,statefulsets -A -o json
//
// It reads that output as one list, as several files, as bare arrays, as concatenated JSON, as YAML
// documents, or as a folder of them: sonobuoy's snapshots, must-gather's and support-bundle's folders,
// kubectl's own cluster-info dump. It asks no cluster and no registry, and knows no clock: the latest time
// in what was read is when the cluster was looked at.
package kubernetes

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// The kinds that are read. A ControllerRevision is the history of a DaemonSet or a StatefulSet.
const (
	kindNode        = "Node"
	kindPod         = "Pod"
	kindDeployment  = "Deployment"
	kindReplicaSet  = "ReplicaSet"
	kindDaemonSet   = "DaemonSet"
	kindStatefulSet = "StatefulSet"
	kindRevision    = "ControllerRevision"
)

// A Dump is the objects read so far, of one cluster or of several. The zero value is empty and ready. It may
// not be used by several goroutines at once.
type Dump struct {
	nodes       []node
	pods        []pod
	controllers []controller
	revisions   []revision
	images      map[string]imageSize // by normalised reference, what the nodes say
	began       time.Time            // when the oldest object was made
	observed    time.Time            // the latest time in any object

	seen    map[string]bool // the objects read, by UID, else by kind, namespace and name
	interns map[string]string
	refs    map[string]string // normalised references by names; "" where a name is none
	counts  map[string]int    // the objects read, by kind
	strange map[string]int    // what was not understood, by what it is
}

// Counts tells how many objects of each kind were read, without those that were read before, in the order
// of their kinds' names, as in "3 Node, 19 Pod".
func (d *Dump) Counts() string { return tally(d.counts) }

// NotUnderstood tells what was passed over and how often, as in "1 Pod read in part, 2 Service"; "" where
// nothing was.
func (d *Dump) NotUnderstood() string { return tally(d.strange) }

func tally(counts map[string]int) string {
	var parts []string
	for _, what := range slices.Sorted(maps.Keys(counts)) {
		parts = append(parts, fmt.Sprintf("%d %s", counts[what], what))
	}
	return strings.Join(parts, ", ")
}

// add keeps what is needed of an object.
func (d *Dump) add(o *object, kind string) {
	if !d.first(o, kind) {
		return
	}
	if d.counts == nil {
		d.counts = map[string]int{}
	}
	d.counts[kind]++
	if made := o.Metadata.CreationTimestamp.UTC(); !made.IsZero() && (d.began.IsZero() || made.Before(d.began)) {
		d.began = made
	}
	d.see(o.Metadata.CreationTimestamp.Time)
	switch kind {
	case kindNode:
		d.addNode(o)
	case kindPod:
		d.addPod(o)
	case kindRevision:
		d.addRevision(o)
	case kindReplicaSet:
		d.addController(o, kind)
		d.addRevision(o)
	default:
		d.addController(o, kind)
	}
}

// first tells whether an object has not been read before: folders hold some objects twice.
func (d *Dump) first(o *object, kind string) bool {
	id := string(o.Metadata.UID)
	if id == "" {
		id = kind + "/" + o.Metadata.Namespace + "/" + o.Metadata.Name
	}
	if d.seen[id] {
		return false
	}
	if d.seen == nil {
		d.seen = map[string]bool{}
	}
	d.seen[id] = true
	return true
}

// see moves the time of observation on.
func (d *Dump) see(t time.Time) {
	if t.After(d.observed) {
		d.observed = t.UTC()
	}
}

// intern keeps one copy of each text: a dump says the same names again and again.
func (d *Dump) intern(text string) string {
	if same, ok := d.interns[text]; ok {
		return same
	}
	if d.interns == nil {
		d.interns = map[string]string{}
	}
	text = strings.Clone(text)
	d.interns[text] = text
	return text
}

// odd counts something that was not understood.
func (d *Dump) odd(what string) {
	if d.strange == nil {
		d.strange = map[string]int{}
	}
	const most = 50
	if _, known := d.strange[what]; !known && len(d.strange) >= most {
		what = "other"
	}
	d.strange[what]++
}
