package scenarios_test

import (
	"fmt"

	"github.com/fleetcost/fleetcost/scenarios"
)

func ExampleLoad() {
	data, err := scenarios.Open("weave-2015")
	if err != nil {
		fmt.Println(err)
		return
	}
	variants, err := scenarios.Load("weave-2015.yaml", data, scenarios.Set{Path: "services.*.deploysPerDay", Value: "8"})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, s := range variants[:2] {
		fmt.Println(s.Variant, s.Services[0].Image, s.Services[0].DeploysPerDay)
	}
	// Output:
	// alpine fintanr/alpine-size-php 8
	// ubuntu fintanr/ubuntu-size-php 8
}

func ExampleLoad_mistakes() {
	_, err := scenarios.Load("fleet.yaml", []byte(`version: 1
datacenters:
  - {name: fra, nodes: 0}
services:
  - {name: hello, image: "alpine:3.24", deployPerDay: 4}
`))
	fmt.Println(err)
	// Output:
	// fleet.yaml:3:24: datacenters.fra.nodes: 0 is out of range; write 1 to 10000000
	// fleet.yaml:5:41: services.hello: unknown key "deployPerDay"; did you mean deploysPerDay?
}

func ExampleParseRate() {
	bits, _ := scenarios.ParseRate("1Gbps")
	bytes, _ := scenarios.ParseRate("1GB/s")
	_, err := scenarios.ParseRate("10")
	fmt.Println(bits, bytes)
	fmt.Println(err)
	// Output:
	// 1.25e+08 1e+09
	// "10" has no unit; write it with a unit, e.g. 10Gbps (bits) or 100MiB/s (bytes)
}
