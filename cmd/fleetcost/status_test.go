package main

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/fleetcost/fleetcost/registrysize"
)

// TestExitStatus checks what each kind of error ends the program with.
func TestExitStatus(t *testing.T) {
	down := &registrysize.RegistryError{Ref: "x", Registry: "y", Err: errors.New("down")}
	absent := &registrysize.RegistryError{Ref: "x", Registry: "y", Err: fmt.Errorf("404: %w", registrysize.ErrNotFound)}
	uncatalogued := fmt.Errorf("x is not in the catalog: %w", registrysize.ErrNotFound)
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	for _, c := range []struct {
		name string
		ctx  context.Context
		err  error
		want int
	}{
		{"a plain error", context.Background(), errors.New("x"), exitFailed},
		{"wrong input", context.Background(), fmt.Errorf("reading: %w", inputError{errors.New("x")}), exitInput},
		{"a registry that is down", context.Background(), inputError{errors.Join(uncatalogued, fmt.Errorf("sizes: %w", down))}, exitRegistry},
		{"down, and not in the catalog", context.Background(), inputError{fmt.Errorf("%w\n%w", down, uncatalogued)}, exitRegistry},
		{"an image that its registry does not have", context.Background(), inputError{absent}, exitInput},
		{"one such, and a registry that is down", context.Background(), inputError{errors.Join(absent, down)}, exitRegistry},
		{"a broken budget", context.Background(), fmt.Errorf("x: %w", brokenError{"y"}), exitBroken},
		{"an interrupt, whatever came of it", ended, inputError{down}, exitInterrupted},
	} {
		if got := exitStatus(c.ctx, c.err); got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
	}
}
