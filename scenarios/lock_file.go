package scenarios

import (
	"bytes"
	"fmt"
	"path"
	"reflect"
	"regexp"

	"gopkg.in/yaml.v3"

	"github.com/fleetcost/fleetcost/registrysize"
)

// lockFile is a lock as written.
type lockFile struct {
	Version   int             `yaml:"version,required"` // 1
	Images    []lockedImage   `yaml:"images" max:"100000"`
	Histories []lockedHistory `yaml:"histories" max:"20000"`
}

type lockedImage struct {
	Ref       string           `yaml:"ref,required"`
	Digest    string           `yaml:"digest,required"`
	Platforms []lockedPlatform `yaml:"platforms,required" max:"100"`
}

type lockedPlatform struct {
	Platform string        `yaml:"platform,required"`
	Digest   string        `yaml:"digest,required"`
	Read     Date          `yaml:"read"`
	Source   string        `yaml:"source,required"`
	Layers   []lockedLayer `yaml:"layers,required" max:"500"`
}

type lockedLayer struct {
	Digest string `yaml:"digest,required"`
	Bytes  uint64 `yaml:"bytes,required" max:"17592186044416"` // 2^44
}

type lockedHistory struct {
	Repository string   `yaml:"repository,required"`
	Match      string   `yaml:"match,required"`
	Last       int      `yaml:"last,required" min:"1" max:"1000"`
	Releases   []string `yaml:"releases,required" max:"1000"`
}

// IsLock tells a lock file from a scenario and from anything else. What it says of a file with mistakes may be
// either.
func IsLock(data []byte) bool {
	var top struct {
		Images      []struct{ Platforms yaml.Node }
		Histories   []yaml.Node
		Datacenters yaml.Node
		Services    yaml.Node
	}
	if len(data) > MaxFileBytes || yaml.Unmarshal(data, &top) != nil || !top.Datacenters.IsZero() || !top.Services.IsZero() {
		return false
	}
	return len(top.Histories) > 0 || len(top.Images) > 0 && !top.Images[0].Platforms.IsZero()
}

// ParseLock reads the text of a lock file; file is the name that errors show. The error is an Errors.
func ParseLock(file string, data []byte) (*Lock, error) {
	t, _, errs := parseTree(file, data)
	if len(errs) > 0 {
		return nil, join(file, errs)
	}
	var f lockFile
	dec := decoder{tree: t, failed: map[*yaml.Node]bool{}}
	dec.structure(t.root, reflect.ValueOf(&f).Elem(), "")
	c := lockChecker{validator{Scenario: &Scenario{tree: t}, failed: dec.failed, errs: dec.errs}, map[string]uint64{}}
	l := c.lock(&f)
	if err := join(file, c.errs); err != nil {
		return nil, err
	}
	l.file = file
	return l, nil
}

var (
	lockedDigest = regexp.MustCompile(`^sha256:[0-9a-f]{64}$`)
	lockedWord   = regexp.MustCompile(`^[a-z]+$`)
)

// A lockChecker turns a lock file into a lock, and notes what is wrong.
type lockChecker struct {
	validator
	sizes map[string]uint64 // of layers, by digest
}

func (c *lockChecker) check(fine bool, path, format string, args ...any) {
	if !fine {
		c.fail(path, format, args...)
	}
}

func (c *lockChecker) lock(f *lockFile) *Lock {
	c.check(f.Version == 1, "version", "%d is no version of the format; make the lock anew with fleetcost lock", f.Version)
	l := &Lock{}
	var images []registrysize.Image
	for i, img := range f.Images {
		at := fmt.Sprintf("images[%d]", i)
		c.ref(at+".ref", img.Ref)
		c.digest(at+".digest", img.Digest)
		for j, p := range img.Platforms {
			images = append(images, c.image(fmt.Sprintf("%s.platforms[%d]", at, j), &img, &p))
		}
	}
	var histories []LockedHistory
	for i, h := range f.Histories {
		at := fmt.Sprintf("histories[%d]", i)
		c.ref(at+".repository", h.Repository+":any")
		_, err := path.Match(h.Match, "")
		c.check(err == nil, at+".match", "is %q, which is no pattern", clip(h.Match))
		for j, ref := range h.Releases {
			c.ref(fmt.Sprintf("%s.releases[%d]", at, j), ref)
		}
		histories = append(histories, LockedHistory{registrysize.History{Repository: h.Repository, Match: h.Match, Last: h.Last}, h.Releases})
	}
	if len(c.errs) == 0 {
		l = NewLock(images, histories)
	}
	return l
}

func (c *lockChecker) image(at string, img *lockedImage, p *lockedPlatform) registrysize.Image {
	usual, err := registrysize.NormalizePlatform(p.Platform)
	c.check(err == nil && usual == p.Platform, at+".platform", "is %q; write os/architecture as registries do", clip(p.Platform))
	c.digest(at+".digest", p.Digest)
	c.check(lockedWord.MatchString(p.Source), at+".source", "is %q; write a word", clip(p.Source))
	out := registrysize.Image{Ref: img.Ref, Platform: p.Platform, Index: img.Digest, Digest: p.Digest, Observed: string(p.Read), Source: p.Source, Layers: []registrysize.Layer{}}
	for i, l := range p.Layers {
		c.digest(fmt.Sprintf("%s.layers[%d].digest", at, i), l.Digest)
		bytes, known := c.sizes[l.Digest]
		c.check(!known || bytes == l.Bytes, fmt.Sprintf("%s.layers[%d].bytes", at, i), "is %d, where the same digest has %d before; make the lock anew with fleetcost lock", l.Bytes, bytes)
		c.sizes[l.Digest] = l.Bytes
		out.Layers = append(out.Layers, registrysize.Layer{Digest: l.Digest, Bytes: int64(l.Bytes)})
	}
	return out
}

func (c *lockChecker) digest(at, digest string) {
	c.check(lockedDigest.MatchString(digest), at, "is %q; write sha256: and 64 hexadecimal digits", clip(digest))
}

func (c *lockChecker) ref(at, ref string) {
	full, err := registrysize.Normalize(ref)
	c.check(err == nil && full == ref, at, "is %q; write a whole reference, e.g. docker.io/library/alpine:3.24", clip(ref))
}

// Bytes writes the lock as a file: sorted, and the same for the same content.
func (l *Lock) Bytes() []byte {
	var out bytes.Buffer
	out.WriteString("# Image digests and sizes, as fleetcost lock read them. Commit this file beside its scenario.\nversion: 1\nimages:")
	if len(l.Images) == 0 {
		out.WriteString(" []")
	}
	out.WriteString("\n")
	for _, img := range l.Images {
		fmt.Fprintf(&out, "  - ref: %s\n    digest: %s\n    platforms:\n", img.Ref, img.Digest)
		for _, p := range img.Platforms {
			fmt.Fprintf(&out, "      - platform: %s\n        digest: %s\n", p.Platform, p.Digest)
			if p.Read != "" {
				fmt.Fprintf(&out, "        read: %s\n", p.Read)
			}
			fmt.Fprintf(&out, "        source: %s\n        layers:", p.Source)
			if len(p.Layers) == 0 {
				out.WriteString(" []")
			}
			out.WriteString("\n")
			for _, layer := range p.Layers {
				fmt.Fprintf(&out, "          - {digest: %s, bytes: %d}\n", layer.Digest, layer.Bytes)
			}
		}
	}
	if len(l.Histories) > 0 {
		out.WriteString("histories:\n")
	}
	for _, h := range l.Histories {
		fmt.Fprintf(&out, "  - repository: %s\n    match: %q\n    last: %d\n    releases:\n", h.Repository, h.Match, h.Last)
		for _, ref := range h.Releases {
			fmt.Fprintf(&out, "      - %s\n", ref)
		}
	}
	return out.Bytes()
}
