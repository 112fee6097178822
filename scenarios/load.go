package scenarios

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
)

// MaxFileBytes is the longest file that is read.
const MaxFileBytes = 16 << 20

// maxVariantNodes bounds the values of all variants together, each of which is a copy of the file.
const maxVariantNodes = 10_000_000

// enoughMistakes ends the decoding of variants: after so many mistakes, most of those in the remaining
// variants would be the same.
const enoughMistakes = 1000

// A Document is a scenario file as written: one YAML document whose aliases are expanded, before
// overlays, defaults and validation. It never changes and may be used by several goroutines.
type Document struct {
	file   string
	path   string // as ReadFile was told; "": not from a file
	digest string
	tree   *tree
	nodes  int // in tree
}

// ReadFile reads a scenario file. A mistake in the file is an Errors; that the file cannot be
// read is an error of os.
func ReadFile(path string) (*Document, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("reading scenario: %w", err)
	}
	defer func() { _ = f.Close() }()
	if info, err := f.Stat(); err == nil && info.IsDir() {
		return nil, fmt.Errorf("reading scenario %s: it is a directory; name a file in it", path)
	}
	d, err := Read(path, f)
	if err != nil {
		return nil, err
	}
	return d.At(path), nil
}

// Read reads a scenario file from r; file is the name that errors show.
func Read(file string, r io.Reader) (*Document, error) {
	data, err := io.ReadAll(io.LimitReader(r, MaxFileBytes+1))
	if err != nil {
		return nil, fmt.Errorf("reading scenario %s: %w", file, err)
	}
	return Parse(file, data)
}

// Parse reads the text of a scenario file; file is the name that errors show. The error is an
// Errors.
func Parse(file string, data []byte) (*Document, error) {
	t, nodes, errs := parseTree(file, data)
	if len(errs) > 0 {
		return nil, join(file, errs)
	}
	sum := sha256.Sum256(data)
	return &Document{file: file, digest: "sha256:" + hex.EncodeToString(sum[:]), tree: t, nodes: nodes}, nil
}

// Path is the file that the document was read from, as ReadFile or At were told; "" where it is from no file.
func (d *Document) Path() string { return d.path }

// At returns the document as one that was read from a file, beside which its lock lies.
func (d *Document) At(path string) *Document {
	out := *d
	out.path = path
	return &out
}

// File is the name that errors show.
func (d *Document) File() string { return d.file }

// Digest is sha256: and the digest of the file's bytes.
func (d *Document) Digest() string { return d.digest }

// Variants names the variants, in the file's order; a file without any has none here.
func (d *Document) Variants() []string {
	var names []string
	for _, v := range d.variants() {
		if v.name != "" {
			names = append(names, v.name)
		}
	}
	return names
}

// Scenarios decodes every variant, in the file's order: the file, then the variant's overlay,
// then its set, then sets, so that what is asked for last wins. A file without variants is its
// own only variant; with variants the file itself is none and need not be complete. The error is
// an Errors with the mistakes of all variants, or of the first where these have over a thousand.
func (d *Document) Scenarios(sets ...Set) ([]*Scenario, error) {
	return d.decode(d.variants(), sets)
}

// Scenario decodes one variant; see Scenarios. "" is the first.
func (d *Document) Scenario(name string, sets ...Set) (*Scenario, error) {
	for _, v := range d.variants() {
		if v.name == name || name == "" {
			all, err := d.decode([]variant{v}, sets)
			if err != nil {
				return nil, err
			}
			return all[0], nil
		}
	}
	return nil, join(d.file, []*Error{{File: d.file, Msg: unknownName("variant", name, d.Variants())}})
}

func (d *Document) decode(variants []variant, sets []Set) ([]*Scenario, error) {
	if n := len(variants) * d.nodes; n > maxVariantNodes {
		return nil, join(d.file, []*Error{{File: d.file, Msg: fmt.Sprintf(
			"has %d variants of %d values each, more than %d together; write several scenarios", len(variants), d.nodes, maxVariantNodes)}})
	}
	var all []*Scenario
	var errs []*Error
	for _, v := range variants {
		s, mistakes := d.scenario(v, sets)
		all = append(all, s)
		if errs = append(errs, mistakes...); len(errs) > enoughMistakes {
			break
		}
	}
	if err := join(d.file, errs); err != nil {
		return nil, err
	}
	return all, nil
}

// Load reads the text of a scenario file and decodes its variants; see Document.Scenarios.
func Load(file string, data []byte, sets ...Set) ([]*Scenario, error) {
	d, err := Parse(file, data)
	if err != nil {
		return nil, err
	}
	return d.Scenarios(sets...)
}

// LoadFile reads a scenario file and decodes its variants; see ReadFile and Document.Scenarios.
func LoadFile(path string, sets ...Set) ([]*Scenario, error) {
	d, err := ReadFile(path)
	if err != nil {
		return nil, err
	}
	return d.Scenarios(sets...)
}
