package whatif

import "sync"

// A Progress counts the steps of a run: the images to find, then the variants to simulate.
type Progress struct {
	Step        string // "sizes" or "variants"
	Done, Total int
}

// steps counts what is done of one kind, by any number of goroutines.
type steps struct {
	name   string
	total  int
	report func(Progress) // nil: nobody hears

	mu    sync.Mutex
	count int
}

func (s *steps) done() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.count++
	if s.report != nil {
		s.report(Progress{s.name, s.count, s.total})
	}
}
