package scenarios

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/fleetcost/fleetcost/sim"
)

// Dublin's clocks go from 01:00 to 02:00 on Sunday, 29 March 2026 and back from 02:00 to 01:00 on Sunday, 25
// October. In winter 09:00 there is 09:00 UTC, in summer 08:00. Hours are counted from the first day's midnight
// UTC. A window from 00:00 to 03:00 lasts two hours on the one Sunday; from 23:00 on the Saturday before (in
// UTC) to 03:00 it lasts four on the other.
func TestWindows(t *testing.T) {
	for _, c := range []struct {
		name, date, duration string
		window               DeployWindow
		want                 []sim.Window // in hours
	}{
		{"weekdays", "2026-01-05", "8d", DeployWindow{Days: "mon-fri", Hours: "09:00-17:00", Timezone: "UTC"},
			[]sim.Window{{From: 9, To: 17}, {From: 33, To: 41}, {From: 57, To: 65}, {From: 81, To: 89}, {From: 105, To: 113}, {From: 177, To: 185}}},
		{"clocks go forward", "2026-03-28", "3d", DeployWindow{Hours: "09:00-10:00", Timezone: "Europe/Dublin"},
			[]sim.Window{{From: 9, To: 10}, {From: 32, To: 33}, {From: 56, To: 57}}},
		{"a short night", "2026-03-29", "1d", DeployWindow{Hours: "00:00-03:00", Timezone: "Europe/Dublin"},
			[]sim.Window{{From: 0, To: 2}, {From: 23, To: 24}}},
		{"a long night", "2026-10-24", "2d", DeployWindow{Days: "sun", Hours: "00:00-03:00", Timezone: "Europe/Dublin"},
			[]sim.Window{{From: 23, To: 27}}},
		{"over midnight", "2026-01-05", "2d", DeployWindow{Days: "sun,mon", Hours: "22:00-02:00", Timezone: "UTC"},
			[]sim.Window{{From: 0, To: 2}, {From: 22, To: 26}}},
		{"round the week", "2026-01-05", "7d", DeployWindow{Days: "sat-mon", Hours: "12:00-13:00", Timezone: "UTC"},
			[]sim.Window{{From: 12, To: 13}, {From: 132, To: 133}, {From: 156, To: 157}}},
		{"half an hour east", "2026-01-05", "1d", DeployWindow{Hours: "05:30-07:30", Timezone: "Asia/Kolkata"},
			[]sim.Window{{From: 0, To: 2}}},
		{"whole days", "2026-01-05", "2d", DeployWindow{Timezone: "UTC"}, []sim.Window{{From: 0, To: 24}, {From: 24, To: 48}}},
	} {
		s := loadOne(t, "simulate: {date: "+c.date+", duration: "+c.duration+"}\n"+services("  - {name: a, image: \"alpine:3.24\"}\n"))
		got, err := s.windows(&c.window)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		for i := range got {
			got[i].From, got[i].To = got[i].From/3600, got[i].To/3600
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

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
