package registrysize

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Cached returns a source that keeps what another one finds in files under dir: references with a digest
// for ever, tags for ttl. now tells the time. A file that cannot be read, or is not what it should be, is
// asked for anew, and one that cannot be written is done without.
func Cached(dir string, ttl time.Duration, now func() time.Time, source Source) Source {
	return &cached{dir: dir, ttl: ttl, now: now, source: source}
}

type cached struct {
	dir    string
	ttl    time.Duration
	now    func() time.Time
	source Source
}

// An entry is a cache file.
type entry struct {
	Read     time.Time `json:"read"`
	Image    Image     `json:"image"`
	Warnings []string  `json:"warnings,omitempty"` // the image's
}

func (c *cached) Image(ctx context.Context, ref, platform string) (Image, error) {
	file := c.file(ref, platform)
	if img, ok := c.load(file, ref, platform); ok {
		return img, nil
	}
	img, err := c.source.Image(ctx, ref, platform)
	if err == nil {
		c.store(file, img)
	}
	return img, err
}

func (c *cached) file(ref, platform string) string {
	sum := sha256.Sum256([]byte(ref + "\x00" + platform))
	return filepath.Join(c.dir, hex.EncodeToString(sum[:])+".json")
}

func (c *cached) load(file, ref, platform string) (Image, bool) {
	data, err := os.ReadFile(file)
	if err != nil {
		return Image{}, false
	}
	var e entry
	if json.Unmarshal(data, &e) != nil || e.Image.Ref != ref || e.Image.Platform != platform || !digestPattern.MatchString(e.Image.Digest) || e.Image.Layers == nil {
		return Image{}, false
	}
	age := c.now().Sub(e.Read)
	if !strings.Contains(ref, "@") && (age < 0 || age > c.ttl) {
		return Image{}, false
	}
	for _, l := range e.Image.Layers {
		if l.Bytes < 0 || !digestPattern.MatchString(l.Digest) {
			return Image{}, false
		}
	}
	e.Image.Source, e.Image.Warnings = "cache", e.Warnings
	return e.Image, true
}

// store writes beside and renames, so that no reader and no crash ever sees half a file.
func (c *cached) store(file string, img Image) {
	data, err := json.MarshalIndent(entry{c.now().UTC(), img, img.Warnings}, "", "  ")
	if err != nil || os.MkdirAll(c.dir, 0o755) != nil {
		return
	}
	tmp, err := os.CreateTemp(c.dir, "*.tmp")
	if err != nil {
		return
	}
	_, err = tmp.Write(data)
	if closing := tmp.Close(); err == nil {
		err = closing
	}
	if err != nil || os.Rename(tmp.Name(), file) != nil {
		_ = os.Remove(tmp.Name())
	}
}
