package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/fleetcost/fleetcost/registrysize"
)

// TestExitStatusIsTold compares what the manual, help and README say of exit statuses.
func TestExitStatusIsTold(t *testing.T) {
	readme, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	help := newRoot(streams{}).Long
	_, text, _ := strings.Cut(manual(t), "# Exit status")
	lines := regexp.MustCompile(`(?m)^\t(\d+) +(.*)$`).FindAllStringSubmatch(text, -1)
	if len(lines) != 6 {
		t.Fatalf("the manual has %d exit statuses", len(lines))
	}
	for _, m := range lines {
		if line := fmt.Sprintf("  %-4s %s", m[1], m[2]); !strings.Contains(help+"\n", line+"\n") {
			t.Errorf("help does not say %q", line)
		}
		if line := fmt.Sprintf("| %s | %s |\n", m[1], m[2]); !strings.Contains(string(readme), line) {
			t.Errorf("README.md does not say %q", line)
		}
	}
}

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
