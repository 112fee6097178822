package kubernetes_test

import (
	"context"
	"fmt"
	"log"
	"strings"

	"github.com/fleetcost/fleetcost/scenarios/kubernetes"
)

func ExampleDump() {
	const printed = `{"kind": "List", "items": [
  {"kind": "Node", "metadata": {"name": "a"}, "status": {"nodeInfo": {"containerRuntimeVersion": "containerd://2.2.1"},
    "images": [{"names": ["docker.io/library/nginx:1.29"], "sizeBytes": 60000000}]}},
  {"kind": "Pod", "metadata": {"name": "web-0", "namespace": "shop", "ownerReferences": [{"kind": "StatefulSet", "name": "web"}]},
    "spec": {"nodeName": "a", "containers": [{"name": "web", "image": "nginx:1.29"}]}}]}`
	var dump kubernetes.Dump
	if err := dump.Read(context.Background(), "cluster.json", strings.NewReader(printed)); err != nil {
		log.Fatal(err)
	}
	made, err := dump.Scenario(kubernetes.Options{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(dump.Counts())
	_, services, _ := strings.Cut(string(made.YAML), "services:\n")
	fmt.Print(services)
	// Output:
	// 1 Node, 1 Pod
	//   - name: shop.web
	//     image: docker.io/library/nginx:1.29 # the image of its pods
	//     workload: statefulset # StatefulSet
	//     instances: {total: 1} # pods that run or wait
	//     pullPolicy: IfNotPresent # as deployed
	//     restartsPerDay: 0 # default: its instances are younger than a day together
	//     deploysPerDay: 1 # default: its controller is not in the dump
	// # Sizes as nodes report them, one layer each: until a registry is asked, a deploy moves the whole image and
	// # no image shares layers with another. Remove an entry, or all of images, to have its registry asked.
	// images:
	//   - ref: docker.io/library/nginx:1.29
	//     layers: [{size: 60MB}] # compressed, as containerd reports it on 1 node
}
