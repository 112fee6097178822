package scenarios

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/fleetcost/fleetcost/scenarios/input"
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

// deployTimes reads a file of times, RFC 3339, one a line, and returns those that lie in the simulated
// time, in seconds since its start, ascending. Empty lines and lines that begin with # are skipped; what
// follows a comma is ignored. The name is relative to the scenario's folder.
func (s *Scenario) deployTimes(name string) ([]float64, []error) {
	f, err := input.Open(s.beside(name), input.NoPipes)
	if err != nil {
		return nil, []error{fmt.Errorf("reading deploy times: %w", err)}
	}
	defer func() { _ = f.Close() }()
	start := s.start()
	out := []float64{}
	var errs []error
	limited := &io.LimitedReader{R: f, N: maxTimesBytes + 1}
	lines := bufio.NewScanner(limited)
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
	if limited.N == 0 {
		errs = append(errs, fmt.Errorf("reading deploy times %s: it is longer than %d MiB; leave out what is not simulated", name, maxTimesBytes>>20))
	}
	slices.Sort(out)
	return out, errs
}

// maxTimesBytes is the longest file of times that is read.
const maxTimesBytes = 64 << 20

// maxTimeMistakes is how many wrong lines of a file of times are reported: the others are most likely alike.
const maxTimeMistakes = 20
