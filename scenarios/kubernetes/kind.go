package kubernetes

import (
	"encoding/json"
	"path"
	"slices"
	"strings"
)

// isRead tells whether objects of a kind are used.
func isRead(kind string) bool {
	return slices.Contains([]string{
		kindNode, kindPod, kindDeployment, kindReplicaSet, kindDaemonSet, kindStatefulSet, kindRevision,
	}, kind)
}

// oddKind names what is counted of objects that are not used.
func oddKind(kind string) string {
	if kind = clip(kind); kind == "" {
		return "object of no known kind"
	}
	return kind
}

// plurals are the kinds' names in the paths that dumps use.
var plurals = map[string]string{
	"nodes": kindNode, "pods": kindPod, "deployments": kindDeployment, "replicasets": kindReplicaSet,
	"daemonsets": kindDaemonSet, "statefulsets": kindStatefulSet, "controllerrevisions": kindRevision,
}

// kindOfPath tells the kind of what is in a file, "" where its path does not say: its own name is the
// plural, as in sonobuoy's kube-system/Pods.json and core_v1_pods.json, or its folder's is, as in
// support-bundle's pods/kube-system.json.
func kindOfPath(name string) string {
	name = strings.ToLower(strings.ReplaceAll(name, `\`, "/"))
	own := strings.TrimSuffix(path.Base(name), path.Ext(name))
	own = own[strings.LastIndexAny(own, "_-")+1:]
	if kind := plurals[own]; kind != "" {
		return kind
	}
	return plurals[path.Base(path.Dir(name))]
}

// kindOfList tells the kind of a list's items from its own, as in PodList, or says hint.
func kindOfList(raw json.RawMessage, hint string) string {
	var kind string
	if json.Unmarshal(raw, &kind) == nil {
		if kind, ok := strings.CutSuffix(kind, "List"); ok && kind != "" {
			return kind
		}
	}
	return hint
}

// kindOfShape tells an object's kind from the fields that only this kind has.
func kindOfShape(o *object) string {
	switch {
	case o.Status.NodeInfo != nil:
		return kindNode
	case len(o.Spec.Containers) > 0:
		return kindPod
	case o.Spec.Template == nil:
		return ""
	case o.Spec.UpdateStrategy != nil && o.Spec.ServiceName != nil:
		return kindStatefulSet
	case o.Spec.UpdateStrategy != nil:
		return kindDaemonSet
	case o.Spec.Strategy != nil:
		return kindDeployment
	case o.Spec.Replicas != nil:
		return kindReplicaSet
	}
	return ""
}
