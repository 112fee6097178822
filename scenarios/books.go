package scenarios

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io"
	"math/big"

	"gopkg.in/yaml.v3"

	"github.com/fleetcost/fleetcost/sim/price"
)

//go:embed books/*.yaml
var books embed.FS

// Book returns a built-in price book: one that Prices.Book names.
func Book(name string) (*price.Book, error) {
	if name == BookNone {
		return price.None(), nil
	}
	data, err := books.ReadFile("books/" + name + ".yaml")
	if err != nil {
		return nil, fmt.Errorf("opening price book: %s", unknownName("book", name, []string{BookAWS, BookNone}))
	}
	b, err := parseBook(data)
	if err != nil {
		return nil, fmt.Errorf("reading price book %s: %w", name, err)
	}
	return b, nil
}

// A bookFile is a price book as written. Numbers are kept as text, so that 0.1 is a tenth.
type bookFile struct {
	Name     string            `yaml:"name"`
	Currency string            `yaml:"currency"`
	Compiled string            `yaml:"compiled"`
	Notes    []string          `yaml:"notes"`
	Rules    []bookRule        `yaml:"rules"`
	Sources  map[string]string `yaml:"sources"`
}

type bookRule struct {
	ID          string               `yaml:"id"`
	Meter       price.Meter          `yaml:"meter"`
	Description string               `yaml:"description"`
	Unit        string               `yaml:"unit"`
	Charged     price.Charged        `yaml:"charged"`
	PerRegion   bool                 `yaml:"perRegion"`
	Free        decimal              `yaml:"free"`
	Tiers       [][2]decimal         `yaml:"tiers"`
	Regions     map[string][]decimal `yaml:"regions"`
	Pairs       map[string]decimal   `yaml:"pairs"`
	Verified    []string             `yaml:"verified"`
	Doubt       string               `yaml:"doubt"`
	AsOf        string               `yaml:"asOf"`
	Confidence  string               `yaml:"confidence"`
	Source      string               `yaml:"source"`
}

// A decimal is an exact number; nil for open and unknown.
type decimal struct{ *big.Rat }

// UnmarshalYAML reads a number as written.
func (d *decimal) UnmarshalYAML(n *yaml.Node) error {
	if n.Value == "open" || n.Value == "unknown" {
		return nil
	}
	r, ok := new(big.Rat).SetString(n.Value)
	if !ok || n.Kind != yaml.ScalarNode {
		return fmt.Errorf("line %d: %q is no number", n.Line, n.Value)
	}
	d.Rat = r
	return nil
}

// unitBytes are the bytes in a unit's GB.
var unitBytes = map[string]int64{"GiB": 1 << 30, "GiB-month": 1 << 30, "h": 0}

func parseBook(data []byte) (*price.Book, error) {
	var file bookFile
	dec := yaml.NewDecoder(bytes.NewReader(data))
	dec.KnownFields(true)
	if err := dec.Decode(&file); err != nil {
		return nil, err
	}
	if err := dec.Decode(&yaml.Node{}); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("there is more than one document")
	}
	b := &price.Book{Name: file.Name, Currency: file.Currency, Compiled: file.Compiled, Notes: file.Notes}
	for i := range file.Rules {
		r, err := file.Rules[i].rule(&file)
		if err != nil {
			return nil, fmt.Errorf("rule %s: %w", file.Rules[i].ID, err)
		}
		b.Rules = append(b.Rules, r)
	}
	return b, nil
}

func (f *bookRule) rule(file *bookFile) (price.Rule, error) {
	perGB, ok := unitBytes[f.Unit]
	if !ok {
		return price.Rule{}, fmt.Errorf("unit %q is not known", f.Unit)
	}
	source, ok := file.Sources[f.Source]
	if !ok {
		return price.Rule{}, fmt.Errorf("source %q is not listed", f.Source)
	}
	r := price.Rule{
		ID: f.ID, Provider: file.Name, Meter: f.Meter, Description: f.Description,
		Unit: f.Unit, UnitBytes: perGB, UnitStated: true, Charged: f.Charged, PerRegion: f.PerRegion, Free: f.Free.Rat,
		Verified: f.Verified, Doubt: f.Doubt, AsOf: f.AsOf, Confidence: f.Confidence, Source: source,
	}
	for _, t := range f.Tiers {
		r.Tiers = append(r.Tiers, price.Tier{UpTo: t[0].Rat, Rate: t[1].Rat})
	}
	for region, rates := range f.Regions {
		if len(rates) != len(f.Tiers) {
			return price.Rule{}, fmt.Errorf("%d rates for %s, %d tiers", len(rates), region, len(f.Tiers))
		}
		if r.Regions == nil {
			r.Regions = map[string][]*big.Rat{}
		}
		for _, rate := range rates {
			r.Regions[region] = append(r.Regions[region], rate.Rat)
		}
	}
	for pair, rate := range f.Pairs {
		if r.Pairs == nil {
			r.Pairs = map[string]*big.Rat{}
		}
		r.Pairs[pair] = rate.Rat
	}
	return r, nil
}
