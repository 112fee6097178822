package scenarios

import (
	"fmt"
	"slices"

	"github.com/fleetcost/fleetcost/sim/price"
)

// A priceUnit is what the quantities of a price rule are counted in.
type priceUnit struct {
	name  string
	bytes int64 // in its GB; 0: it does not count bytes
	pack  int64 // pieces in one; 0: one
}

var priceUnits = []priceUnit{
	{name: "GiB", bytes: 1 << 30}, {name: "GB", bytes: 1e9}, {name: "GiB-month", bytes: 1 << 30}, {name: "GB-month", bytes: 1e9},
	{name: "h"}, {name: "day"}, {name: "month"}, {name: "user-month"}, {name: "request"}, {name: "million requests", pack: 1e6},
	{name: "Mbps"}, {name: "Gbps"},
}

func findUnit(name string) (priceUnit, error) {
	var names []string
	for _, u := range priceUnits {
		if u.name == name {
			return u, nil
		}
		names = append(names, u.name)
	}
	return priceUnit{}, fmt.Errorf("unit %q is not known; write %s", clip(name), oneOf(names))
}

// meterUnits lists the units that a meter can be counted in, first the one that is taken where neither a rule
// nor a book says. nil: any.
func meterUnits(m price.Meter) []string {
	switch m {
	case price.SameZone, price.SameRegion, price.InterZone, price.InterRegion, price.InternetEgress, price.HostedTransfer,
		price.InternetIngress, price.NATProcessing, price.EndpointLayers, price.EndpointProcessing:
		return []string{"GB", "GiB"}
	case price.NATHour, price.NATAddressHour, price.EndpointHour, price.AddressHour:
		return []string{"h", "day", "month"}
	case price.RegistryStorage:
		return []string{"GB-month", "GiB-month"}
	case price.ReadRequests:
		return []string{"request", "million requests"}
	case price.RegistryFee, price.ReplicaFee:
		return []string{"month", "day", "h", "user-month"}
	case price.Transit:
		return []string{"Mbps"}
	}
	return nil
}

// checkUnit refuses a unit in which a meter's quantity would mean something else, such as bytes in hours.
func checkUnit(m price.Meter, unit priceUnit) error {
	if units := meterUnits(m); units != nil && !slices.Contains(units, unit.name) {
		return fmt.Errorf("unit %s does not count %s; write %s", unit.name, m, oneOf(units))
	}
	return nil
}
