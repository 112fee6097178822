package whatif

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/fleetcost/fleetcost/registrysize"
	"github.com/fleetcost/fleetcost/scenarios"
	"github.com/fleetcost/fleetcost/sim"
	"github.com/fleetcost/fleetcost/sim/price"
)

// Options are what Run needs from outside. The zero value runs what needs no sizes from elsewhere.
type Options struct {
	// Sizes returns the source of image sizes for a scenario's sizes.from. nil: only the catalog that is
	// built in, and only where the scenario asks for it.
	Sizes func(from scenarios.SizesFrom) registrysize.Source

	// Footprint tells what an image holds; nil, where that is not known. nil itself: what is built in.
	Footprint func(*registrysize.Image) *registrysize.Footprint

	// Budgets are checked after the scenario's own.
	Budgets []scenarios.Budget

	// OnProgress hears of each step that is done. nil: nobody does. It is called by one goroutine at a time.
	OnProgress func(Progress)
}

// Run simulates every variant of a document, with sets applied last, and prices it.
//
// Errors: scenarios.Errors where the input is wrong, *registrysize.RegistryError (wrapped) where a registry
// could not be reached or refused, the context's error once that ends.
func Run(ctx context.Context, doc *scenarios.Document, sets []scenarios.Set, o Options) (*Result, error) {
	variants, err := Load(doc, sets, o.Budgets...)
	if err != nil {
		return nil, err
	}
	images, err := resolve(ctx, variants, o)
	if err != nil {
		return nil, err
	}
	runs, err := prepare(variants, images)
	if err != nil {
		return nil, err
	}
	if err := simulate(ctx, runs, o); err != nil {
		return nil, err
	}
	r := newResult(doc, sets, runs, o)
	return r, r.Gate(slices.Concat(variants[0].Budgets, o.Budgets))
}

// A run is one variant on its way from scenario to bill.
type run struct {
	scenario *scenarios.Scenario
	images   []registrysize.Image
	model    *sim.Model
	book     *price.Book
	result   *sim.Result // of the first replication
	bill     *price.Bill // likewise
	samples  []samples   // one a replication
}

// prepare turns variants into models. The error has the mistakes of all of them.
func prepare(variants []*scenarios.Scenario, images found) ([]run, error) {
	runs := make([]run, len(variants))
	var mistakes scenarios.Errors
	for i, s := range variants {
		m, err := s.Model(images.of(s))
		if wrong, ok := errors.AsType[scenarios.Errors](err); ok {
			mistakes = append(mistakes, wrong...)
			continue
		}
		if err != nil {
			return nil, err
		}
		book, err := s.PriceBook()
		if wrong, ok := errors.AsType[scenarios.Errors](err); ok {
			mistakes = append(mistakes, wrong...)
			continue
		}
		runs[i] = run{scenario: s, images: s.AllImages(images.of(s)), model: m, book: book, samples: make([]samples, s.Simulate.Replications)}
	}
	if len(mistakes) > 0 {
		return nil, once(mistakes)
	}
	return runs, nil
}

// once drops the mistakes that variants share.
func once(mistakes scenarios.Errors) scenarios.Errors {
	seen := map[scenarios.Error]bool{}
	return slices.DeleteFunc(mistakes, func(m *scenarios.Error) bool {
		twice := seen[*m]
		seen[*m] = true
		return twice
	})
}

// simulate runs and prices every replication of every variant, as many at once as there are processors. Each
// lands in its place.
func simulate(ctx context.Context, runs []run, o Options) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	total := 0
	for i := range runs {
		total += len(runs[i].samples)
	}
	errs := make([]error, total)
	var wg sync.WaitGroup
	steps := &steps{name: "variants", total: total, report: o.OnProgress}
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	job := 0
	for i := range runs {
		for k := range runs[i].samples {
			err := &errs[job]
			job++
			slots <- struct{}{}
			wg.Go(func() {
				defer func() { <-slots }()
				if *err = runs[i].simulate(ctx, k); *err != nil {
					cancel()
					return
				}
				steps.done()
			})
		}
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil && !errors.Is(err, context.Canceled) {
			return err
		}
	}
	return ctx.Err()
}

// simulate runs one replication: the k-th takes the k-th seed from the scenario's on.
func (r *run) simulate(ctx context.Context, k int) error {
	one := run{scenario: r.scenario, model: r.model, book: r.book}
	model := *r.model
	model.Seed += uint64(k)
	var err error
	if one.result, err = sim.Run(ctx, &model); err != nil {
		return fmt.Errorf("simulating variant %s: %w", r.scenario.Variant, err)
	}
	if one.bill, err = price.Price(r.model, one.result, r.book, r.scenario.PriceOptions()); err != nil {
		return fmt.Errorf("pricing variant %s: %w", r.scenario.Variant, err)
	}
	if k == 0 {
		r.result, r.bill = one.result, one.bill
	}
	if len(r.samples) > 1 {
		v := newVariant(&one)
		r.samples[k] = newSamples(&v)
	}
	return nil
}

// digest is the identity of what is run: the file's, or, with overlays on it, that of both.
func digest(doc *scenarios.Document, sets []scenarios.Set) string {
	if len(sets) == 0 {
		return doc.Digest()
	}
	var text strings.Builder
	text.WriteString(doc.Digest() + "\n")
	for _, s := range sets {
		fmt.Fprintf(&text, "%q=%q\n", s.Path, s.Value)
	}
	sum := sha256.Sum256([]byte(text.String()))
	return "sha256:" + hex.EncodeToString(sum[:])
}
