package scenarios

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// A decoder turns a tree into Go values by the yaml tags of struct fields, strictly. It goes on
// after a mistake, so that all are found.
//
// A field's yaml tag is its key, then ",required" where it has no default. The tags min and max are its
// bounds, both inclusive and written as in a file; of a list, max is the number of its items. A field with a
// none tag may be written none; the tag says what that means.
type decoder struct {
	tree   *tree
	errs   []*Error
	failed map[*yaml.Node]bool // nodes whose value is not to be judged further
}

// defaulter is implemented by structs whose zero value is not their default.
type defaulter interface{ setDefaults() }

// nodeDecoder is implemented by types that a file may write in several ways.
type nodeDecoder interface {
	decode(d *decoder, n *yaml.Node, path string)
}

// chooser is implemented by texts that must be one of a few words.
type chooser interface{ choices() []string }

// fail notes a mistake in the value n, found at path.
func (d *decoder) fail(n *yaml.Node, path, format string, args ...any) {
	d.failed[n] = true
	msg := fmt.Sprintf(format, args...)
	if path != "" {
		msg = path + ": " + msg
	}
	d.errs = append(d.errs, d.tree.at(n, "%s", msg))
}

// value decodes n into v. One that is refused leaves the defaults, so that later checks have something to go by.
func (d *decoder) value(n *yaml.Node, v reflect.Value, path string, tag reflect.StructTag) {
	setDefaults(v)
	if n.ShortTag() == "!!null" {
		d.fail(n, path, "has no value; write one or remove the key")
		return
	}
	if nd, ok := reflect.TypeAssert[nodeDecoder](v.Addr()); ok {
		nd.decode(d, n, path)
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		if n.Kind == yaml.ScalarNode && n.Value == "none" {
			return
		}
		v.Set(reflect.New(v.Type().Elem()))
		d.value(n, v.Elem(), path, tag)
	case reflect.Struct:
		if d.kind(n, yaml.MappingNode, path) {
			d.structure(n, v, path)
		}
	case reflect.Slice:
		if d.kind(n, yaml.SequenceNode, path) {
			d.list(n, v, path, tag.Get("max"))
		}
	case reflect.Map:
		if d.kind(n, yaml.MappingNode, path) {
			d.numbers(n, v, path)
		}
	default:
		if d.kind(n, yaml.ScalarNode, path) {
			d.scalar(n, v, path, tag)
		}
	}
}

func setDefaults(v reflect.Value) {
	if def, ok := reflect.TypeAssert[defaulter](v.Addr()); ok {
		def.setDefaults()
	}
}

// kind checks that n is of a kind.
func (d *decoder) kind(n *yaml.Node, want yaml.Kind, path string) bool {
	if n.Kind == want {
		return true
	}
	what := map[yaml.Kind]string{yaml.MappingNode: "a mapping", yaml.SequenceNode: "a list", yaml.ScalarNode: "a single value"}
	d.fail(n, path, "is %s; write %s", describe(n), what[want])
	return false
}

// structure decodes a mapping. A nil n is an empty one: all defaults.
func (d *decoder) structure(n *yaml.Node, v reflect.Value, path string) {
	setDefaults(v)
	var keys []string
	for i := range v.NumField() {
		field := v.Type().Field(i)
		key, option, _ := strings.Cut(field.Tag.Get("yaml"), ",")
		if key == "" || key == "-" {
			continue
		}
		keys = append(keys, key)
		var child *yaml.Node
		if n != nil {
			child = get(n, key)
		}
		if child != nil && child.Tag == absent {
			child = nil
		}
		switch {
		case child != nil:
			d.value(child, v.Field(i), joinPath(path, key), field.Tag)
		case option == "required" && n != nil:
			d.errs = append(d.errs, d.tree.at(n, "%s: has no %s; add one", place{shown: path}.name(), key))
		case field.Type.Kind() == reflect.Struct:
			d.structure(nil, v.Field(i), joinPath(path, key))
		}
	}
	if n == nil {
		return
	}
	for i := 0; i < len(n.Content); i += 2 {
		if key := n.Content[i]; !slices.Contains(keys, key.Value) {
			d.errs = append(d.errs, d.tree.at(key, "%s", unknownKey(place{shown: path}.name(), key.Value, keys)))
		}
	}
	drop(n, func(key, value *yaml.Node) bool { return value.Tag == absent || !slices.Contains(keys, key.Value) })
}

// drop removes keys from a mapping: those that are told of need not be found again and again.
func drop(n *yaml.Node, unwanted func(key, value *yaml.Node) bool) {
	kept := n.Content[:0]
	for i := 0; i < len(n.Content); i += 2 {
		if key, value := n.Content[i], n.Content[i+1]; !unwanted(key, value) {
			kept = append(kept, key, value)
		}
	}
	n.Content = kept
}

// joinPath appends a key to a path.
func joinPath(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// list decodes a sequence of at most most items, where that is stated; the slice has an item for
// each of its, in order.
func (d *decoder) list(n *yaml.Node, v reflect.Value, path, most string) {
	if limit, err := strconv.Atoi(most); err == nil && len(n.Content) > limit {
		d.fail(n, path, "has %d items; write at most %d", len(n.Content), limit)
		return
	}
	v.Set(reflect.MakeSlice(v.Type(), len(n.Content), len(n.Content)))
	for i, item := range n.Content {
		d.value(item, v.Index(i), path+itemSuffix(item, i), "")
	}
}

// numbers decodes a mapping from any keys to numbers from 0 up.
func (d *decoder) numbers(n *yaml.Node, v reflect.Value, path string) {
	drop(n, func(_, value *yaml.Node) bool { return value.Tag == absent })
	v.Set(reflect.MakeMap(v.Type()))
	for i := 0; i < len(n.Content); i += 2 {
		number := reflect.New(v.Type().Elem()).Elem()
		d.value(n.Content[i+1], number, joinPath(path, n.Content[i].Value), `min:"0"`)
		v.SetMapIndex(reflect.ValueOf(n.Content[i].Value), number)
	}
}
