package price_test

import (
	"fmt"
	"math/big"

	"github.com/fleetcost/fleetcost/sim"
	"github.com/fleetcost/fleetcost/sim/price"
)

// A ladder: 20,000 GB a month are 10,240 at 0.09 and 9,760 at 0.085 dollars. What an account that has moved
// 10,000 GB already pays for 1,000 more is the difference between two months.
func ExampleLadder() {
	tiers := []price.Tier{
		{UpTo: big.NewRat(10240, 1), Rate: big.NewRat(90, 1000)},
		{Rate: big.NewRat(85, 1000)},
	}
	month, _ := price.Cost(price.Ladder(tiers, new(big.Rat), big.NewRat(20000, 1)))
	more, _ := price.Cost(price.Ladder(tiers, big.NewRat(10000, 1), big.NewRat(1000, 1)))
	fmt.Println(month.FloatString(2), more.FloatString(2))
	// Output: 1751.20 86.20
}

// Two services' registries behind one NAT gateway at 4.5 cents a GB: half a month of 365 h moved 100 and
// 40 GB, so a month moves twice that.
func ExamplePrice() {
	book := &price.Book{Name: "mine", Currency: "USD", Compiled: "2026-11-23", Rules: []price.Rule{
		{
			ID: "mine.nat", Provider: "mine", Meter: price.NATProcessing, Unit: "GB", UnitBytes: 1e9, Charged: price.Account,
			Counter: price.PerAccount, Tiers: []price.Tier{{Rate: big.NewRat(45, 1000)}},
		},
		{
			ID: "mine.nat_hour", Provider: "mine", Meter: price.NATHour, Unit: "h", Charged: price.Account,
			Counter: price.PerAccount, Tiers: []price.Tier{{Rate: big.NewRat(1, 10)}},
		},
		{
			ID: "mine.in", Provider: "mine", Meter: price.InternetIngress, Unit: "GB", UnitBytes: 1e9, Charged: price.Nobody,
			Counter: price.PerAccount, Tiers: []price.Tier{{Rate: new(big.Rat)}},
		},
	}}
	model := &sim.Model{
		Services:    []sim.Service{{Name: "web"}},
		Registries:  []sim.Registry{{Name: "hub"}, {Name: "ghcr"}},
		Datacenters: []sim.Datacenter{{Name: "fra", Provider: "mine", Zones: 1, Egress: sim.NAT}},
	}
	result := &sim.Result{Duration: 365 * 3600, Storage: make([]sim.Storage, 2), Transfers: []sim.Transfer{
		{Class: sim.InternetIngress, To: sim.End{Kind: sim.AtNodes}, Bytes: 100e9},
		{Class: sim.InternetIngress, From: sim.End{Registry: 1}, To: sim.End{Kind: sim.AtNodes}, Bytes: 40e9},
	}}
	bill, err := price.Price(model, result, book, price.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, i := range bill.Items {
		fmt.Printf("%-16s %-4s -> %-3s %5.0f %-2s %6s\n", i.Class, i.From, i.To, i.Quantity, i.Unit, i.USD)
	}
	fmt.Println("a month", bill.Monthly, "= usage", bill.Usage, "+ fixed", bill.Fixed)
	// Output:
	// internet-ingress ghcr -> fra    80 GB   0.00
	// internet-ingress hub  -> fra   200 GB   0.00
	// nat              ghcr -> fra    80 GB   3.60
	// nat              hub  -> fra   200 GB   9.00
	// nat              fra  -> fra   730 h   73.00
	// a month 85.60 = usage 12.60 + fixed 73.00
}
