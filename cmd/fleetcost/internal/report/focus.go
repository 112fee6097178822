package report

import (
	"cmp"
	"encoding/csv"
	"encoding/json"
	"io"
	"strconv"
	"time"

	"github.com/fleetcost/fleetcost/scenarios/whatif"
)

// ExportFormats lists what results are written as besides ResultFormats: files for other tools, not to be
// looked at.
func ExportFormats() []Format[*whatif.Result] {
	return []Format[*whatif.Result]{{"focus", FOCUS}, {"infracost-usage", InfracostUsage}}
}

// A focusRow is a row of the ledger in one tier, with what stands beside it.
type focusRow struct {
	result  *whatif.Result
	variant *whatif.Variant
	row     *whatif.LedgerRow
	tier    *whatif.LedgerTier
}

// focusColumns are column names of the FinOps Open Cost and Usage Specification (https://focus.finops.org),
// version 1.2, and, with x_, our own. Its unit format fixes GB as 10^9 and GiB as 2^30 bytes.
func focusColumns() []struct {
	name  string
	value func(focusRow) string
} {
	return []struct {
		name  string
		value func(focusRow) string
	}{
		{"BilledCost", func(f focusRow) string { return f.tier.Amount.String() }},
		{"BillingAccountId", func(f focusRow) string { return "forecast-" + f.account() }},
		{"BillingAccountName", func(f focusRow) string { return f.result.Scenario.Name }},
		{"BillingCurrency", func(f focusRow) string { return string(currencyCode(f.variant.Cost.Currency)) }},
		{"BillingPeriodEnd", func(f focusRow) string { return f.period(secondsPerMonth) }},
		{"BillingPeriodStart", func(f focusRow) string { return f.period(0) }},
		{"ChargeCategory", func(f focusRow) string {
			if f.row.Class == "registry" {
				return "Purchase"
			}
			return "Usage"
		}},
		{"ChargeClass", func(focusRow) string { return "" }},
		{"ChargeDescription", focusRow.description},
		{"ChargeFrequency", func(f focusRow) string {
			if f.row.Fixed {
				return "Recurring"
			}
			return "Usage-Based"
		}},
		{"ChargePeriodEnd", func(f focusRow) string { return f.period(secondsPerMonth) }},
		{"ChargePeriodStart", func(f focusRow) string { return f.period(0) }},
		{"ConsumedQuantity", func(f focusRow) string { return exact(f.tier.Quantity) }},
		{"ConsumedUnit", focusRow.unit},
		{"ContractedCost", func(f focusRow) string { return f.tier.Amount.String() }},
		{"ContractedUnitPrice", func(f focusRow) string { return f.price(f.tier.Rate) }},
		{"EffectiveCost", func(f focusRow) string { return f.tier.Amount.String() }},
		{"InvoiceIssuerName", focusRow.provider},
		{"ListCost", func(f focusRow) string { return exact(f.exchange(f.tier.ListRate) * f.tier.Quantity) }},
		{"ListUnitPrice", func(f focusRow) string { return f.price(f.tier.ListRate) }},
		{"PricingCategory", func(focusRow) string { return "Standard" }},
		{"PricingQuantity", func(f focusRow) string { return exact(f.tier.Quantity) }},
		{"PricingUnit", focusRow.unit},
		{"ProviderName", focusRow.provider},
		{"PublisherName", focusRow.provider},
		{"RegionId", func(f focusRow) string { return f.row.Region }},
		{"RegionName", func(f focusRow) string { return f.row.Region }},
		{"ResourceId", func(f focusRow) string { return f.row.From + ">" + f.row.To }},
		{"ResourceName", func(f focusRow) string { return f.row.To }},
		{"ResourceType", func(f focusRow) string { return f.row.Meter }},
		{"ServiceCategory", func(f focusRow) string { return cmp.Or(focusCategories[f.row.Class], "Networking") }},
		{"ServiceName", func(f focusRow) string { return cmp.Or(focusServices[f.row.Class], "Data Transfer") }},
		{"SkuId", func(f focusRow) string { return f.row.Rule }},
		{"SkuMeter", func(f focusRow) string { return f.row.SKU }},
		{"SkuPriceId", func(f focusRow) string { return f.row.Rule + "/" + cmp.Or(f.tier.Tier, "all") }},
		{"SubAccountId", func(f focusRow) string { return f.row.Service }},
		{"SubAccountName", func(f focusRow) string { return f.row.Service }},
		{"Tags", focusRow.tags},
		{"x_Variant", func(f focusRow) string { return f.variant.Name }},
		{"x_Counter", func(f focusRow) string { return f.row.Counter }},
		{"x_Charged", func(f focusRow) string { return f.row.Charged }},
		{"x_PriceKnown", func(f focusRow) string { return strconv.FormatBool(!f.tier.Unknown) }},
		{"x_SimulatedBytes", func(f focusRow) string {
			if f.tier != &f.row.Tiers[0] {
				return "0" // they are in the row of the first tier
			}
			return strconv.FormatInt(f.row.Bytes, 10)
		}},
		{"x_Source", func(f focusRow) string { return f.row.Source }},
		{"x_AsOf", func(f focusRow) string { return f.row.AsOf }},
		{"x_Confidence", func(f focusRow) string { return f.row.Confidence }},
	}
}

// FOCUS writes a month's forecast as CSV with FOCUS column names: a row for each row of the ledger and tier, all
// variants after each other. Own hardware has no price and no row.
func FOCUS(w io.Writer, r *whatif.Result) error {
	columns := focusColumns()
	out := csv.NewWriter(w)
	head := make([]string, len(columns))
	for i, c := range columns {
		head[i] = c.name
	}
	if err := out.Write(head); err != nil {
		return err
	}
	for i := range r.Variants {
		v := &r.Variants[i]
		for j := range v.Cost.Ledger {
			row := &v.Cost.Ledger[j]
			for k := range row.Tiers {
				cells := make([]string, len(columns))
				for c, column := range columns {
					cells[c] = cell(column.value(focusRow{r, v, row, &row.Tiers[k]}))
				}
				if err := out.Write(cells); err != nil {
					return err
				}
			}
		}
	}
	out.Flush()
	return out.Error()
}

// account is whose bill it is: a provider's, or, for own hardware, nobody else's.
func (f focusRow) account() string { return cmp.Or(f.row.Provider, "own") }

func (f focusRow) provider() string {
	if name, ok := focusProviders[f.account()]; ok {
		return name
	}
	return f.account()
}

// period is a time so many seconds after the scenario's first day, "" where that is not known.
func (f focusRow) period(seconds int) string {
	start, err := time.Parse(time.DateOnly, f.result.Scenario.Date)
	if err != nil {
		return ""
	}
	return start.Add(time.Duration(seconds) * time.Second).Format(time.RFC3339)
}

func (f focusRow) description() string {
	way := f.row.From
	if f.row.To != f.row.From {
		way += " to " + f.row.To
	}
	return f.row.Class + ", " + way + ", forecast for a month of 730 hours"
}

// exchange turns dollars into the bill's currency.
func (f focusRow) exchange(dollars float64) float64 {
	if x := f.variant.Cost.Exchange; x != nil {
		return dollars * x.PerUSD
	}
	return dollars
}

// price is a unit's in the bill's currency, "" where it is not known.
func (f focusRow) price(dollars float64) string {
	if f.tier.Unknown {
		return ""
	}
	return exact(f.exchange(dollars))
}

func (f focusRow) unit() string { return cmp.Or(focusUnits[f.row.Unit], f.row.Unit) }

func (f focusRow) tags() string {
	text, err := json.Marshal(map[string]string{"datacenter": f.row.Datacenter, "service": f.row.Service, "variant": f.variant.Name})
	if err != nil {
		panic(err) // texts alone cannot fail
	}
	return string(text)
}

// focusUnits are units as the specification writes them.
var focusUnits = map[string]string{
	"GiB-month": "GiB-Months", "GB-month": "GB-Months", "h": "Hours", "day": "Days", "month": "Months", "user-month": "User-Months",
	"node-month": "Node-Months", "request": "Requests", "million requests": "1000000 Requests", "Mbps": "Mb/Second", "Gbps": "Gb/Second",
}

var focusCategories = map[string]string{"storage": "Storage", "requests": "Storage", "registry": "Developer Tools", "machines": "Compute"}

var focusServices = map[string]string{
	"nat": "NAT Gateway", "endpoint": "Private Endpoint", "address": "Public Address", "transit": "IP Transit",
	"storage": "Container Registry", "registry": "Container Registry", "requests": "Object Storage", "machines": "Image Distribution",
}

var focusProviders = map[string]string{
	"aws": "AWS", "gcp": "Google Cloud", "azure": "Microsoft", "docker_hub": "Docker", "github": "GitHub", "quay_io": "Red Hat",
	"gitlab_com": "GitLab", "cloudflare_r2": "Cloudflare", "ecr_public": "AWS", "digitalocean": "DigitalOcean", "hetzner": "Hetzner",
	"linode": "Akamai", "ovhcloud": "OVHcloud", "fly_io": "Fly.io", "oracle": "Oracle", "own": "Own hardware",
}
