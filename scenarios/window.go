package scenarios

import (
	"fmt"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // the same time zones on every machine

	"github.com/fleetcost/fleetcost/sim"
)

// weekdays are written as in mon-fri; their order is that of time.Weekday.
var weekdays = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

// readDays reads a list of days and ranges of days, such as mon-wed,fri. An empty text is every day. The
// result is indexed by time.Weekday.
func readDays(text string) ([7]bool, error) {
	days := [7]bool{}
	if text == "" {
		return [7]bool{true, true, true, true, true, true, true}, nil
	}
	for part := range strings.SplitSeq(text, ",") {
		from, to, ranged := strings.Cut(strings.TrimSpace(part), "-")
		i, j := slices.Index(weekdays, from), slices.Index(weekdays, to)
		if !ranged {
			j = i
		}
		if i < 0 || j < 0 {
			return days, fmt.Errorf("%q names no days; write e.g. mon-fri or mon,wed,fri", clip(text))
		}
		for ; i != j; i = (i + 1) % 7 {
			days[i] = true
		}
		days[j] = true
	}
	return days, nil
}

const minutesPerDay = 24 * 60

// readHours reads a span of time such as 09:00-17:00, in minutes since midnight. A span that ends before it
// begins ends on the next day: its end is above minutesPerDay. An empty text is the whole day.
func readHours(text string) (from, to int, err error) {
	if text == "" {
		return 0, minutesPerDay, nil
	}
	begin, end, ok := strings.Cut(text, "-")
	from, beginErr := readMinutes(begin)
	to, endErr := readMinutes(end)
	switch {
	case !ok || beginErr != nil || endErr != nil || from == minutesPerDay:
		return 0, 0, fmt.Errorf("%q is not a span of hours; write e.g. \"09:00-17:00\"", clip(text))
	case from == to:
		return 0, 0, fmt.Errorf("%q ends when it begins; write e.g. \"09:00-17:00\", or remove hours for the whole day", clip(text))
	case to < from:
		to += minutesPerDay
	}
	return from, to, nil
}

func readMinutes(text string) (int, error) {
	if text == "24:00" {
		return minutesPerDay, nil
	}
	t, err := parseTimeOfDay(text)
	if err != nil {
		return 0, err
	}
	return int(t.Seconds()) / 60, nil
}

func readZone(name string) (*time.Location, error) {
	zone, err := time.LoadLocation(name)
	if err != nil || name == "Local" {
		return nil, fmt.Errorf("%q is not a known time zone; write an IANA name, e.g. Europe/Dublin", clip(name))
	}
	return zone, nil
}

// window checks a service's deploy window, whose path is at.
func (v *validator) window(at string, w *DeployWindow) {
	_, daysErr := readDays(w.Days)
	_, _, hoursErr := readHours(w.Hours)
	_, zoneErr := readZone(w.Timezone)
	for _, part := range []struct {
		key string
		err error
	}{{"days", daysErr}, {"hours", hoursErr}, {"timezone", zoneErr}} {
		if part.err != nil {
			v.fail(at+"."+part.key, "%s", part.err)
		}
	}
	if daysErr == nil && hoursErr == nil && zoneErr == nil && len(v.windows(w)) == 0 {
		v.fail(at, "lies nowhere in the simulated time; simulate longer, or name other days")
	}
}

// windows lists the windows that lie in the simulated time or reach into it, in seconds since its start,
// ascending. w is well formed. A window that reaches over midnight belongs to the day on which it begins.
// Where clocks change, it begins when they first show its beginning, or a later time, and ends when they last
// show its end.
func (s *Scenario) windows(w *DeployWindow) []sim.Window {
	days, daysErr := readDays(w.Days)
	from, to, hoursErr := readHours(w.Hours)
	zone, zoneErr := readZone(w.Timezone)
	if daysErr != nil || hoursErr != nil || zoneErr != nil {
		return nil
	}
	start := s.start()
	end := start.Add(time.Duration(float64(s.Simulate.Duration) * float64(time.Second)))
	out := []sim.Window{}
	for day := start.AddDate(0, 0, -2); day.Before(end.AddDate(0, 0, 2)); day = day.AddDate(0, 0, 1) {
		if !days[day.Weekday()] {
			continue
		}
		opens, _ := clockShows(day, from, zone)
		_, closes := clockShows(day, to, zone)
		span := sim.Window{From: opens.Sub(start).Seconds(), To: closes.Sub(start).Seconds()}
		if n := len(out); n > 0 {
			span.From = max(span.From, out[n-1].To) // clocks that go back at midnight show it twice
		}
		if span.From < span.To && span.To > 0 && span.From < float64(s.Simulate.Duration) {
			out = append(out, span)
		}
	}
	return out
}

// clockShows tells when the clocks of a zone first and last show a time of a day, in minutes since midnight.
// The two differ in the hour that clocks repeat when they are put back. A time that they skip when they are
// put forward is the moment at which they are.
func clockShows(day time.Time, minutes int, zone *time.Location) (first, last time.Time) {
	shown := time.Date(day.Year(), day.Month(), day.Day(), 0, minutes, 0, 0, time.UTC)
	_, before := shown.AddDate(0, 0, -1).In(zone).Zone() // seconds east of UTC
	_, after := shown.AddDate(0, 0, 1).In(zone).Zone()
	a := shown.Add(-time.Duration(before) * time.Second)
	b := shown.Add(-time.Duration(after) * time.Second)
	_, atA := a.In(zone).Zone()
	_, atB := b.In(zone).Zone()
	switch okA, okB := atA == before, atB == after; {
	case okA && okB:
		return a, b
	case okA:
		return a, a
	case okB:
		return b, b
	}
	_, change := b.In(zone).ZoneBounds()
	return change, change
}
