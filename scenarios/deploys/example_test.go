package deploys_test

import (
	"context"
	"log"
	"os"
	"strings"

	"github.com/fleetcost/fleetcost/scenarios/deploys"
)

func ExampleParse() {
	const printed = `2026-01-07T10:30:00+01:00 HEAD -> main, tag: v2
2026-01-05T10:30:00+01:00 tag: v1
`
	history, err := deploys.Parse(context.Background(), "tags.txt", strings.NewReader(printed), deploys.Options{Tags: "v*"})
	if err != nil {
		log.Fatal(err)
	}
	if err := deploys.Write(os.Stdout, history.Times); err != nil {
		log.Fatal(err)
	}
	// Output:
	// 2026-01-05T09:30:00Z
	// 2026-01-07T09:30:00Z
}
