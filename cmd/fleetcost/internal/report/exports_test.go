package report

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"

	"github.com/fleetcost/fleetcost/scenarios/whatif"
)

// exported is a result with a ledger: egress in two tiers at a discount of a tenth, in euros at 0.5, and what infracost
// knows of three clouds. The second variant is the baseline.
func exported() *whatif.Result {
	row := func(provider, meter, class, unit string, quantity float64) whatif.LedgerRow {
		return whatif.LedgerRow{
			Rule: provider + "." + meter, Counter: provider + "." + meter, Meter: meter, Class: class, Charged: "account", Provider: provider,
			Region: "us-east-1", From: "hub", To: "fra", Datacenter: "fra", Service: "web", Quantity: quantity, Unit: unit,
			Tiers: []whatif.LedgerTier{{Quantity: quantity}},
		}
	}
	egress := row("aws", "internet-egress", "internet-egress", "GiB", 300)
	egress.SKU, egress.Charged, egress.Source, egress.AsOf, egress.Confidence, egress.Bytes = "DataTransfer-Out-Bytes", "sender", "a price list", "2026-09-16", "A", 123
	// 100 GiB at 0.09 × 0.9 = 8.10 dollars, 4.05 euros; 200 at 0.08 × 0.9 = 14.40, 7.20 euros.
	egress.Tiers = []whatif.LedgerTier{
		{Tier: "0 to 100", Quantity: 100, Rate: 0.081, ListRate: 0.09, USD: 8_100_000, Amount: 4_050_000},
		{Tier: "above 100", Quantity: 200, Rate: 0.072, ListRate: 0.08, USD: 14_400_000, Amount: 7_200_000},
	}
	zones := row("aws", "inter-zone", "inter-zone", "GiB", 40)
	zones.Charged = "sender"
	other := zones
	other.Charged = "receiver"
	near := row("aws", "inter-region", "inter-region", "GiB", 7)
	near.Peer = "us-east-2"
	far := row("aws", "inter-region", "inter-region", "GiB", 8)
	far.Peer = "eu-west-1"
	hours := row("gcp", "nat-hour", "nat", "h", 2190) // three machines
	hours.Fixed = true
	images := row("gcp", "inter-region", "inter-region", "GiB", 9)
	images.Rule, images.Peer, images.From = "gcp.artifact_registry.transfer", "europe-west3", "gar/eu"
	fee := row("azure", "registry-fee", "registry", "day", 30)
	fee.Fixed, fee.Unknown, fee.Tiers[0].Unknown = true, true, true
	s3 := row("aws", "registry-storage", "storage", "GiB-month", 5)
	s3.Rule = "aws.s3.storage"
	own := whatif.LedgerRow{Meter: "internet-ingress", Class: "internet-ingress", Unpriced: true, Quantity: 1, Unit: "GB"}
	return &whatif.Result{
		Scenario: whatif.Source{Name: "fleet", Date: "2026-01-05"}, Baseline: "b",
		Variants: []whatif.Variant{
			{Name: "a", Cost: whatif.Cost{Currency: "EUR", Exchange: &whatif.Exchange{PerUSD: 0.5}, Ledger: []whatif.LedgerRow{egress, fee, own}}},
			{Name: "b", Cost: whatif.Cost{Currency: "USD", Ledger: []whatif.LedgerRow{
				egress, zones, other, near, far, hours, images, fee, s3, own,
				row("aws", "read-requests", "requests", "request", 1000), row("aws", "registry-storage", "storage", "GiB-month", 6),
				row("aws", "nat-processing", "nat", "GiB", 1), row("aws", "nat-processing", "nat", "GiB", 2), row("aws", "endpoint-processing", "endpoint", "GiB", 3),
				row("gcp", "nat-processing", "nat", "GiB", 4), row("gcp", "registry-storage", "storage", "GiB-month", 5),
				row("azure", "nat-processing", "nat", "GiB", 6), row("azure", "endpoint-layers", "endpoint", "GiB", 7), row("azure", "registry-storage", "storage", "GiB-month", 8),
			}}},
		},
	}
}

// TestFOCUS holds columns and values to a golden, and each row to the specification's own arithmetic.
func TestFOCUS(t *testing.T) {
	var out bytes.Buffer
	r := exported()
	r.Variants[1].Cost.Ledger = r.Variants[1].Cost.Ledger[5:6]
	if err := FOCUS(&out, r); err != nil {
		t.Fatal(err)
	}
	golden(t, "focus.csv.golden", out.Bytes())
	rows, err := csv.NewReader(&out).ReadAll()
	if err != nil || len(rows) != 5 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	at := func(row int, column string) string {
		for i, name := range rows[0] {
			if name == column {
				return rows[row][i]
			}
		}
		t.Fatalf("no column %s", column)
		return ""
	}
	for i, want := range []struct{ quantity, list, unit, billed, currency string }{
		{"100", "4.5", "0.045", "4.05", "EUR"}, {"200", "8", "0.04", "7.20", "EUR"}, {"30", "0", "", "0.00", "EUR"}, {"2190", "0", "0", "0.00", "USD"},
	} {
		row := i + 1
		got := [5]string{at(row, "PricingQuantity"), at(row, "ListCost"), at(row, "ListUnitPrice"), at(row, "BilledCost"), at(row, "BillingCurrency")}
		if got != [5]string{want.quantity, want.list, want.unit, want.billed, want.currency} {
			t.Errorf("row %d: %q, want %+v", row, got, want)
		}
	}
	if at(3, "x_PriceKnown") != "false" || at(3, "ChargeCategory") != "Purchase" || at(1, "BillingPeriodEnd") != "2026-02-04T10:00:00Z" {
		t.Errorf("%q", rows[3])
	}
}

// TestInfracostUsage holds the usage file of the baseline to a golden.
func TestInfracostUsage(t *testing.T) {
	var out bytes.Buffer
	if err := InfracostUsage(&out, exported()); err != nil {
		t.Fatal(err)
	}
	golden(t, "infracost-usage.yml.golden", out.Bytes())
	r := exported()
	r.Baseline = "c"
	if err := InfracostUsage(&out, r); err == nil {
		t.Error("a result without its baseline is accepted")
	}
}

// Names of a saved result are nobody's formulas, and no YAML of their own.
func TestExportsOfHostileNames(t *testing.T) {
	r := exported()
	for i := range r.Variants[1].Cost.Ledger {
		row := &r.Variants[1].Cost.Ledger[i]
		row.Datacenter, row.From, row.Region, row.Peer = "a: b\n  c", "x\ny: z", "r\n- q", "p\nq: r"
	}
	r.Variants[1].Name, r.Scenario.Name, r.Variants[0].Name = "b\nversion: 9", "=1+1", "=cmd()"
	r.Baseline = r.Variants[1].Name
	var usage, focus bytes.Buffer
	if err := InfracostUsage(&usage, r); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(usage.String()) {
		if !strings.HasPrefix(line, "#") && !strings.HasPrefix(line, "  ") && line != "version: 0.1\n" && line != "resource_usage:\n" {
			t.Errorf("line %q", line)
		}
	}
	if err := FOCUS(&focus, r); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&focus).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		for _, text := range row {
			if strings.HasPrefix(text, "=") {
				t.Errorf("cell %q", text)
			}
		}
	}
}
