package scenarios

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// Paths lists the paths of single values that a Set can change, those that only have a default included:
// with the names of items, and with * for them. Sorted, none twice.
func (s *Scenario) Paths() []string {
	var out []string
	var walk func(v reflect.Value, path, shown, starred string)
	walk = func(v reflect.Value, path, shown, starred string) {
		for field, value := range v.Fields() {
			key, _, _ := strings.Cut(field.Tag.Get("yaml"), ",")
			if key == "" || key == "-" || shown == "" && slices.Contains(fixedKeys, key) {
				continue
			}
			at, name, star := joinPath(path, key), joinPath(shown, key), joinPath(starred, key)
			if value.Kind() == reflect.Pointer && !value.IsNil() {
				value = value.Elem()
			}
			_, union := reflect.TypeAssert[nodeDecoder](value.Addr())
			switch {
			case value.Kind() == reflect.Struct && !union:
				walk(value, at, name, star)
			case value.Kind() == reflect.Slice && field.Type.Elem().Kind() == reflect.Struct:
				for i := range value.Len() {
					if item := fmt.Sprintf("%s[%d]", at, i); s.Stated(item) {
						_, named := s.tree.nearest(item)
						walk(value.Index(i), item, named, star+".*")
					}
				}
			default:
				out = append(out, name, star)
			}
		}
	}
	walk(reflect.ValueOf(s).Elem(), "", "", "")
	slices.Sort(out)
	return slices.Compact(out)
}
