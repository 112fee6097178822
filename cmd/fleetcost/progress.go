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
	stopped  chan struct{} // closed when the writer has drawn its last
}

func newProgress(s streams, quiet bool) *bars {
	b := &bars{trackers: map[string]*progress.Tracker{}, stopped: make(chan struct{})}
	if quiet || os.Getenv("CI") != "" || !isTerminal(s.err) {
		return b
	}
	b.writer = progress.NewWriter()
	b.writer.SetOutputWriter(s.err)
	b.writer.SetAutoStop(false)
	b.writer.SetTrackerLength(30)
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

// update is called by one goroutine at a time.
func (b *bars) update(p whatif.Progress) {
	if b.writer == nil {
		return
	}
	t := b.trackers[p.Step]
	if t == nil {
		t = &progress.Tracker{Message: p.Step, Total: int64(p.Total)}
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
