package report

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math/big"
	"slices"
	"strings"

	"github.com/fleetcost/fleetcost/sim/price"
)

// A PriceList is a price book's rules as they hold in a region.
type PriceList struct {
	Book   *price.Book
	Region string // "": what the book has by default, and how many regions differ
}

// Text writes a block for each rule: what is counted and who pays, the rates, and where they are from.
func (l PriceList) Text(w io.Writer) error {
	var out strings.Builder
	fmt.Fprintf(&out, "%s: list prices in %s, compiled %s", clean(l.Book.Name), l.Book.Currency, clean(l.Book.Compiled))
	if l.Region != "" {
		fmt.Fprintf(&out, "; rates in %s", clean(l.Region))
	}
	out.WriteString("\nconfidence: A official, B official but older or at second hand, C a third party's, D contested or another region's\n")
	for i := range l.Book.Rules {
		l.rule(&out, &l.Book.Rules[i])
	}
	for _, limit := range l.Book.Limits {
		rate := fmt.Sprintf("%d pulls in %d s", limit.Pulls, limit.Seconds)
		if limit.Pulls == 0 {
			rate = "any number of pulls"
		}
		fmt.Fprintf(&out, "\n%s: %s for %s, counted by %s\n", clean(limit.ID), rate, clean(limit.Client), clean(limit.Scope))
		sources(&out, limit.Origin)
	}
	_, err := io.WriteString(w, out.String())
	return err
}

// rule writes one rule.
func (l PriceList) rule(out *strings.Builder, r *price.Rule) {
	rates := l.Book.RatesIn(r, l.Region)
	fmt.Fprintf(out, "\n%s: %s, %s\n", clean(r.ID), r.Meter, strings.Join(l.terms(r), ", "))
	wrapped(out, clean(r.Description))
	if r.Free != nil {
		per := "a month"
		if r.FreePerNode {
			per = "a month for each node"
		}
		fmt.Fprintf(out, "  the first %s %s are free\n", decimals(r.Free), per)
	}
	from := "0"
	for _, t := range rates.Tiers {
		band := "all"
		switch {
		case t.UpTo != nil:
			band = from + " to " + decimals(t.UpTo)
		case from != "0":
			band = "above " + from
		}
		fmt.Fprintf(out, "  %-20s %s\n", band, decimals(t.Rate))
		from = decimals(t.UpTo)
	}
	for _, pair := range l.Book.PairsFrom(r, l.Region) {
		fmt.Fprintf(out, "  %-40s %s\n", clean(pair), ratesOf(r.Pairs[pair]))
	}
	if l.Region == "" && len(r.Regions) > 0 {
		wrapped(out, "other rates: "+clean(strings.Join(slices.Sorted(maps.Keys(r.Regions)), ", ")))
	}
	if len(r.Known) > 0 && l.Region == "" {
		elsewhere := "unknown elsewhere"
		if r.StandIn != "" {
			elsewhere = "elsewhere " + r.StandIn
		}
		wrapped(out, clean("read for "+strings.Join(r.Known, ", ")+"; "+elsewhere))
	}
	if rates.StandIn {
		wrapped(out, clean(r.StandIn))
	}
	for _, note := range []string{r.Doubt, r.Note} {
		if note != "" {
			wrapped(out, clean(note))
		}
	}
	sources(out, rates.Origin)
}

// terms says who pays, for what, and how it is counted.
func (l PriceList) terms(r *price.Rule) []string {
	terms := []string{fmt.Sprintf("%s per %s", l.Book.Currency, r.Unit)}
	if r.Unstated {
		terms = append(terms, "a GB's size not stated")
	}
	payers := map[price.Charged]string{
		price.Sender: "the sender pays", price.Receiver: "the receiver pays", price.Both: "both ends pay",
		price.Account: "its account pays", price.Nobody: "nobody pays",
	}
	terms = append(terms, payers[r.Charged])
	if len(r.Tiers) > 1 {
		terms = append(terms, "tiers by "+string(r.Counter))
	}
	for _, only := range []string{r.Service, r.Plan} {
		if only != "" {
			terms = append(terms, clean(only)+" only")
		}
	}
	if r.Per != "" {
		count := "one"
		if r.Times > 1 {
			count = fmt.Sprint(r.Times)
		}
		terms = append(terms, count+" per "+string(r.Per))
	}
	if r.Most > 0 {
		terms = append(terms, fmt.Sprintf("at most %d", r.Most))
	}
	if r.Round != "" {
		terms = append(terms, "rounded "+string(r.Round))
	}
	if r.Alternative {
		terms = append(terms, "holds where it is chosen")
	}
	return terms
}

// sources writes date, confidence and sources, one a line.
func sources(out *strings.Builder, from price.Origin) {
	if len(from.Sources) == 0 {
		out.WriteString("  no source\n")
		return
	}
	fmt.Fprintf(out, "  as of %s, confidence %s\n", clean(from.AsOf), clean(from.Confidence))
	for _, s := range from.Sources {
		fmt.Fprintf(out, "  - %s\n", clean(s.String()))
	}
}

// wrapped writes text in indented lines of at most lineWidth.
func wrapped(out *strings.Builder, text string) {
	const indent = "  "
	line := indent
	for word := range strings.FieldsSeq(text) {
		if len(line)+len(word) > lineWidth && line != indent {
			out.WriteString(strings.TrimRight(line, " ") + "\n")
			line = indent
		}
		line += word + " "
	}
	if line != indent {
		out.WriteString(strings.TrimRight(line, " ") + "\n")
	}
}

// decimals writes an exact number; nil is unknown.
func decimals(r *big.Rat) string {
	if r == nil {
		return "unknown"
	}
	const most = 12
	s := r.FloatString(most)
	return strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
}

func ratesOf(list []*big.Rat) string {
	var texts []string
	for _, r := range list {
		texts = append(texts, decimals(r))
	}
	return strings.Join(texts, ", ")
}

// The JSON of a price list. Rates are decimal texts, exact; null is unknown.
type (
	priceListJSON struct {
		Book     string      `json:"book"`
		Currency string      `json:"currency"`
		Compiled string      `json:"compiled"`
		Region   string      `json:"region,omitempty"`
		Rules    []priceJSON `json:"rules"`
		Limits   []limitJSON `json:"limits"`
	}
	priceJSON struct {
		ID          string               `json:"id"`
		Provider    string               `json:"provider"`
		Service     string               `json:"service,omitempty"`
		Plan        string               `json:"plan,omitempty"`
		Meter       price.Meter          `json:"meter"`
		Description string               `json:"description"`
		Unit        string               `json:"unit"`
		UnitBytes   int64                `json:"unit_bytes,omitempty"`
		Charged     price.Charged        `json:"charged"`
		Counter     price.Counter        `json:"counter"`
		Alternative bool                 `json:"alternative,omitempty"`
		Free        *string              `json:"free,omitempty"`
		Tiers       []tierJSON           `json:"tiers"`
		Pairs       map[string][]*string `json:"pairs,omitempty"`
		StandIn     string               `json:"stand_in,omitempty"`
		AsOf        string               `json:"as_of"`
		Confidence  string               `json:"confidence"`
		Sources     []string             `json:"sources"`
	}
	tierJSON struct {
		UpTo *string `json:"up_to"` // null: open
		Rate *string `json:"rate"`
	}
	limitJSON struct {
		ID      string   `json:"id"`
		Client  string   `json:"client"`
		Pulls   int64    `json:"pulls"` // 0: no limit
		Seconds int64    `json:"seconds"`
		Scope   string   `json:"scope"`
		AsOf    string   `json:"as_of"`
		Sources []string `json:"sources"`
	}
)

// JSON writes the same for scripts.
func (l PriceList) JSON(w io.Writer) error {
	doc := priceListJSON{Book: l.Book.Name, Currency: l.Book.Currency, Compiled: l.Book.Compiled, Region: l.Region, Rules: []priceJSON{}, Limits: []limitJSON{}}
	for i := range l.Book.Rules {
		r := &l.Book.Rules[i]
		rates := l.Book.RatesIn(r, l.Region)
		out := priceJSON{
			ID: r.ID, Provider: r.Provider, Service: r.Service, Plan: r.Plan, Meter: r.Meter, Description: r.Description,
			Unit: r.Unit, UnitBytes: r.UnitBytes, Charged: r.Charged, Counter: r.Counter, Alternative: r.Alternative,
			Free: decimalText(r.Free), AsOf: rates.Origin.AsOf, Confidence: rates.Origin.Confidence, Sources: sourceTexts(rates.Origin),
		}
		for _, t := range rates.Tiers {
			out.Tiers = append(out.Tiers, tierJSON{decimalText(t.UpTo), decimalText(t.Rate)})
		}
		for _, pair := range l.Book.PairsFrom(r, l.Region) {
			if out.Pairs == nil {
				out.Pairs = map[string][]*string{}
			}
			for _, rate := range r.Pairs[pair] {
				out.Pairs[pair] = append(out.Pairs[pair], decimalText(rate))
			}
		}
		if rates.StandIn {
			out.StandIn = r.StandIn
		}
		doc.Rules = append(doc.Rules, out)
	}
	for _, limit := range l.Book.Limits {
		doc.Limits = append(doc.Limits, limitJSON{limit.ID, limit.Client, limit.Pulls, limit.Seconds, limit.Scope, limit.Origin.AsOf, sourceTexts(limit.Origin)})
	}
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(doc)
}

func decimalText(r *big.Rat) *string {
	if r == nil {
		return nil
	}
	text := decimals(r)
	return &text
}

func sourceTexts(from price.Origin) []string {
	texts := []string{}
	for _, s := range from.Sources {
		texts = append(texts, s.String())
	}
	return texts
}
