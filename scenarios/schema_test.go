package scenarios

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"gopkg.in/yaml.v3"

	"github.com/fleetcost/fleetcost/scenarios/internal/schemagen"
)

// generator describes the scenario's types, with the words of docs/scenario.md.
func generator(t *testing.T) *schemagen.Generator {
	t.Helper()
	meanings := meanings(t)
	g := &schemagen.Generator{
		Tag: "yaml", Closed: true,
		Required: func(f reflect.StructField) bool { return strings.HasSuffix(f.Tag.Get("yaml"), ",required") },
		Describe: func(path string, _ reflect.Type, _ reflect.StructField) string { return meanings[path] },
	}
	g.Special = func(path string, typ reflect.Type, tag reflect.StructTag) schemagen.Node {
		n := special(g, path, typ, tag)
		if typ.Kind() == reflect.Pointer || tag.Get("none") != "" {
			return either(n, schemagen.Node{"const": "none"})
		}
		return n
	}
	return g
}

// meanings are the rows of docs/scenario.md: what a path means, and its default.
func meanings(t *testing.T) map[string]string {
	t.Helper()
	data, err := os.ReadFile("../docs/scenario.md")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, m := range regexp.MustCompile("(?m)^\\| `([^`]+)` \\| [^|]* \\| ([^|]*) \\| ([^|]*) \\|").FindAllStringSubmatch(string(data), -1) {
		text := m[3]
		if m[2] != "required" {
			text += " (default: " + m[2] + ")"
		}
		out[m[1]] = strings.ReplaceAll(strings.TrimSpace(text), "`", "")
	}
	return out
}

// quantities are texts with a unit, and 0 where it needs none.
var quantities = map[reflect.Type]string{
	reflect.TypeFor[Bytes]():    `^(0|[1-9][0-9]*)(\.[0-9]+)? ?([kKMGT]?B|[KMGT]iB)$`,
	reflect.TypeFor[Rate]():     `^((0|[1-9][0-9]*)(\.[0-9]+)? ?([kMGT]?bps|[kKMGT]?B/s|[KMGT]iB/s)|none)$`,
	reflect.TypeFor[Duration](): `^(0|((0|[1-9][0-9]*)(\.[0-9]+)? ?(ns|us|µs|ms|s|m|h|d|w))+)$`,
	reflect.TypeFor[Fraction](): `^(0|[1-9][0-9]*)(\.[0-9]+)? ?%$`,
	reflect.TypeFor[Amount]():   `^(0|[1-9][0-9]*)(\.[0-9]+)? ?%$`,
}

func text(pattern string) schemagen.Node { return schemagen.Node{"type": "string", "pattern": pattern} }

// names are one text or several.
var names = either(schemagen.Node{"type": "string"}, schemagen.Node{"type": "array", "items": schemagen.Node{"type": "string"}})

func either(nodes ...any) schemagen.Node { return schemagen.Node{"anyOf": nodes} }

// special describes what a file writes in another way than Go's types say.
func special(g *schemagen.Generator, path string, typ reflect.Type, tag reflect.StructTag) schemagen.Node {
	if pattern, ok := quantities[typ]; ok {
		whole := schemagen.Node{"const": 0}
		if typ == reflect.TypeFor[Amount]() {
			whole = schemagen.Node{"type": "integer", "minimum": 0}
		}
		return either(text(pattern), whole)
	}
	switch typ {
	case reflect.TypeFor[Date]():
		return text(`^[0-9]{4}-[0-9]{2}-[0-9]{2}$`)
	case reflect.TypeFor[TimeOfDay]():
		return text(`^[0-9]{2}:[0-9]{2}$`)
	case reflect.TypeFor[Raw]():
		return schemagen.Node{"type": "object"}
	case reflect.TypeFor[Budget]():
		return either(schemagen.Node{"type": "string"},
			schemagen.Node{"type": "object", "minProperties": 1, "maxProperties": 1, "additionalProperties": schemagen.Node{"type": "string"}})
	case reflect.TypeFor[Location]():
		return either(schemagen.Node{"type": "string"}, g.Structure(path, typ))
	case reflect.TypeFor[Versions]():
		return either(schemagen.Node{"type": "array", "items": schemagen.Node{"type": "string"}, "maxItems": 1000}, g.Structure(path, typ))
	case reflect.TypeFor[Books]():
		return names
	case reflect.TypeFor[Prices]():
		return either(names, g.Structure(path, typ))
	case reflect.TypeFor[PortRate]():
		return either(schemagen.Node{"type": "number", "minimum": 0}, g.Structure(path, typ))
	case reflect.TypeFor[Changes]():
		return either(schemagen.Node{"enum": []string{"never", "deploy"}}, g.Structure(path, typ))
	}
	if c, ok := reflect.TypeAssert[chooser](reflect.New(typ).Elem()); ok {
		return schemagen.Node{"enum": c.choices()}
	}
	if typ.Kind() == reflect.Pointer {
		return g.Type(path, typ.Elem(), tag)
	}
	return bounded(typ, tag)
}

// bounded describes a plain number with its bounds, and is nil for everything else.
func bounded(typ reflect.Type, tag reflect.StructTag) schemagen.Node {
	n := schemagen.Node{"type": "number"}
	switch typ {
	case reflect.TypeFor[int](), reflect.TypeFor[uint64]():
		n["type"] = "integer"
	case reflect.TypeFor[float64]():
	default:
		return nil
	}
	n["minimum"] = 0
	for key, name := range map[string]string{"min": "minimum", "max": "maximum"} {
		if limit := tag.Get(key); limit != "" {
			n[name] = bound(typ, limit)
		}
	}
	return n
}

// TestSchema compares the schema with the types; -update writes it anew.
func TestSchema(t *testing.T) {
	want, err := generator(t).Document(reflect.TypeFor[Scenario](), "a fleetcost scenario, version 1")
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(SchemaFile, want, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(string(want), string(Schema())); diff != "" {
		t.Errorf("%s (-types +file); go test ./scenarios -update writes it anew:\n%s", SchemaFile, diff)
	}
}

// compiled is the schema, ready to check documents.
func compiled(t *testing.T) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(Schema()))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource(SchemaFile, doc); err != nil {
		t.Fatal(err)
	}
	return c.MustCompile(SchemaFile)
}

// plain reads YAML as editors do: by version 1.2, which knows no dates.
func plain(data []byte) (any, error) {
	var doc any
	if err := yaml.Unmarshal(data, &doc); err != nil {
		return nil, err
	}
	var undated func(any) any
	undated = func(v any) any {
		switch v := v.(type) {
		case map[string]any:
			for key := range v {
				v[key] = undated(v[key])
			}
		case []any:
			for i := range v {
				v[i] = undated(v[i])
			}
		case time.Time:
			return v.Format(time.DateOnly)
		}
		return v
	}
	return undated(doc), nil
}

// TestSchemaAcceptsGoodFiles holds every scenario that loads to the schema, and the line that tells
// editors of it to the schema's file.
func TestSchemaAcceptsGoodFiles(t *testing.T) {
	s := compiled(t)
	good, err := filepath.Glob("testdata/good/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	own := []string{"starter.yaml"}
	for _, info := range Embedded() {
		own = append(own, info.Name+".yaml")
	}
	line := regexp.MustCompile(`^# yaml-language-server: \$schema=(\S+)\n`)
	for i, name := range append(own, good...) {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		doc, err := plain(data)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Validate(doc); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if i >= len(own) {
			continue
		}
		if m := line.FindSubmatch(data); m == nil || string(m[1]) != SchemaFile {
			t.Errorf("%s: its first line is not # yaml-language-server: $schema=%s", name, SchemaFile)
		}
	}
}

// TestSchemaRefusesBadFiles checks files whose mistake is one of form, which editors can show.
func TestSchemaRefusesBadFiles(t *testing.T) {
	s := compiled(t)
	for _, name := range []string{
		"bare-numbers", "booleans", "choices", "list-document", "missing-everything", "no-values", "numbers-out-of-range",
		"numbers-quoted", "quantities-negative", "quantities-odd", "seed-negative", "texts-not-quoted", "units-unknown", "unknown-keys", "wrong-kinds",
	} {
		data, err := os.ReadFile(filepath.Join("testdata", "bad", name+".yaml"))
		if err != nil {
			t.Fatal(err)
		}
		doc, err := plain(data)
		if err != nil {
			t.Fatal(err)
		}
		if s.Validate(doc) == nil {
			t.Errorf("%s is accepted", name)
		}
	}
}
