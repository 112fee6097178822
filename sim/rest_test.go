package sim

import "testing"

// checkRest holds for every run that has come to its end: each deploy reached each of its sites or was overtaken, and every
// node that keeps anything holds what its services' newest versions there are.
func checkRest(t *testing.T, e *engine) {
	t.Helper()
	rollouts := int64(0)
	for i := range e.products {
		for _, n := range e.model.Services[i].Instances {
			if n > 0 {
				rollouts += e.services[i].Deploys
			}
		}
	}
	if got := e.rollouts.Count + e.rollouts.Superseded; got != rollouts {
		t.Errorf("%d rollouts done and %d superseded, of %d", e.rollouts.Count, e.rollouts.Superseded, rollouts)
	}
	for _, s := range e.sites {
		if len(s.rolling) > 0 {
			t.Errorf("%s: %d rollouts under way", s.dc.Name, len(s.rolling))
		}
		for i := range s.running {
			run := &s.running[i]
			for _, part := range e.partsOf(s, run.layout.nodesOf(0, run.layout.total)) {
				c := part.cohort
				if !c.resting() {
					t.Errorf("%s: nodes %v are at work", s.dc.Name, part.nodes)
				}
				if !c.spec().Ephemeral && !c.store.holds(c.image(run.current)) {
					t.Errorf("%s: nodes %v do not hold the newest %s", s.dc.Name, part.nodes, e.model.Services[i].Name)
				}
			}
		}
	}
}
