package scenarios

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/big"
	"slices"
	"strings"
	"time"

	"gopkg.in/yaml.v3"

	"github.com/fleetcost/fleetcost/sim/price"
)

// A bookFile is a price book as written; docs/prices.md says what its keys mean.
type bookFile struct {
	Name      string                `yaml:"name"`
	Currency  string                `yaml:"currency"`
	Compiled  string                `yaml:"compiled"`
	Include   []string              `yaml:"include"`
	Providers []bookProvider        `yaml:"providers"`
	Rules     []bookRule            `yaml:"rules"`
	Limits    []bookLimit           `yaml:"limits"`
	Sources   map[string]bookSource `yaml:"sources"`

	own bool // the user's, whose prices are taken as they are
}

type bookProvider struct {
	ID      string     `yaml:"id"`
	Name    string     `yaml:"name"`
	Note    string     `yaml:"note"`
	Service string     `yaml:"service"`
	Areas   []bookArea `yaml:"areas"`
}

type bookArea struct {
	Name    string   `yaml:"name"`
	Regions []string `yaml:"regions"`
}

type bookRule struct {
	ID          string        `yaml:"id"`
	Alternative bool          `yaml:"alternative"`
	Provider    string        `yaml:"provider"` // default: the book's first, else its name
	Service     string        `yaml:"service"`
	Plan        string        `yaml:"plan"`
	Meter       price.Meter   `yaml:"meter"`
	Meters      []price.Meter `yaml:"meters"` // several, with one counter
	Description string        `yaml:"description"`
	SKU         string        `yaml:"sku"`
	Unit        string        `yaml:"unit"`
	Unstated    bool          `yaml:"unstated"`
	Round       price.Round   `yaml:"round"`
	Charged     price.Charged `yaml:"charged"`
	Counter     price.Counter `yaml:"counter"` // default: account
	Per         price.Per     `yaml:"per"`
	Times       int           `yaml:"times"`
	Most        int           `yaml:"most"`
	Free        decimal       `yaml:"free"`
	FreePer     price.Per     `yaml:"freePer"` // node, or nothing
	Tiers       []bookTier    `yaml:"tiers"`
	Origin      bookOrigin    `yaml:"origin"`
	Regions     bookRegions   `yaml:"regions"`
	Only        []string      `yaml:"only"`
	Known       []string      `yaml:"known"`
	StandIn     string        `yaml:"standIn"`
	Doubt       string        `yaml:"doubt"`
	Note        string        `yaml:"note"`
}

type bookTier struct{ upTo, rate decimal }

type bookRegions struct {
	Origin bookOrigin           `yaml:"origin"`
	Rates  map[string][]decimal `yaml:"rates"`
	Pairs  map[string][]decimal `yaml:"pairs"`
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
	r, ok := new(big.Rat), false
	if len(n.Value) <= maxDigits && !strings.ContainsAny(n.Value, "eEpPxX/_") { // an exponent may ask for gigabytes of digits
		r, ok = r.SetString(n.Value)
	}
	if !ok || n.Kind != yaml.ScalarNode {
		return wrongAt(n, "%q is not a number", n.Value)
	}
	d.Rat = r
	return nil
}

// UnmarshalYAML reads [edge, rate].
func (t *bookTier) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind != yaml.SequenceNode || len(n.Content) != 2 {
		return wrongAt(n, "a tier is written [upper edge, rate]")
	}
	edge := n.Content[0]
	if edge.Value == "unknown" {
		return wrongAt(n, "a tier ends at a number, or is open")
	}
	if edge.Value != "open" {
		if err := edge.Decode(&t.upTo); err != nil {
			return err
		}
	}
	return n.Content[1].Decode(&t.rate)
}

// parseBook reads one file, strictly.
func parseBook(data []byte, own bool) (bookPart, error) {
	file := bookFile{own: own}
	dec := yaml.NewDecoder(bytes.NewReader(data))
	dec.KnownFields(true)
	if err := dec.Decode(&file); err != nil {
		return bookPart{}, err
	}
	if err := dec.Decode(&yaml.Node{}); !errors.Is(err, io.EOF) {
		return bookPart{}, fmt.Errorf("there is more than one document")
	}
	b := &price.Book{Name: file.Name, Currency: file.Currency, Compiled: file.Compiled}
	for _, p := range file.Providers {
		out := price.Provider{ID: p.ID, Name: p.Name, Note: p.Note, Service: p.Service}
		for _, a := range p.Areas {
			out.Areas = append(out.Areas, price.Area(a))
		}
		b.Providers = append(b.Providers, out)
	}
	var errs []error
	for i := range file.Rules {
		rules, err := file.Rules[i].rules(&file)
		if err != nil {
			errs = append(errs, ruleErrors(file.Rules[i].ID, err)...)
		}
		b.Rules = append(b.Rules, rules...)
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
	return bookPart{b, file.Include}, errors.Join(errs...)
}

// rules are those that a rule as written makes, one for each meter.
func (f *bookRule) rules(file *bookFile) ([]price.Rule, error) {
	unit, unitErr := findUnit(f.Unit)
	r := price.Rule{
		ID: f.ID, Alternative: f.Alternative, Provider: f.Provider, Service: f.Service, Plan: f.Plan, Meter: f.Meter,
		Description: strings.TrimSpace(f.Description), SKU: f.SKU, Unit: f.Unit, UnitBytes: unit.bytes, Pack: unit.pack, Unstated: f.Unstated, Round: f.Round,
		Charged: f.Charged, Counter: f.Counter, Per: f.Per, Times: f.Times, Most: f.Most,
		Free: f.Free.Rat, FreePerNode: f.FreePer == price.PerNode,
		Only: f.Only, Known: f.Known, StandIn: f.StandIn, Doubt: f.Doubt, Note: f.Note, Own: file.own,
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
	r.Regions, r.Pairs = ratesBy(f.Regions.Rates), ratesBy(f.Regions.Pairs)
	var err, regionsErr error
	r.Origin, err = f.Origin.origin(file)
	r.RegionsOrigin, regionsErr = f.Regions.Origin.origin(file)
	var out []price.Rule
	for _, m := range slices.Concat(f.Meters, metersOf(f.Meter, f.Meters)) {
		r.Meter = m
		out = append(out, r)
		if unitErr == nil {
			unitErr = checkUnit(m, unit)
		}
	}
	return out, errors.Join(unitErr, err, regionsErr)
}

// metersOf is the one meter of a rule that has no list of them.
func metersOf(one price.Meter, several []price.Meter) []price.Meter {
	if len(several) > 0 && one == "" {
		return nil
	}
	return []price.Meter{one}
}

func ratesBy(written map[string][]decimal) map[string][]*big.Rat {
	if written == nil {
		return nil
	}
	out := map[string][]*big.Rat{}
	for place, rates := range written {
		for _, rate := range rates {
			out[place] = append(out[place], rate.Rat)
		}
	}
	return out
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
