// Package sim simulates how container images reach a fleet's nodes: which layers move, over which
// links, and how long it takes.
//
// It is pure: a Model in, a Result out. It reads no files, opens no connections, looks at no clock
// and prints nothing; money, YAML and registries are other packages' business. The same Model gives
// the same Result on any machine and any number of cores.
package sim

import "context"

// Run simulates a model. It returns an error if the model contradicts itself (see Model.Validate),
// the context's error soon after that ends, or an error if the fleet never comes to rest.
//
// Deploys, rebuilds and replacements happen before Model.Duration; what is under way then is
// finished, and its bytes count. What a node had received of a layer when it was replaced does not.
func Run(ctx context.Context, m *Model) (*Result, error) {
	if err := m.Validate(); err != nil {
		return nil, err
	}
	return simulate(ctx, m, false)
}

func simulate(ctx context.Context, m *Model, alone bool) (*Result, error) {
	e := newEngine(m, alone)
	if err := e.run(ctx); err != nil {
		return nil, err
	}
	return e.result(), nil
}
