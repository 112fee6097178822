package whatif

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/fleetcost/fleetcost/scenarios/internal/schemagen"
	"github.com/fleetcost/fleetcost/sim/price"
)

// TestResultSchema compares the schema with the types; -update writes it anew.
func TestResultSchema(t *testing.T) {
	comments, err := schemagen.Comments(".")
	if err != nil {
		t.Fatal(err)
	}
	g := &schemagen.Generator{
		Tag:      "json",
		Required: func(f reflect.StructField) bool { return !strings.HasSuffix(f.Tag.Get("json"), ",omitempty") },
		Describe: func(_ string, owner reflect.Type, f reflect.StructField) string {
			return comments[owner.Name()+"."+f.Name]
		},
	}
	g.Special = func(path string, typ reflect.Type, tag reflect.StructTag) schemagen.Node {
		switch {
		case path == "schema":
			return schemagen.Node{"const": Schema}
		case typ == reflect.TypeFor[price.USD]():
			return schemagen.Node{"type": "number"}
		case typ.Kind() == reflect.Pointer:
			return schemagen.Node{"anyOf": []any{g.Type(path, typ.Elem(), tag), schemagen.Node{"type": "null"}}}
		}
		return nil
	}
	want, err := g.Document(reflect.TypeFor[Result](), "a result of fleetcost, version 1")
	if err != nil {
		t.Fatal(err)
	}
	const file = "result.schema.json"
	if *update {
		if err := os.WriteFile(file, want, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(string(want), string(ResultSchema())); diff != "" {
		t.Errorf("%s (-types +file); go test ./scenarios/whatif -update writes it anew:\n%s", file, diff)
	}
}

// TestGoldensFitSchema checks every saved result that tests of this package and of the command expect.
func TestGoldensFitSchema(t *testing.T) {
	files, err := filepath.Glob("testdata/result*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d results, %v", len(files), err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := fits(t, data); err != nil {
			t.Errorf("%s: %v", file, err)
		}
		if fits(t, bytes.ReplaceAll(data, []byte(`"delivered_bytes"`), []byte(`"delivered"`))) == nil {
			t.Errorf("%s fits without a key", file)
		}
	}
}

// fits checks a result against the schema.
func fits(t *testing.T, data []byte) error {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(ResultSchema()))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("result", doc); err != nil {
		t.Fatal(err)
	}
	result, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return c.MustCompile("result").Validate(result)
}
