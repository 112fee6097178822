package report

import (
	"bytes"
	"os"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/fleetcost/fleetcost/scenarios/whatif"
)

// full is a result with something in every part that a format shows.
func full() *whatif.Result {
	r := result(variant("alpine", 22, 25_000, 1_004_000, 2_004_000), variant("ubuntu", 60, 34_000, 5_000_000, 2_004_000))
	r.Images = []whatif.Image{{
		Ref: "docker.io/library/alpine:3.24", Platform: "linux/amd64", Source: "catalog", Observed: "2026-09-17",
		CompressedBytes: 3_849_738, Layers: make([]whatif.Layer, 1),
	}}
	r.Variants[0].Cost.Items = []whatif.Item{
		{Rule: "aws.nat_gateway.processing", Class: "nat", From: "hub", To: "fra", Quantity: 22.3, Unit: "GiB", Rate: 0.045, USD: 1_004_000, Source: "a page, https://example.com/, 2026"},
		{Rule: "aws.nat_gateway.hour", Class: "nat", From: "fra", To: "fra", Quantity: 44.5, Unit: "h", Rate: 0.045, USD: 2_004_000, Fixed: true},
		{Rule: "own", Class: "inter-zone", From: "hub", To: "fra", Quantity: 1, Unit: "GB", Unknown: true},
	}
	r.Variants[1].Memory = whatif.Memory{RSSBytes: 5_850_000_000, CacheBytes: 316_200_000}
	r.Variants[1].Nodes.Replaced = 12
	r.Variants[1].Pulls.Count = 7200
	r.Budgets = []whatif.Budget{
		{Variant: "alpine", Expr: "cost.monthly <= 3", Value: 3.008, Limit: 3},
		{Variant: "ubuntu", Expr: "cost.monthly <= 3.008001", Value: 3.008, Limit: 3.008001, Passed: true},
		{Variant: "ubuntu", Expr: "image.compressed_bytes <= +40MB", Value: 60e6, Limit: 62e6, Passed: true},
		{Variant: "alpine", Expr: "cost.usage < 50", Value: 1, Limit: 50, Unknown: true},
	}
	for i := range r.Variants {
		t := &r.Variants[i].Transfer
		t.Paths = []whatif.Path{{Class: "internet-ingress", From: "hub", To: "fra", Bytes: t.RegistryBytes}}
		t.Causes = []whatif.Move{{Class: "internet-ingress", From: "hub", To: "fra", Service: "web", Layer: "app", Cause: "deploy", Bytes: t.RegistryBytes, Layers: 9}}
	}
	return r
}

// TestFormats renders one result in every format; testdata has a file for each.
func TestFormats(t *testing.T) {
	for _, f := range ResultFormats() {
		var out bytes.Buffer
		if err := f.Write(&out, full()); err != nil {
			t.Fatal(err)
		}
		golden(t, "full."+f.Name+".golden", out.Bytes())
	}
}

// TestJSONFitsSchema holds what is written to the schema that is shipped.
func TestJSONFitsSchema(t *testing.T) {
	data, err := os.ReadFile("testdata/full.json.golden")
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	schema, err := jsonschema.UnmarshalJSON(bytes.NewReader(whatif.ResultSchema()))
	if err != nil {
		t.Fatal(err)
	}
	if err := c.AddResource("schema", schema); err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if err := c.MustCompile("schema").Validate(doc); err != nil {
		t.Error(err)
	}
}
