// Package schemagen writes JSON Schemas (draft 7) of Go types: keys by struct tags, meanings by the
// texts they are given. The schemas are made when tests run with -update, and embedded.
package schemagen

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
)

// A Node is a schema.
type Node map[string]any

// A Generator turns types into schemas. It is not changed while it works.
type Generator struct {
	Tag      string                         // the struct tag with the keys: "yaml" or "json"
	Closed   bool                           // a key that no field has is a mistake
	Required func(reflect.StructField) bool // whether a key may not be left out

	// Describe says what a field of a struct means, "" where that is not known. The path has [] behind
	// the key of each list: datacenters[].nodes.
	Describe func(path string, owner reflect.Type, field reflect.StructField) string

	// Special makes the schema of a type that is not what its kind says, and nil for others. The path
	// and the tag are those of the field that holds it. nil: there are no such types.
	Special func(path string, t reflect.Type, tag reflect.StructTag) Node
}

// Document is the schema of a whole document of a type, indented, with a title and a line feed.
func (g *Generator) Document(t reflect.Type, title string) ([]byte, error) {
	doc := g.Type("", t, "")
	doc["$schema"] = "http://json-schema.org/draft-07/schema#"
	doc["title"] = title
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	err := enc.Encode(doc)
	return out.Bytes(), err
}

// Type is the schema of a type in a field with that path and tag.
func (g *Generator) Type(path string, t reflect.Type, tag reflect.StructTag) Node {
	if g.Special != nil {
		if n := g.Special(path, t, tag); n != nil {
			return n
		}
	}
	switch t.Kind() {
	case reflect.Pointer:
		return g.Type(path, t.Elem(), tag)
	case reflect.Slice:
		return Node{"type": "array", "items": g.Type(path+"[]", t.Elem(), "")}
	case reflect.Map:
		return Node{"type": "object", "additionalProperties": g.Type(path, t.Elem(), "")}
	case reflect.Struct:
		return g.Structure(path, t)
	case reflect.Bool:
		return Node{"type": "boolean"}
	case reflect.Int, reflect.Int64, reflect.Uint64:
		return Node{"type": "integer"}
	case reflect.Float64:
		return Node{"type": "number"}
	case reflect.String:
		return Node{"type": "string"}
	}
	panic("schemagen: " + t.String() + " has no schema")
}

// Structure is the schema of a struct by its fields; those of embedded structs are its own.
func (g *Generator) Structure(path string, t reflect.Type) Node {
	properties, required := Node{}, []string{}
	g.fields(path, t, properties, &required)
	n := Node{"type": "object", "properties": properties}
	if len(required) > 0 {
		n["required"] = required
	}
	if g.Closed {
		n["additionalProperties"] = false
	}
	return n
}

func (g *Generator) fields(path string, t reflect.Type, properties Node, required *[]string) {
	for field := range t.Fields() {
		if field.Anonymous {
			g.fields(path, field.Type, properties, required)
			continue
		}
		key, _, _ := strings.Cut(field.Tag.Get(g.Tag), ",")
		if key == "" || key == "-" {
			continue
		}
		at := strings.TrimPrefix(path+"."+key, ".")
		n := g.Type(at, field.Type, field.Tag)
		if text := g.Describe(at, t, field); text != "" {
			n["description"] = text
		}
		properties[key] = n
		if g.Required(field) {
			*required = append(*required, key)
		}
	}
}
