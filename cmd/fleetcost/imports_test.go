package main

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/fleetcost/fleetcost"

// mayImport lists the packages of the module, each with those that it may import: arrows run from the
// command to the engine and to image sizes, and never back.
var mayImport = map[string][]string{
	"sim/flow":                      {},
	"sim":                           {"sim/flow"},
	"sim/price":                     {"sim"},
	"registrysize":                  {},
	"registrysize/cache":            {},
	"registrysize/manifest":         {"registrysize"},
	"registrysize/local":            {"registrysize", "registrysize/cache", "registrysize/manifest"},
	"registrysize/measure":          {"registrysize", "registrysize/cache"},
	"registrysize/remote":           {"registrysize", "registrysize/cache", "registrysize/manifest"},
	"scenarios/input":               {},
	"scenarios/internal/schemagen":  {},
	"scenarios":                     {"scenarios/input", "registrysize", "sim", "sim/price"},
	"scenarios/whatif":              {"scenarios", "registrysize", "sim", "sim/price"},
	"scenarios/kubernetes":          {"scenarios", "registrysize"},
	"scenarios/memory":              {"registrysize"},
	"scenarios/deploys":             {},
	"cmd/fleetcost/internal/report": {"scenarios/whatif", "scenarios/memory", "registrysize", "sim/price"},
	"cmd/fleetcost":                 {"scenarios/input", "cmd/fleetcost/internal/report", "scenarios/deploys", "scenarios/kubernetes", "scenarios/memory", "scenarios/whatif", "scenarios", "registrysize", "registrysize/cache", "registrysize/local", "registrysize/measure", "registrysize/remote"},
}

// homes lists the packages that may import what is heavy; a name covers all below it.
var homes = map[string][]string{
	"gopkg.in/yaml.v3":                       {"scenarios"},
	"github.com/google/go-containerregistry": {"registrysize/remote"},
	"github.com/jedib0t/go-pretty":           {"cmd/fleetcost/internal/report", "cmd/fleetcost"},
	"github.com/spf13/cobra":                 {"cmd/fleetcost"},
	"github.com/spf13/viper":                 {"cmd/fleetcost"},
	"k8s.io":                                 {"scenarios/kubernetes"},
	"sigs.k8s.io":                            {"scenarios/kubernetes"},
	"github.com/prometheus":                  {"scenarios/memory"},
}

// never lists what a package may not even depend on, by way of others.
var never = map[string][]string{
	"sim":              {"net", "os/exec", "log"},
	"sim/price":        {"net", "os/exec", "log"},
	"scenarios":        {"net/http", "github.com/google/go-containerregistry", "k8s.io", "github.com/prometheus"},
	"scenarios/whatif": {"net/http", "github.com/google/go-containerregistry", "k8s.io", "github.com/prometheus"},
}

// A listed package is what go list tells of it.
type listed struct {
	ImportPath string
	Imports    []string // by its files that are not tests
	Deps       []string // and by theirs, and so on
}

func TestImportDirection(t *testing.T) {
	seen := 0
	for _, p := range list(t) {
		name := strings.TrimPrefix(strings.TrimPrefix(p.ImportPath, module), "/")
		allowed, known := mayImport[name]
		if !known {
			t.Errorf("%s is new: say in mayImport what it may import", name)
			continue
		}
		seen++
		for _, imported := range p.Imports {
			if inner, ours := strings.CutPrefix(imported, module+"/"); ours && !slices.Contains(allowed, inner) {
				t.Errorf("%s imports %s, which it may not", name, inner)
			}
			for heavy, packages := range homes {
				if under(imported, heavy) && !slices.ContainsFunc(packages, func(home string) bool { return under(name, home) }) {
					t.Errorf("%s imports %s, whose home is %s", name, imported, strings.Join(packages, ", "))
				}
			}
		}
		for _, dep := range p.Deps {
			for _, banned := range never[name] {
				if under(dep, banned) {
					t.Errorf("%s depends on %s", name, dep)
				}
			}
		}
	}
	if seen != len(mayImport) {
		t.Errorf("%d of the %d packages in mayImport exist", seen, len(mayImport))
	}
}

// under tells whether a path is another or below it.
func under(path, other string) bool {
	return path == other || strings.HasPrefix(path, other+"/")
}

// list asks the go command for the module's packages.
func list(t *testing.T) []listed {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports,Deps", module+"/...").Output()
	if err != nil {
		if exit, ok := errors.AsType[*exec.ExitError](err); ok {
			t.Fatalf("go list: %v: %s", err, exit.Stderr)
		}
		t.Fatal(err)
	}
	var packages []listed
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		if err := dec.Decode(&p); err == io.EOF {
			return packages
		} else if err != nil {
			t.Fatal(err)
		}
		packages = append(packages, p)
	}
}
