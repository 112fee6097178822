package kubernetes

import (
	"encoding/json"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// An object is what is read of any object: the fields of all kinds that are read, laid over each other,
// with the API's own types. What is left out is most of a dump, and quantities in their own notation can
// take for ever to compute with.
type object struct {
	Kind     string          `json:"kind"`
	Metadata metadata        `json:"metadata"`
	Spec     spec            `json:"spec"`
	Status   status          `json:"status"`
	Revision int64           `json:"revision"` // of a ControllerRevision
	Data     json.RawMessage `json:"data"`     // of a ControllerRevision

	Items []json.RawMessage `json:"items"` // of a list in a list
}

type metadata struct {
	Name              string                  `json:"name"`
	Namespace         string                  `json:"namespace"`
	UID               types.UID               `json:"uid"`
	CreationTimestamp metav1.Time             `json:"creationTimestamp"`
	DeletionTimestamp *metav1.Time            `json:"deletionTimestamp"`
	Generation        int64                   `json:"generation"`
	Labels            map[string]string       `json:"labels"`
	Annotations       map[string]string       `json:"annotations"`
	OwnerReferences   []metav1.OwnerReference `json:"ownerReferences"`
}

type spec struct {
	ProviderID string `json:"providerID"` // of a Node

	NodeName       string          `json:"nodeName"` // of a Pod
	Containers     []containerSpec `json:"containers"`
	InitContainers []containerSpec `json:"initContainers"`

	Replicas        *int32    `json:"replicas"` // of controllers
	MinReadySeconds int32     `json:"minReadySeconds"`
	Template        *template `json:"template"`
	Strategy        *strategy `json:"strategy"`       // of a Deployment
	UpdateStrategy  *strategy `json:"updateStrategy"` // of a DaemonSet or StatefulSet
	ServiceName     *string   `json:"serviceName"`    // of a StatefulSet
}

type template struct {
	Spec struct {
		Containers     []containerSpec `json:"containers"`
		InitContainers []containerSpec `json:"initContainers"`
	} `json:"spec"`
}

type containerSpec struct {
	Name            string            `json:"name"`
	Image           string            `json:"image"`
	ImagePullPolicy corev1.PullPolicy `json:"imagePullPolicy"`
}

type strategy struct {
	Type          string `json:"type"`
	RollingUpdate *struct {
		MaxSurge       *intstr.IntOrString `json:"maxSurge"`
		MaxUnavailable *intstr.IntOrString `json:"maxUnavailable"`
	} `json:"rollingUpdate"`
}

type status struct {
	Addresses  []corev1.NodeAddress           `json:"addresses"` // of a Node
	Capacity   map[corev1.ResourceName]amount `json:"capacity"`
	Images     []corev1.ContainerImage        `json:"images"`
	NodeInfo   *corev1.NodeSystemInfo         `json:"nodeInfo"`
	Conditions []condition                    `json:"conditions"`

	Phase                 corev1.PodPhase   `json:"phase"` // of a Pod
	ContainerStatuses     []containerStatus `json:"containerStatuses"`
	InitContainerStatuses []containerStatus `json:"initContainerStatuses"`

	DesiredNumberScheduled int32 `json:"desiredNumberScheduled"` // of a DaemonSet
}

// A condition is one of a Node's or a Pod's.
type condition struct {
	Type               string                 `json:"type"`
	Status             corev1.ConditionStatus `json:"status"`
	LastHeartbeatTime  metav1.Time            `json:"lastHeartbeatTime"`
	LastTransitionTime metav1.Time            `json:"lastTransitionTime"`
}

type containerStatus struct {
	Name         string                `json:"name"`
	ImageID      string                `json:"imageID"`
	RestartCount int32                 `json:"restartCount"`
	State        corev1.ContainerState `json:"state"`
}

// An amount is a quantity as written.
type amount string

// UnmarshalJSON takes a text or a number.
func (a *amount) UnmarshalJSON(data []byte) error {
	*a = amount(strings.Trim(string(data), `"`))
	return nil
}
