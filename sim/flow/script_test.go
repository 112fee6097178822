package flow

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// A script is one random history of a network, played on the network and its twin alike: flows start,
// groups split, grow and shrink, links are added and change, all at given times.
type script struct {
	draw    func(n int) int // a number below n
	decades int             // over which amounts are spread
	net     *Network
	twin    *twin
	groups  []Group // as the twin counts them; -1: gone
	tags    int
	ends    map[twinName]float64
	starts  map[twinName]float64
	bytes   []float64 // per shared link, load over time
	links   []int     // per shared link, its index in the twin
	fair    error
}

func newScript(draw func(int) int, decades int) *script {
	s := &script{draw: draw, decades: decades, net: New(nil), twin: newTwin(), ends: map[twinName]float64{}, starts: map[twinName]float64{}}
	for range 1 + draw(4) {
		s.addLink()
	}
	for range 1 + draw(4) {
		s.addRoute()
	}
	for range 1 + draw(4) {
		s.addGroup()
	}
	return s
}

// amount draws a number from 1 to most, at some scale.
func (s *script) amount(most int) float64 {
	return float64(1+s.draw(most)) * math.Pow10(s.draw(s.decades+1)-s.decades/2)
}

func (s *script) capacity() float64 {
	if s.draw(8) == 0 {
		return 0
	}
	return s.amount(60) / 3
}

func (s *script) addLink() {
	c := s.capacity()
	s.net.AddLink(c)
	s.links = append(s.links, len(s.twin.capacity))
	s.twin.capacity = append(s.twin.capacity, limit(c))
	s.bytes = append(s.bytes, 0)
}

func (s *script) addRoute() {
	var links, twins []int
	for i, l := range s.links {
		if s.draw(2) == 0 {
			links, twins = append(links, i), append(twins, l)
		}
	}
	perFlow := float64(s.draw(10))
	s.net.AddRoute(links, perFlow)
	s.twin.paths = append(s.twin.paths, twins)
	s.twin.limits = append(s.twin.limits, limit(perFlow))
}

func (s *script) addGroup() {
	members, private := 1+s.draw(5), s.amount(20)
	s.groups = append(s.groups, s.net.AddGroup(members, private))
	s.twin.addGroup(members, private)
}

// play makes that many changes, each at a later time than the last or at the same.
func (s *script) play(changes int) {
	for range changes {
		if gap := s.draw(4); gap > 0 {
			s.until(s.net.Now() + float64(gap)/7)
		}
		s.change()
		if s.draw(3) == 0 {
			s.check()
		}
	}
	s.check()
	s.until(math.Inf(1))
}

func (s *script) change() {
	i := s.draw(len(s.groups))
	g, members := s.groups[i], len(s.twin.members[i])
	switch kind := s.draw(12); {
	case kind == 0:
		s.addGroup()
	case kind == 1:
		s.addLink()
		s.addRoute()
	case kind == 2:
		l, c := s.draw(len(s.links)), s.capacity()
		s.net.SetCapacity(l, c)
		s.twin.capacity[s.links[l]] = limit(c)
	case g < 0:
	case kind == 3 && members > 1:
		m := 1 + s.draw(members-1)
		s.groups = append(s.groups, s.net.Split(g, m))
		s.twin.split(i, m)
		for name, start := range s.starts {
			if name.group == i {
				s.starts[twinName{len(s.groups) - 1, name.tag}] = start
			}
		}
	case kind == 4:
		m := s.draw(min(2*members, 8))
		s.net.Resize(g, m)
		s.twin.resize(i, m)
		if m == 0 {
			s.groups[i] = -1
		}
	default:
		for range 1 + s.draw(3) {
			r, bytes := s.draw(len(s.twin.paths)), s.amount(40)/5
			s.net.Start(g, Route(r), bytes, s.tags)
			s.twin.start(i, r, bytes, s.tags)
			s.starts[twinName{i, s.tags}] = s.net.Now()
			s.tags++
		}
	}
}

func (s *script) until(t float64) {
	var done []Done
	for {
		next, ok := s.net.Next()
		if !ok && math.IsInf(t, 1) {
			break
		}
		last := next > t
		if !last || !s.net.tied(t) {
			next = min(next, t)
		}
		step := next - s.net.Now()
		for i := range s.bytes {
			s.bytes[i] += s.net.Load(i) * step
		}
		done = s.net.Advance(next, done[:0])
		for _, d := range done {
			s.ends[twinName{s.index(d.Group), d.Tag}] = s.net.Now()
		}
		if last {
			break
		}
	}
	s.twin.run(t)
}

func (s *script) index(g Group) int {
	for i := range s.groups {
		if s.groups[i] == g {
			return i
		}
	}
	return -1
}

// check holds the network's rates against the definition of fairness, unless a flow that is about to
// end is still there on one side only.
func (s *script) check() {
	if len(s.ends) != len(s.twin.ends) {
		return
	}
	rates := func(f *twinFlow) float64 {
		for r, path := range s.twin.paths {
			if sameLinks(path, f.links[1:]) && s.twin.limits[r] == f.limit {
				if rate := s.net.Rate(s.groups[f.name.group], Route(r)); rate > 0 {
					return rate
				}
			}
		}
		return math.NaN()
	}
	if err := s.twin.fair(rates); err != nil && s.fair == nil {
		s.fair = fmt.Errorf("at %v: %w", s.net.Now(), err)
	}
}

func sameLinks(a, b []int) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// compare says where the network and its twin differ.
func (s *script) compare() error {
	if s.fair != nil {
		return s.fair
	}
	if len(s.ends) != len(s.twin.ends) {
		return fmt.Errorf("%d flows ended, want %d", len(s.ends), len(s.twin.ends))
	}
	for name, want := range s.twin.ends {
		got, ok := s.ends[name]
		if !ok || math.Abs(got-want) > 1e-9*(want-s.starts[name])+1e-15*want {
			return fmt.Errorf("flow %d of group %d ends at %v, want %v", name.tag, name.group, got, want)
		}
	}
	for i, got := range s.bytes {
		if want := s.twin.carried[s.links[i]]; math.Abs(got-want) > 1e-9*want {
			return fmt.Errorf("link %d carried %v, want %v", i, got, want)
		}
	}
	return nil
}

// TestAgainstTwin plays thousands of random histories.
func TestAgainstTwin(t *testing.T) {
	for seed := range uint64(4000) {
		rng := rand.New(rand.NewPCG(seed, 1))
		s := newScript(rng.IntN, int(seed%3)*4)
		s.play(2 + int(seed%30))
		if err := s.compare(); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
	}
}

// FuzzNetwork lets the fuzzer choose the history.
func FuzzNetwork(f *testing.F) {
	f.Add([]byte("a few links, routes and groups, and what happens to them"))
	f.Add([]byte{3, 2, 1, 0, 255, 254, 17, 99, 4, 4, 4, 4, 3, 3, 3, 3, 9, 9, 9, 9})
	f.Fuzz(func(t *testing.T, data []byte) {
		draw := func(n int) int {
			if len(data) == 0 {
				return 0
			}
			b := int(data[0])
			data = data[1:]
			return b % n
		}
		s := newScript(draw, draw(9))
		s.play(min(40, len(data)/2))
		if err := s.compare(); err != nil {
			t.Fatal(err)
		}
	})
}
