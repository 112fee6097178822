package main

import (
	"io"
	"os"
	"time"

	"github.com/jedib0t/go-pretty/v6/progress"
	"golang.org/x/term"

	"github.com/fleetcost/fleetcost/scenarios/whatif"
)

// bars shows progress on a terminal, one bar a step, and nothing elsewhere.
type bars struct {
	writer   progress.Writer // nil: silent
	trackers map[string]*progress.Tracker
	units    progress.Units // of what is counted
	stopped  chan struct{}  // closed when the writer has drawn its last
}

func newProgress(s streams, quiet bool) *bars {
	b := &bars{trackers: map[string]*progress.Tracker{}, stopped: make(chan struct{})}
	if quiet || os.Getenv("CI") != "" || os.Getenv("TERM") == "dumb" || !isTerminal(s.err) {
		return b
	}
	width := columns(s.err) - 1 // some terminals begin a line after their last column
	b.writer = progress.NewWriter()
	b.writer.SetOutputWriter(s.err)
	b.writer.SetAutoStop(false)
	b.writer.SetTerminalWidth(width)
	b.writer.SetTrackerLength(min(30, width-besideBar))
	b.writer.Style().Visibility.Tracker = width-besideBar >= shortestBar
	b.writer.SetUpdateFrequency(100 * time.Millisecond)
	b.writer.Style().Visibility.Speed = false
	b.writer.Style().Visibility.ETA = true
	if os.Getenv("NO_COLOR") == "" {
		b.writer.Style().Colors = progress.StyleColorsExample
	}
	go func() {
		b.writer.Render()
		close(b.stopped)
	}()
	return b
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

const (
	besideBar   = 37 // columns that about are taken by what stands beside a bar: the share, the count, the time, the step
	shortestBar = 10 // columns; a bar with less says nothing
)

// columns is how wide a terminal is: as they were made, where it does not know.
func columns(w io.Writer) int {
	if f, ok := w.(*os.File); ok {
		if width, _, err := term.GetSize(int(f.Fd())); err == nil && width > 0 {
			return width
		}
	}
	return 80
}

// update is called by one goroutine at a time.
func (b *bars) update(p whatif.Progress) {
	if b.writer == nil {
		return
	}
	t := b.trackers[p.Step]
	if t == nil {
		t = &progress.Tracker{Message: p.Step, Total: int64(p.Total), Units: b.units}
		b.trackers[p.Step] = t
		b.writer.AppendTracker(t)
	}
	t.SetValue(int64(p.Done))
}

// stop returns when nothing more is drawn. The writer does not hear a stop that comes before it has begun.
func (b *bars) stop() {
	if b.writer == nil {
		return
	}
	for {
		b.writer.Stop()
		select {
		case <-b.stopped:
			return
		case <-time.After(time.Millisecond):
		}
	}
}
