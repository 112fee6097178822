package whatif

import (
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestResultReference compares the tables of docs/result.md with the Go types: every key is there once, and
// none other is. A variant's keys stand without variants[]., and those of equal lists once, with a *.
func TestResultReference(t *testing.T) {
	data, err := os.ReadFile("../../docs/result.md")
	if err != nil {
		t.Fatal(err)
	}
	var documented []string
	for _, m := range regexp.MustCompile("(?m)^\\| `([^`]+)` \\| [^|]+ \\|$").FindAllStringSubmatch(string(data), -1) {
		documented = append(documented, m[1])
	}
	lists := regexp.MustCompile(`^cost\.attribution\.[a-z]+\[\]`)
	var want []string
	for _, key := range resultKeys(reflect.TypeFor[Result](), "") {
		key = lists.ReplaceAllString(strings.TrimPrefix(key, "variants[]."), "cost.attribution.*[]")
		if !slices.Contains(want, key) {
			want = append(want, key)
		}
	}
	slices.Sort(want)
	slices.Sort(documented)
	if diff := cmp.Diff(want, documented); diff != "" {
		t.Errorf("keys of docs/result.md (-types +docs):\n%s", diff)
	}
}

// resultKeys lists the paths of a type's lists and single values.
func resultKeys(typ reflect.Type, prefix string) []string {
	var keys []string
	for field := range typ.Fields() {
		key, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		if key == "-" {
			continue
		}
		path, inner := prefix+key, field.Type
		list := inner.Kind() == reflect.Slice
		for inner.Kind() == reflect.Slice || inner.Kind() == reflect.Pointer {
			inner = inner.Elem()
		}
		if list || inner.Kind() != reflect.Struct {
			keys = append(keys, path)
		}
		if inner.Kind() == reflect.Struct {
			if list {
				path += "[]"
			}
			keys = append(keys, resultKeys(inner, path+".")...)
		}
	}
	return keys
}
