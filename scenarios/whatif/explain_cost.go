package whatif

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/fleetcost/fleetcost/sim"
	"github.com/fleetcost/fleetcost/sim/price"
)

// cost explains the usage or the fixed part of the bill: by class, then row by row of the ledger, then by layer
// and cause.
func (x *explainer) cost(path string, fixed bool) Term {
	f, _ := FigureAt(path)
	value, _ := f.Of(&x.variant)
	term := Term{Name: path, Value: value, Unit: f.UnitOf(&x.variant), Why: meaning(f)}
	c := &costs{explainer: x, amounts: x.amounts(), ways: x.ways(), unit: term.Unit}
	var classes []string
	rows := map[string][]Term{}
	for i := range x.bill.Ledger {
		row := &x.bill.Ledger[i]
		if row.Fixed != fixed {
			continue
		}
		if rows[row.Class] == nil {
			classes = append(classes, row.Class)
		}
		rows[row.Class] = append(rows[row.Class], c.row(row, i))
	}
	for _, class := range classes {
		t := Term{Name: class, Unit: term.Unit, Why: classWords[class], Terms: rows[class]}
		for _, r := range t.Terms {
			t.Value += r.Value
		}
		t.Value = cleanMoney(t.Value)
		largestFirst(t.Terms)
		term.Terms = append(term.Terms, t)
	}
	largestFirst(term.Terms)
	return term
}

// cleanMoney rounds a sum of amounts to the millionths that each of them has.
func cleanMoney(v float64) float64 {
	out, err := strconv.ParseFloat(strconv.FormatFloat(v, 'f', 6, 64), 64)
	if err != nil {
		panic(err)
	}
	return out
}

// costs are what it takes to explain rows of the ledger.
type costs struct {
	*explainer
	amounts map[shareKey]price.USD // in the bill's currency
	ways    map[wayKey][]*sim.Transfer
	unit    Unit
}

// A shareKey names a share of a row of the ledger.
type shareKey struct{ row, share int }

// amounts are the shares of all rows in the bill's currency.
func (x *explainer) amounts() map[shareKey]price.USD {
	at := map[*price.Share]shareKey{}
	for i := range x.bill.Ledger {
		for j := range x.bill.Ledger[i].Shares {
			at[&x.bill.Ledger[i].Shares[j]] = shareKey{i, j}
		}
	}
	names := map[string]shareKey{}
	out := map[shareKey]price.USD{}
	for _, p := range x.bill.By(func(_ *price.Row, s *price.Share) string {
		key := at[s]
		name := fmt.Sprint(key.row, " ", key.share)
		names[name] = key
		return name
	}) {
		out[names[p.Name]] = p.Usage + p.Fixed
	}
	return out
}

// row explains a row of the ledger.
func (c *costs) row(row *price.Row, index int) Term {
	name := []string{row.Rule, row.From, row.Service}
	if row.To != row.From {
		name[1] += " > " + row.To
	}
	if row.Charged == price.Sender || row.Charged == price.Receiver {
		name = append(name, string(row.Charged)+" pays")
	}
	if row.Rule == "" {
		name[0] = "no price"
	}
	t := Term{Name: strings.Join(nonempty(name), ", "), Unit: c.unit, Why: rowWords(row), Source: sourceWords(row)}
	total := price.USD(0)
	for j := range row.Shares {
		share := &row.Shares[j]
		amount := c.amounts[shareKey{index, j}]
		total += amount
		if share.Layer >= 0 {
			t.Terms = append(t.Terms, Term{Name: c.shareName(row, share), Value: dollars(amount), Unit: c.unit, Why: c.shareWords(row, share)})
		}
	}
	t.Value = dollars(total)
	largestFirst(t.Terms)
	return t
}

func nonempty(list []string) []string {
	var out []string
	for _, s := range list {
		if s != "" {
			out = append(out, s)
		}
	}
	return out
}

// rowWords say what is multiplied by what.
func rowWords(row *price.Row) string {
	if row.Rule == "" {
		return fmt.Sprintf("%s, which nobody charges for here", bytesText(row.Bytes))
	}
	var bands []string
	for _, t := range row.Tiers {
		text := fmt.Sprintf("%s %s × %s", number(t.Quantity), row.Unit, number(t.Rate))
		switch {
		case t.Unknown:
			text = fmt.Sprintf("%s %s at a price that is not known", number(t.Quantity), row.Unit)
		case t.Tier == "free":
			text = fmt.Sprintf("%s %s free", number(t.Quantity), row.Unit)
		case t.Tier != "":
			text += " (tier " + t.Tier + ")"
		}
		bands = append(bands, text)
	}
	words := strings.Join(bands, " + ") + " USD a month"
	if row.Bytes > 0 {
		words = bytesText(row.Bytes) + " moved: " + words
	}
	return words
}

// sourceWords say where a price is from.
func sourceWords(row *price.Row) string {
	if row.Source == "" {
		return ""
	}
	words := row.Source
	if row.AsOf != "" {
		words += ", as of " + row.AsOf
	}
	if row.Confidence != "" {
		words += ", confidence " + row.Confidence
	}
	return words
}

func (c *costs) shareName(row *price.Row, share *price.Share) string {
	t := sim.Transfer{Service: row.ServiceIndex, Platform: share.Platform, Layer: share.Layer}
	return layerPath(c.model, t) + ", " + string(share.Cause)
}

// A wayKey names the transfers of one layer for one reason on one way.
type wayKey struct {
	service, platform, layer int
	cause                    sim.Cause
	from, to                 string
}

// ways are the transfers by layer, reason and way.
func (x *explainer) ways() map[wayKey][]*sim.Transfer {
	out := map[wayKey][]*sim.Transfer{}
	for i := range x.result.Transfers {
		t := &x.result.Transfers[i]
		key := wayKey{t.Service, t.Platform, t.Layer, t.Cause, x.model.NameOf(t.From), x.model.NameOf(t.To)}
		out[key] = append(out[key], t)
	}
	return out
}

// shareWords say how often the layer moved on the row's way, and why.
func (c *costs) shareWords(row *price.Row, share *price.Share) string {
	list := c.ways[wayKey{row.ServiceIndex, share.Platform, share.Layer, share.Cause, row.From, row.To}]
	ofClass := slices.DeleteFunc(slices.Clone(list), func(t *sim.Transfer) bool { return string(t.Class) != row.Class })
	if len(ofClass) > 0 {
		list = ofClass // a layer may take ways of several classes, each with rows of its own
	}
	words := causeWords[share.Cause]
	if len(list) > 0 {
		words = timesText(list) + ": " + words
	}
	if img := c.result.Images[row.ServiceIndex]; share.Cause == sim.CauseDeploy {
		words += fmt.Sprintf(" (%d deploys, %d nodes in all)", img.Deploys, img.Nodes)
	}
	return words
}

// number writes a quantity with at most six digits behind the point.
func number(v float64) string {
	s := strconv.FormatFloat(v, 'f', 6, 64)
	return strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
}

// classWords say what the classes of a bill are.
var classWords = map[string]string{
	"same-zone":        "inside a zone, or from the region's registry",
	"inter-zone":       "between zones of a datacenter",
	"inter-region":     "between regions of a provider, by the sender's",
	"internet-egress":  "from a provider to another, or to own hardware",
	"internet-ingress": "from the internet",
	"hosted-transfer":  "out of registries that others run",
	"nat":              "through NAT gateways: bytes of both directions, and the gateways' hours",
	"endpoint":         "through private endpoints: bytes, and the endpoints' hours",
	"address":          "public addresses of nodes, by the hour",
	"transit":          "a port's rate at its percentile",
	"storage":          "what registries keep",
	"requests":         "reads from a registry's bucket",
	"registry":         "plans of registries",
	"machines":         "what caches and peers cost themselves",
}
