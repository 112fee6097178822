package whatif

import (
	"context"
	"fmt"
	"slices"

	"github.com/fleetcost/fleetcost/registrysize"
	"github.com/fleetcost/fleetcost/scenarios"
)

// Lock reads what all variants of a document refer to, on all platforms of their pools, and pins it. Sizes come
// from registries, but for scenarios that take them from the catalog.
//
// Errors are those of Run.
func Lock(ctx context.Context, doc *scenarios.Document, o Options) (*scenarios.Lock, error) {
	variants, err := Load(doc, nil)
	if err != nil {
		return nil, err
	}
	for i, s := range variants {
		fresh := *s
		if s.Sizes.From != scenarios.SizesCatalog {
			fresh.Sizes.From = scenarios.SizesRegistry
		}
		variants[i] = &fresh
	}
	images, err := resolve(ctx, variants, o)
	if err != nil {
		return nil, err
	}
	return pin(variants, images), nil
}

// pin makes a lock of what variants refer to.
func pin(variants []*scenarios.Scenario, images found) *scenarios.Lock {
	var all []registrysize.Image
	var histories []scenarios.LockedHistory
	for _, s := range variants {
		for _, w := range wants(s) {
			for _, ref := range s.References() {
				if img, ok := images[w][ref]; ok {
					all = append(all, img)
				}
			}
		}
		for i := range s.Services {
			v := &s.Services[i].Versions
			if v.Repository == "" {
				continue
			}
			h := scenarios.LockedHistory{History: v.History(), Releases: v.List}
			if !slices.ContainsFunc(histories, func(o scenarios.LockedHistory) bool { return o.History == h.History }) {
				histories = append(histories, h)
			}
		}
	}
	return scenarios.NewLock(all, histories)
}

// CheckLocked fails where a lock is not that of the document: it lacks what a variant refers to, or has what
// none does.
func CheckLocked(ctx context.Context, doc *scenarios.Document, sets []scenarios.Set, lock *scenarios.Lock) error {
	variants, err := Load(doc, sets)
	if err != nil {
		return err
	}
	for i, s := range variants {
		locked := *s
		locked.Sizes.From = scenarios.SizesLock
		variants[i] = &locked
	}
	images, err := resolve(ctx, variants, Options{Sizes: func(scenarios.SizesFrom) registrysize.Source { return lock }})
	if err != nil {
		return err
	}
	if stale := lock.Stale(pin(variants, images)); stale != "" {
		return fmt.Errorf("%s", stale)
	}
	return nil
}
