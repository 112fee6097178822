package main

import (
	"io"
	"os"
	"time"

	"github.com/jedib0t/go-pretty/v6/progress"

	"github.com/fleetcost/fleetcost/scenarios/whatif"
)

// bars shows progress on a terminal, one bar a step, and nothing elsewhere.
type bars struct {
	writer   progress.Writer // nil: silent
	trackers map[string]*progress.Tracker
}

func newProgress(s streams, quiet bool) *bars {
	b := &bars{trackers: map[string]*progress.Tracker{}}
	if quiet || os.Getenv("CI") != "" || !isTerminal(s.err) {
		return b
	}
	b.writer = progress.NewWriter()
	b.writer.SetOutputWriter(s.err)
	b.writer.SetAutoStop(false)
	b.writer.SetTrackerLength(30)
	b.writer.SetUpdateFrequency(100 * time.Millisecond)
	b.writer.Style().Visibility.Speed = false
	if os.Getenv("NO_COLOR") == "" {
		b.writer.Style().Colors = progress.StyleColorsExample
	}
	go b.writer.Render()
	return b
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
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

func (b *bars) stop() {
	if b.writer == nil {
		return
	}
	b.writer.Stop()
	for b.writer.IsRenderInProgress() {
		time.Sleep(time.Millisecond)
	}
}
