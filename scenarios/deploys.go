package scenarios

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // the same zones on every machine

	"github.com/fleetcost/fleetcost/sim"
)

// Seconds is the time since midnight.
func (t TimeOfDay) Seconds() float64 {
	at, err := time.Parse("15:04", string(t))
	if err != nil {
		panic(fmt.Sprintf("scenarios: time of day %q: %v", string(t), err))
	}
	return float64(at.Hour()*3600 + at.Minute()*60)
}

// start is t=0: midnight UTC of the day that is simulated first.
func (s *Scenario) start() time.Time {
	day, err := time.Parse(time.DateOnly, string(s.Simulate.Date))
	if err != nil {
		panic(fmt.Sprintf("scenarios: date %q: %v", s.Simulate.Date, err))
	}
	return day
}

// A window is when deploys may start, read.
type window struct {
	days     [7]bool // by time.Weekday
	from, to int     // minutes since midnight; to ≤ from: on the next day
	zone     *time.Location
}

// weekdays are written as in mon-fri.
var weekdays = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

func (w *DeployWindow) read() (window, error) {
	out := window{from: 0, to: 24 * 60}
	var err error
	if out.days, err = readDays(w.Days); err != nil {
		return out, err
	}
	if w.Hours != "" {
		from, to, ok := strings.Cut(w.Hours, "-")
		if out.from, err = readMinutes(from); err == nil && ok {
			out.to, err = readMinutes(to)
		}
		if err != nil || !ok || out.from == out.to {
			return out, fmt.Errorf("hours are %q; write e.g. \"09:00-17:00\"", clip(w.Hours))
		}
	}
	if out.zone, err = time.LoadLocation(w.Timezone); err != nil || w.Timezone == "Local" {
		return out, fmt.Errorf("timezone %q is not known; write an IANA name, e.g. Europe/Dublin", clip(w.Timezone))
	}
	return out, nil
}

func readMinutes(text string) (int, error) {
	if text == "24:00" {
		return 24 * 60, nil
	}
	t, err := parseTimeOfDay(text)
	if err != nil {
		return 0, err
	}
	return int(t.Seconds()) / 60, nil
}

// readDays reads a list of days and ranges of days, like mon-wed,fri; nothing is every day.
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
			return days, fmt.Errorf("days are %q; write e.g. mon-fri or mon,wed,fri", clip(text))
		}
		for ; i != j; i = (i + 1) % 7 {
			days[i] = true
		}
		days[j] = true
	}
	return days, nil
}

// windows lists the windows that lie in the simulated time, in seconds since its start. A day on which the
// clocks change has a longer or a shorter one; an hour that a change skips is what the clocks show instead.
func (s *Scenario) windows(w *DeployWindow) ([]sim.Window, error) {
	read, err := w.read()
	if err != nil {
		return nil, err
	}
	start := s.start()
	end := start.Add(time.Duration(float64(s.Simulate.Duration) * float64(time.Second)))
	out := []sim.Window{}
	for day := start.AddDate(0, 0, -2); day.Before(end.AddDate(0, 0, 2)); day = day.AddDate(0, 0, 1) {
		if !read.days[day.Weekday()] {
			continue
		}
		at := func(minutes int) float64 {
			t := time.Date(day.Year(), day.Month(), day.Day(), 0, minutes, 0, 0, read.zone)
			return t.Sub(start).Seconds()
		}
		from, to := at(read.from), at(read.to)
		if read.to <= read.from {
			to = at(read.to + 24*60)
		}
		if from, to = max(from, 0), min(to, float64(s.Simulate.Duration)); from < to {
			out = append(out, sim.Window{From: from, To: to})
		}
	}
	return out, nil
}

// deployTimes reads a file of times, RFC 3339, one a line, and returns those that lie in the simulated
// time, in seconds since its start, ascending. Empty lines and lines that begin with # are skipped; what
// follows a comma is ignored. The name is relative to the scenario's folder.
func (s *Scenario) deployTimes(name string) ([]float64, []error) {
	path := name
	if !filepath.IsAbs(path) {
		path = filepath.Join(filepath.Dir(s.tree.file), path)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, []error{fmt.Errorf("reading deploy times: %w", err)}
	}
	defer func() { _ = f.Close() }()
	start := s.start()
	out := []float64{}
	var errs []error
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan() && len(errs) < maxTimeMistakes; n++ {
		text, _, _ := strings.Cut(lines.Text(), ",")
		if text = strings.TrimSpace(text); text == "" || strings.HasPrefix(text, "#") {
			continue
		}
		t, err := time.Parse(time.RFC3339, text)
		if err != nil {
			// The text is not shown: a scenario of somebody else's may name any file.
			errs = append(errs, fmt.Errorf("%s:%d: no time stands here; write RFC 3339, e.g. 2026-01-05T09:30:00Z", name, n))
			continue
		}
		if at := t.Sub(start).Seconds(); at >= 0 && at < float64(s.Simulate.Duration) {
			out = append(out, at)
		}
	}
	if err := lines.Err(); err != nil {
		errs = append(errs, fmt.Errorf("reading deploy times %s: %w", name, err))
	}
	slices.Sort(out)
	return out, errs
}

// maxTimeMistakes is how many wrong lines of a file of times are told: more are of one kind.
const maxTimeMistakes = 20
