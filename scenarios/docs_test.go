package scenarios

import (
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestReference compares the tables of docs/scenario.md with the Go types: every key is there
// once, none other is, each has a type, and what is required says so.
func TestReference(t *testing.T) {
	data, err := os.ReadFile("../docs/scenario.md")
	if err != nil {
		t.Fatal(err)
	}
	row := regexp.MustCompile("(?m)^\\| `([^`]+)` \\| ([^|]*) \\| ([^|]*) \\|")
	var documented []string
	defaults := map[string]string{}
	for _, m := range row.FindAllStringSubmatch(string(data), -1) {
		documented = append(documented, m[1])
		defaults[m[1]] = m[3]
		if m[2] == "" {
			t.Errorf("%s has no type", m[1])
		}
	}
	keys := map[string]bool{}
	walk(reflect.TypeFor[Scenario](), "", keys)
	var want []string
	for key, required := range keys {
		want = append(want, key)
		if required != (defaults[key] == "required") {
			t.Errorf("%s: default %q, required %v", key, defaults[key], required)
		}
	}
	slices.Sort(want)
	slices.Sort(documented)
	if diff := cmp.Diff(want, documented); diff != "" {
		t.Errorf("keys of docs/scenario.md (-types +docs):\n%s", diff)
	}
}

// walk lists the keys of a type and all below it, and whether each is required.
func walk(typ reflect.Type, prefix string, keys map[string]bool) {
	for field := range typ.Fields() {
		key, option, _ := strings.Cut(field.Tag.Get("yaml"), ",")
		if key == "" || key == "-" {
			continue
		}
		path := prefix + key
		keys[path] = option == "required"
		inner := field.Type
		if inner.Kind() == reflect.Slice {
			path += "[]"
		}
		for inner.Kind() == reflect.Slice || inner.Kind() == reflect.Pointer {
			inner = inner.Elem()
		}
		if inner.Kind() == reflect.Struct {
			walk(inner, path+".", keys)
		}
	}
}

// TestReferenceExample loads the example that heads docs/scenario.md.
func TestReferenceExample(t *testing.T) {
	data, err := os.ReadFile("../docs/scenario.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(data), "```yaml\n")
	example, _, _ := strings.Cut(rest, "```")
	if all, err := Load("example.yaml", []byte(example)); err != nil || all[0].Services[0].DeploysPerDay != 4 {
		t.Errorf("got %v, %v", all, err)
	}
}
