package scenarios

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/fleetcost/fleetcost/sim"
)

// Dublin's clocks go from 01:00 to 02:00 on Sunday, 29 March 2026 and back from 02:00 to 01:00 on Sunday, 25
// October. In winter 09:00 there is 09:00 UTC, in summer 08:00. Hours are counted from the first day's midnight
// UTC. A window from 00:00 to 03:00 lasts two hours on the one Sunday; from 23:00 on the Saturday before (in
// UTC) to 03:00 it lasts four on the other. Windows that reach over an end of the simulated time are whole.
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
			[]sim.Window{{From: 0, To: 2}, {From: 23, To: 26}}},
		{"a long night", "2026-10-24", "2d", DeployWindow{Days: "sun", Hours: "00:00-03:00", Timezone: "Europe/Dublin"},
			[]sim.Window{{From: 23, To: 27}}},
		// 01:30 does not come on the short night; when the clocks are put forward, 01:00 UTC, they show 02:00.
		{"begins in the hour that is skipped", "2026-03-29", "12h", DeployWindow{Hours: "01:30-02:30", Timezone: "Europe/Dublin"},
			[]sim.Window{{From: 1, To: 1.5}}},
		{"ends in the hour that is skipped", "2026-03-29", "12h", DeployWindow{Hours: "00:30-01:30", Timezone: "Europe/Dublin"},
			[]sim.Window{{From: 0.5, To: 1}}},
		{"is the hour that is skipped, and the night after", "2026-03-29", "2d", DeployWindow{Hours: "01:00-02:00", Timezone: "Europe/Dublin"},
			[]sim.Window{{From: 24, To: 25}}},
		// On the long night 01:30 comes at 00:30 UTC and again at 01:30 UTC; 02:30 only at 02:30 UTC.
		{"begins in the hour that is repeated", "2026-10-25", "12h", DeployWindow{Hours: "01:30-02:30", Timezone: "Europe/Dublin"},
			[]sim.Window{{From: 0.5, To: 2.5}}},
		{"ends in the hour that is repeated", "2026-10-25", "12h", DeployWindow{Hours: "00:30-01:30", Timezone: "Europe/Dublin"},
			[]sim.Window{{From: -0.5, To: 1.5}}},
		// New York's clocks go from 02:00 to 03:00 on 8 March 2026, at 07:00 UTC.
		{"west of Greenwich", "2026-03-08", "1d", DeployWindow{Hours: "02:30-04:00", Timezone: "America/New_York"},
			[]sim.Window{{From: 7, To: 8}}},
		// Santiago's go from 24:00 on 5 September 2026 to 01:00 on the 6th, at 04:00 UTC, and back from 24:00
		// to 23:00 on 4 April, at 03:00 UTC on the 5th. Whole days neither overlap nor leave a gap.
		{"forward at midnight", "2026-09-06", "2d", DeployWindow{Timezone: "America/Santiago"},
			[]sim.Window{{From: -20, To: 4}, {From: 4, To: 27}, {From: 27, To: 51}}},
		{"back at midnight", "2026-04-04", "2d", DeployWindow{Timezone: "America/Santiago"},
			[]sim.Window{{From: -21, To: 3}, {From: 3, To: 28}, {From: 28, To: 52}}},
		// The Azores' go back from 01:00 to 00:00 on 25 October 2026, at 01:00 UTC: midnight comes twice.
		{"midnight comes twice", "2026-10-25", "1d", DeployWindow{Timezone: "Atlantic/Azores"},
			[]sim.Window{{From: -24, To: 1}, {From: 1, To: 25}}},
		{"over midnight", "2026-01-05", "2d", DeployWindow{Days: "sun,mon", Hours: "22:00-02:00", Timezone: "UTC"},
			[]sim.Window{{From: -2, To: 2}, {From: 22, To: 26}}},
		{"round the week", "2026-01-05", "7d", DeployWindow{Days: "sat-mon", Hours: "12:00-13:00", Timezone: "UTC"},
			[]sim.Window{{From: 12, To: 13}, {From: 132, To: 133}, {From: 156, To: 157}}},
		{"half an hour east", "2026-01-05", "1d", DeployWindow{Hours: "05:30-07:30", Timezone: "Asia/Kolkata"},
			[]sim.Window{{From: 0, To: 2}}},
		{"whole days", "2026-01-05", "2d", DeployWindow{Timezone: "UTC"}, []sim.Window{{From: 0, To: 24}, {From: 24, To: 48}}},
	} {
		s := loadOne(t, "simulate: {date: "+c.date+", duration: "+c.duration+"}\n"+services("  - {name: a, image: \"alpine:3.24\"}\n"))
		got := s.windows(&c.window)
		for i := range got {
			got[i].From, got[i].To = got[i].From/3600, got[i].To/3600
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}
