package registrysize_test

import (
	"context"
	"fmt"

	"github.com/fleetcost/fleetcost/registrysize"
)

// The catalog that is built in needs no network.
func Example() {
	ref, err := registrysize.Normalize("alpine:3.24")
	if err != nil {
		fmt.Println(err)
		return
	}
	img, err := registrysize.Catalog().Image(context.Background(), ref, "linux/amd64")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(img.Ref, img.Bytes(), "bytes on", img.Observed)
	// Output: docker.io/library/alpine:3.24 3849738 bytes on 2026-09-17
}
