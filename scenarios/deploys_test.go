package scenarios

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Times are read from a file beside the scenario: sorted, those outside the simulated day left out.
func TestDeployTimes(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	write("times.csv", "# of our releases\n2026-01-05T10:00:00Z,v2\n\n2026-01-05T03:30:00+01:00,v1\n2026-01-04T23:59:59Z\n2026-01-06T00:00:00Z\n")
	text := "simulate: {duration: 1d}\n" + services("  - {name: a, image: \"alpine:3.24\", deployTimes: times.csv}\n")
	all, err := LoadFile(write("fleet.yaml", text))
	if err != nil {
		t.Fatal(err)
	}
	m, err := all[0].Model(alpineFound())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]float64{2.5 * 3600, 10 * 3600}, m.Services[0].DeployTimes); diff != "" || m.Services[0].DeployInterval != 0 {
		t.Errorf("times (-want +got):\n%s", diff)
	}
	write("times.csv", "2026-01-06T00:00:00Z\n")
	_, err = LoadFile(filepath.Join(dir, "fleet.yaml"))
	none := `fleet.yaml:5:50: services.a.deployTimes: times.csv has no time within the simulated time; set simulate.date and duration to it, or write deploysPerDay: 0`
	if err == nil || strings.ReplaceAll(err.Error(), dir+"/", "") != none {
		t.Errorf("got %v", err)
	}
	write("times.csv", "2026-01-05T10:00:00Z\n2026-01-05 11:00\nsoon\n")
	_, err = LoadFile(filepath.Join(dir, "fleet.yaml"))
	want := []string{
		`fleet.yaml:5:50: services.a.deployTimes: times.csv:2: no time stands here; write RFC 3339, e.g. 2026-01-05T09:30:00Z`,
		`fleet.yaml:5:50: services.a.deployTimes: times.csv:3: no time stands here; write RFC 3339, e.g. 2026-01-05T09:30:00Z`,
	}
	if err == nil || strings.ReplaceAll(err.Error(), dir+"/", "") != strings.Join(want, "\n") {
		t.Errorf("got %v", err)
	}
}
