package memory_test

import (
	"fmt"
	"log"
	"strings"

	"github.com/fleetcost/fleetcost/scenarios/memory"
)

func ExampleMetrics() {
	const cadvisor = `container_memory_rss{id="/a",image="nginx:1.29",name="web-1"} 2e+06
container_memory_rss{id="/b",image="nginx:1.29",name="web-2"} 4e+06
container_memory_cache{id="/a",image="nginx:1.29",name="web-1"} 1.5e+06
`
	containers, err := memory.Metrics("node-1", strings.NewReader(cadvisor))
	if err != nil {
		log.Fatal(err)
	}
	for _, i := range memory.ByImage(containers) {
		fmt.Println(i.Image, i.MeanRSS(), "bytes a container,", i.MeanCache(), "bytes of page cache a node")
	}
	// Output: docker.io/library/nginx:1.29 3000000 bytes a container, 1500000 bytes of page cache a node
}
