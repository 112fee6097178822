package price

import (
	"errors"
	"fmt"
	"math"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"github.com/fleetcost/fleetcost/sim"
)

// A Port is an uplink that is paid for by the rate that it carries, as IP transit is: averages of five
// minutes, of which the highest 5 % do not count.
type Port struct {
	PerMbps     float64 // dollars for each Mbps of the commit, or of all where there is none; 10^6 bits per second
	Commit      float64 // Mbps that are paid for whatever flows; 0: none
	Overage     float64 // dollars for each Mbps above the commit; 0: PerMbps
	Minimum     float64 // share of the port's capacity that is billed at least; 0: none
	Percentile  int     // 95 or 90; 0 counts as 95
	Method      Method  // "" counts as Separate
	BaselineIn  float64 // Mbps that flow in already, all the time
	BaselineOut float64 // likewise out
	Source      string  // where the price is from
	AsOf        string  // when; "": not known
}

// A Method makes one figure of a port's two directions.
type Method string

// The methods.
const (
	Separate  Method = "separate"   // the larger of the two percentiles
	SampleMax Method = "sample-max" // the percentile of each sample's larger direction
	Sum       Method = "sum"        // the percentile of both together
)

func (p *Port) check(dc int) error {
	for _, f := range []float64{p.PerMbps, p.Commit, p.Overage, p.Minimum, p.BaselineIn, p.BaselineOut} {
		if !amount(f) {
			return fmt.Errorf("the port of datacenter %d has %v, which is negative or no number", dc, f)
		}
	}
	if !slices.Contains([]int{0, 90, 95}, p.Percentile) || !slices.Contains([]Method{"", Separate, SampleMax, Sum}, p.Method) {
		return errors.New("a port is billed at the 90th or 95th percentile, separate, sample-max or sum")
	}
	return nil
}

// Percentile is the sample that burstable billing bills: the highest 100 - p percent, rounded down, are
// discarded, and the next is it. That is nearest rank, without interpolation. Of no samples it is 0.
func Percentile(samples []float64, p int) float64 {
	if len(samples) == 0 {
		return 0
	}
	sorted := slices.Clone(samples)
	slices.Sort(sorted)
	return sorted[len(sorted)-1-len(sorted)*(100-p)/100]
}

// Billable makes one figure of the samples of both directions, which are equally many and in any unit.
// Which directions set it is in byIn and byOut.
func (p *Port) Billable(in, out []float64) (figure float64, byIn, byOut bool) {
	rank := p.Percentile
	if rank == 0 {
		rank = 95
	}
	if p.Method == "" || p.Method == Separate {
		i, o := Percentile(in, rank), Percentile(out, rank)
		return max(i, o), i >= o, o > i
	}
	both := make([]float64, len(in))
	for i := range in {
		if both[i] = in[i] + out[i]; p.Method == SampleMax {
			both[i] = max(in[i], out[i])
		}
	}
	return Percentile(both, rank), true, true
}

const mega = 1e6

// samples are a link's in Mbps, on top of a baseline. What the link leaves out at the end is idle.
func samples(r *sim.Result, link string, baseline float64) []float64 {
	list := make([]float64, int(math.Ceil(r.Duration/sim.SampleSeconds)))
	for i := range list {
		list[i] = baseline
	}
	for i := range r.Links {
		if r.Links[i].Name == link {
			for j, rate := range r.Links[i].Samples {
				list[j] += float64(rate * 8 / mega)
			}
		}
	}
	return list
}

// capacity of a link in Mbps; 0: it has no limit, or there is none of that name.
func capacity(r *sim.Result, link string) float64 {
	for i := range r.Links {
		if r.Links[i].Name == link {
			return r.Links[i].Capacity * 8 / mega
		}
	}
	return 0
}

// port bills a datacenter's uplink. The commit is owed whatever flows. What images add to what flows
// already is
//
//	max(0, billable(baseline + images) - commit) - max(0, billable(baseline) - commit)
//
// at the overage rate: what the baseline costs beyond the commit is on another bill.
func (b *biller) port(dc int) {
	p := b.options.site(dc).Port
	if p == nil {
		return
	}
	name := b.model.Datacenters[dc].Name
	in, out := samples(b.result, name+"/uplink", p.BaselineIn), samples(b.result, name+"/uplink-out", p.BaselineOut)
	billed, byIn, byOut := p.Billable(in, out)
	alone, _, _ := p.Billable([]float64{p.BaselineIn}, []float64{p.BaselineOut})
	commit := max(p.Commit, p.Minimum*capacity(b.result, name+"/uplink"))
	over := func(mbps float64) *big.Rat {
		return clip(new(big.Rat).Sub(decimal(mbps), decimal(commit)), new(big.Rat), nil)
	}
	b.own(p.rule(name, "commit", p.PerMbps), portLine(name, dc, true, decimal(commit)))
	usage := portLine(name, dc, false, clip(new(big.Rat).Sub(over(billed), over(alone)), new(big.Rat), nil))
	for i := range b.result.Transfers {
		t := &b.result.Transfers[i]
		from, to := at(b.model, t.From), at(b.model, t.To)
		if from.dc != to.dc && (to.dc == dc && byIn || from.dc == dc && byOut) {
			usage.add(partOf(t), big.NewInt(t.Bytes))
		}
	}
	rate := p.PerMbps
	if commit > 0 && p.Overage > 0 {
		rate = p.Overage
	}
	b.own(p.rule(name, "usage", rate), usage)
	b.assume("%s: its port is billed at %s Mbps, of which %s flow already; %s are committed to", name, short(billed), short(alone), short(commit))
}

// portLine is so many Mbps of a port.
func portLine(name string, dc int, fixed bool, mbps *big.Rat) *line {
	return &line{
		use:   use{meter: Transit, charged: Account, from: name, to: name, registry: -1, site: dc, kind: stated, fixed: fixed},
		units: mbps, index: map[part]int{},
	}
}

// rule is the port's price as a rule.
func (p *Port) rule(name, what string, perMbps float64) *Rule {
	source := p.Source
	if source == "" {
		source = "stated in the scenario"
	}
	return &Rule{
		ID: "port." + name + "." + what, Meter: Transit, Unit: "Mbps", Charged: Account, Own: true,
		Tiers: []Tier{{Rate: decimal(perMbps)}}, Origin: Origin{AsOf: p.AsOf, Sources: []Source{{Title: source}}},
	}
}

// short writes Mbps with at most three decimals.
func short(mbps float64) string {
	return strings.TrimSuffix(strings.TrimRight(strconv.FormatFloat(mbps, 'f', 3, 64), "0"), ".")
}
