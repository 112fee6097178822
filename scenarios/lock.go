package scenarios

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/fleetcost/fleetcost/registrysize"
	"github.com/fleetcost/fleetcost/scenarios/input"
)

// A Lock pins what a scenario's references were when they were read: digests, layers and sizes. It is a
// registrysize.Source that needs no network, and is not changed once it is in use.
type Lock struct {
	file      string // for errors
	remedy    string // the command that makes it anew
	Images    []LockedImage
	Histories []LockedHistory
}

// A LockedImage is what a reference named on some platforms.
type LockedImage struct {
	Ref       string // normalised
	Digest    string // of what the reference names: an index, or the image itself
	Platforms []LockedPlatform
}

// A LockedPlatform is one image.
type LockedPlatform struct {
	Platform string
	Digest   string               // of its manifest
	Read     string               // the day, YYYY-MM-DD; "": not known
	Source   string               // registry, catalog …
	Layers   []registrysize.Layer // bottom first
}

// A LockedHistory is the releases that a repository had.
type LockedHistory struct {
	registrysize.History
	Releases []string // normalised references, oldest first
}

// LockPath is where the lock of a scenario lies: fleet.lock.yaml beside fleet.yaml.
func LockPath(scenario string) string {
	switch ext := filepath.Ext(scenario); ext {
	case ".yaml", ".yml":
		scenario = strings.TrimSuffix(scenario, ext)
	}
	return scenario + ".lock.yaml"
}

// NewLock makes a lock of images and histories.
func NewLock(images []registrysize.Image, histories []LockedHistory) *Lock {
	l := &Lock{}
	for _, img := range images {
		l.add(img)
	}
	for i := range l.Images {
		slices.SortFunc(l.Images[i].Platforms, func(a, b LockedPlatform) int { return cmp.Compare(a.Platform, b.Platform) })
	}
	slices.SortFunc(l.Images, func(a, b LockedImage) int { return cmp.Compare(a.Ref, b.Ref) })
	l.Histories = slices.Clone(histories)
	slices.SortFunc(l.Histories, func(a, b LockedHistory) int {
		return cmp.Or(cmp.Compare(a.Repository, b.Repository), cmp.Compare(a.Match, b.Match), cmp.Compare(a.Last, b.Last))
	})
	return l
}

func (l *Lock) add(img registrysize.Image) {
	i := slices.IndexFunc(l.Images, func(o LockedImage) bool { return o.Ref == img.Ref })
	if i < 0 {
		i = len(l.Images)
		l.Images = append(l.Images, LockedImage{Ref: img.Ref, Digest: cmp.Or(img.Index, img.Digest)})
	}
	known := slices.ContainsFunc(l.Images[i].Platforms, func(p LockedPlatform) bool { return p.Platform == img.Platform })
	if !known {
		l.Images[i].Platforms = append(l.Images[i].Platforms,
			LockedPlatform{Platform: img.Platform, Digest: img.Digest, Read: img.Observed, Source: img.Source, Layers: img.Layers})
	}
}

// ReadLock reads a lock file. Mistakes in it are an Errors; where there is no file the error is of os.
func ReadLock(path, scenario string) (*Lock, error) {
	f, err := input.Open(path, input.NoPipes)
	if err != nil {
		return nil, fmt.Errorf("reading lock: %w", err)
	}
	data, err := io.ReadAll(io.LimitReader(f, MaxFileBytes+1))
	if err := errors.Join(err, f.Close()); err != nil {
		return nil, fmt.Errorf("reading lock %s: %w", path, err)
	}
	l, err := ParseLock(path, data)
	if err != nil {
		return nil, err
	}
	return l.Of(scenario), nil
}

// Of returns the lock with the scenario that its errors say to lock anew.
func (l *Lock) Of(scenario string) *Lock {
	out := *l
	out.remedy = "fleetcost lock " + scenario
	return &out
}

// Find is a normalised reference's image on a platform; nil: the lock has none.
func (l *Lock) Find(ref, platform string) *LockedPlatform {
	for i := range l.Images {
		if l.Images[i].Ref != ref {
			continue
		}
		for j := range l.Images[i].Platforms {
			if p := &l.Images[i].Platforms[j]; p.Platform == platform {
				return p
			}
		}
	}
	return nil
}

// Image finds a normalised reference on a platform.
func (l *Lock) Image(_ context.Context, ref, platform string) (registrysize.Image, error) {
	p := l.Find(ref, platform)
	if p == nil {
		return registrysize.Image{}, fmt.Errorf("%s has no %s on %s: %w; run %s", l.file, ref, platform, registrysize.ErrNotFound, l.remedy)
	}
	out := registrysize.Image{Ref: ref, Platform: platform, Digest: p.Digest, Source: "lock", Observed: p.Read, Layers: slices.Clone(p.Layers)}
	if i := slices.IndexFunc(l.Images, func(o LockedImage) bool { return o.Ref == ref }); l.Images[i].Digest != p.Digest {
		out.Index = l.Images[i].Digest
	}
	return out, nil
}

// Releases lists the references of a history, as they were.
func (l *Lock) Releases(_ context.Context, want registrysize.History, _ string) ([]string, error) {
	for _, h := range l.Histories {
		if h.History == want {
			return slices.Clone(h.Releases), nil
		}
	}
	return nil, fmt.Errorf("%s has no history of the last %d tags of %s that fit %q: %w; run %s",
		l.file, want.Last, want.Repository, want.Match, registrysize.ErrNotFound, l.remedy)
}

// Stale tells what the lock has that another one of the same scenario has not, or lacks: references, platforms
// and histories, whatever they name. "": nothing.
func (l *Lock) Stale(needed *Lock) string {
	var out []string
	for _, img := range needed.Images {
		for _, p := range img.Platforms {
			if l.Find(img.Ref, p.Platform) == nil {
				out = append(out, "no "+img.Ref+" on "+p.Platform)
			}
		}
	}
	for _, img := range l.Images {
		for _, p := range img.Platforms {
			if needed.Find(img.Ref, p.Platform) == nil {
				out = append(out, img.Ref+" on "+p.Platform+", which is not used")
			}
		}
	}
	if len(out) == 0 {
		return ""
	}
	const most = 5
	if len(out) > most {
		out = append(out[:most], fmt.Sprintf("and %d more", len(out)-most))
	}
	return fmt.Sprintf("%s is stale: it has %s; run %s", l.file, strings.Join(out, "; "), l.remedy)
}
