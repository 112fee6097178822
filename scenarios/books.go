package scenarios

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io"
	"math/big"
	"slices"
	"time"

	"gopkg.in/yaml.v3"

	"github.com/fleetcost/fleetcost/sim/price"
)

//go:embed books/*.yaml
var books embed.FS

// Book returns a built-in price book: one that Prices.Book names. The error of any other name has the
// names there are.
func Book(name string) (*price.Book, error) {
	known := []string{BookAWS, BookNone}
	switch {
	case name == BookNone:
		return price.None(), nil
	case !slices.Contains(known, name):
		return nil, fmt.Errorf("opening price book: %s", unknownName("book", name, known))
	}
	return readBook(name)
}

// readBook reads a book and those that it includes.
func readBook(name string) (*price.Book, error) {
	data, err := books.ReadFile("books/" + name + ".yaml")
	if err != nil {
		return nil, fmt.Errorf("opening price book: %w", err)
	}
	b, include, err := parseBook(data)
	if err != nil {
		return nil, fmt.Errorf("reading price book %s: %w", name, err)
	}
	for _, other := range include {
		part, err := readBook(other)
		if err != nil {
			return nil, err
		}
		b.Rules = append(b.Rules, part.Rules...)
		b.Limits = append(b.Limits, part.Limits...)
	}
	if err := b.Check(); err != nil {
		return nil, fmt.Errorf("reading price book %s: %w", name, err)
	}
	return b, nil
}

// A bookFile is a price book as written; aws.yaml says what its keys mean.
type bookFile struct {
	Name     string                `yaml:"name"`
	Currency string                `yaml:"currency"`
	Compiled string                `yaml:"compiled"`
	Include  []string              `yaml:"include"`
	Notes    []string              `yaml:"notes"`
	Rules    []bookRule            `yaml:"rules"`
	Limits   []bookLimit           `yaml:"limits"`
	Sources  map[string]bookSource `yaml:"sources"`
}

type bookRule struct {
	ID          string        `yaml:"id"`
	Provider    string        `yaml:"provider"` // default: the book's name
	Meter       price.Meter   `yaml:"meter"`
	Description string        `yaml:"description"`
	Unit        string        `yaml:"unit"`
	Unstated    bool          `yaml:"unstated"`
	Charged     price.Charged `yaml:"charged"`
	Counter     price.Counter `yaml:"counter"` // default: account
	Free        decimal       `yaml:"free"`
	Tiers       []bookTier    `yaml:"tiers"`
	Origin      bookOrigin    `yaml:"origin"`
	Regions     bookRegions   `yaml:"regions"`
	Known       []string      `yaml:"known"`
	StandIn     string        `yaml:"standIn"`
	Doubt       string        `yaml:"doubt"`
	Note        string        `yaml:"note"`
}

type bookTier struct{ upTo, rate decimal }

type bookRegions struct {
	Origin bookOrigin           `yaml:"origin"`
	Rates  map[string][]decimal `yaml:"rates"`
	Pairs  map[string]decimal   `yaml:"pairs"`
}

type bookLimit struct {
	ID       string        `yaml:"id"`
	Provider string        `yaml:"provider"`
	Client   string        `yaml:"client"`
	Pulls    int64         `yaml:"pulls"`
	Per      time.Duration `yaml:"per"`
	Scope    string        `yaml:"scope"`
	Origin   bookOrigin    `yaml:"origin"`
}

type bookOrigin struct {
	AsOf       string   `yaml:"asOf"`
	Confidence string   `yaml:"confidence"`
	Sources    []string `yaml:"sources"`
}

type bookSource struct {
	Title string `yaml:"title"`
	URL   string `yaml:"url"`
	Date  string `yaml:"date"`
}

// A decimal is an exact number as written, so that 0.1 is a tenth; nil where the file says unknown.
type decimal struct{ *big.Rat }

// UnmarshalYAML reads a number.
func (d *decimal) UnmarshalYAML(n *yaml.Node) error {
	if n.Value == "unknown" {
		return nil
	}
	r, ok := new(big.Rat).SetString(n.Value)
	if !ok || n.Kind != yaml.ScalarNode {
		return fmt.Errorf("line %d: %q is no number", n.Line, n.Value)
	}
	d.Rat = r
	return nil
}

// UnmarshalYAML reads [edge, rate].
func (t *bookTier) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind != yaml.SequenceNode || len(n.Content) != 2 {
		return fmt.Errorf("line %d: a tier is written [upper edge, rate]", n.Line)
	}
	edge := n.Content[0]
	if edge.Value == "unknown" {
		return fmt.Errorf("line %d: a tier ends at a number, or is open", n.Line)
	}
	if edge.Value != "open" {
		if err := edge.Decode(&t.upTo); err != nil {
			return err
		}
	}
	return n.Content[1].Decode(&t.rate)
}

// unitBytes are the bytes in a unit's GB.
var unitBytes = map[string]int64{"GiB": 1 << 30, "GiB-month": 1 << 30, "GB": 1e9, "GB-month": 1e9, "h": 0}

// parseBook reads one file, strictly, and returns the names of the books it includes.
func parseBook(data []byte) (b *price.Book, include []string, err error) {
	var file bookFile
	dec := yaml.NewDecoder(bytes.NewReader(data))
	dec.KnownFields(true)
	if err := dec.Decode(&file); err != nil {
		return nil, nil, err
	}
	if err := dec.Decode(&yaml.Node{}); !errors.Is(err, io.EOF) {
		return nil, nil, fmt.Errorf("there is more than one document")
	}
	b = &price.Book{Name: file.Name, Currency: file.Currency, Compiled: file.Compiled, Notes: file.Notes}
	var errs []error
	for i := range file.Rules {
		r, err := file.Rules[i].rule(&file)
		if err != nil {
			errs = append(errs, fmt.Errorf("rule %q: %w", file.Rules[i].ID, err))
		}
		b.Rules = append(b.Rules, r)
	}
	for _, l := range file.Limits {
		from, err := l.Origin.origin(&file)
		if err != nil {
			errs = append(errs, fmt.Errorf("limit %q: %w", l.ID, err))
		}
		b.Limits = append(b.Limits, price.Limit{
			ID: l.ID, Provider: l.Provider, Client: l.Client, Pulls: l.Pulls, Seconds: int64(l.Per / time.Second), Scope: l.Scope, Origin: from,
		})
	}
	return b, file.Include, errors.Join(errs...)
}

func (f *bookRule) rule(file *bookFile) (price.Rule, error) {
	perGB, ok := unitBytes[f.Unit]
	if !ok {
		return price.Rule{}, fmt.Errorf("unit %q is not known; write GiB, GB, GiB-month, GB-month or h", f.Unit)
	}
	r := price.Rule{
		ID: f.ID, Provider: f.Provider, Meter: f.Meter, Description: f.Description, Unit: f.Unit, UnitBytes: perGB,
		Unstated: f.Unstated, Charged: f.Charged, Counter: f.Counter, Free: f.Free.Rat,
		Known: f.Known, StandIn: f.StandIn, Doubt: f.Doubt, Note: f.Note,
	}
	if r.Provider == "" {
		r.Provider = file.Name
	}
	if r.Counter == "" {
		r.Counter = price.PerAccount
	}
	for _, t := range f.Tiers {
		r.Tiers = append(r.Tiers, price.Tier{UpTo: t.upTo.Rat, Rate: t.rate.Rat})
	}
	if f.Regions.Rates != nil {
		r.Regions = map[string][]*big.Rat{}
	}
	for region, rates := range f.Regions.Rates {
		for _, rate := range rates {
			r.Regions[region] = append(r.Regions[region], rate.Rat)
		}
	}
	if f.Regions.Pairs != nil {
		r.Pairs = map[string]*big.Rat{}
	}
	for pair, rate := range f.Regions.Pairs {
		r.Pairs[pair] = rate.Rat
	}
	var err, regionsErr error
	r.Origin, err = f.Origin.origin(file)
	r.RegionsOrigin, regionsErr = f.Regions.Origin.origin(file)
	return r, errors.Join(err, regionsErr)
}

func (f *bookOrigin) origin(file *bookFile) (price.Origin, error) {
	out := price.Origin{AsOf: f.AsOf, Confidence: f.Confidence}
	var errs []error
	for _, id := range f.Sources {
		s, ok := file.Sources[id]
		if !ok || s.Title == "" || s.Date == "" {
			errs = append(errs, fmt.Errorf("source %q is not listed with title and date", id))
			continue
		}
		out.Sources = append(out.Sources, price.Source(s))
	}
	return out, errors.Join(errs...)
}
