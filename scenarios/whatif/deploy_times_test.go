package whatif

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/fleetcost/fleetcost/scenarios"
)

// A file of deploy times that has none in the simulated time is no mistake, but says so.
func TestDeployTimesOfAnotherYear(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "fleet.yaml")
	for name, text := range map[string]string{
		"times.csv":  "2020-01-01T00:00:00Z\n",
		"fleet.yaml": "version: 1\ndatacenters: [{name: fra, nodes: 1}]\nservices: [{name: a, base: scratch, layers: [{name: b, size: 1MB}], deployTimes: times.csv}]\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	doc, err := scenarios.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	const want = "a is never deployed: no time in times.csv is among the 30 d from 2026-01-05 on; " +
		"simulate.date and simulate.duration say which are simulated"
	if r := mustRun(t, doc, Options{}); !slices.Contains(r.Warnings, want) {
		t.Errorf("warnings: %q", r.Warnings)
	}
}
