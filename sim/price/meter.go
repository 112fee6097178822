package price

// A Meter is what a rule counts.
type Meter string

// The meters. Transfers are counted in the provider's GB, hours in hours, storage in GB-months, requests
// one by one, fees in whatever the provider counts.
const (
	SameZone           Meter = "same-zone"           // between nodes of one zone
	SameRegion         Meter = "same-region"         // from the region's managed registry to its nodes
	InterZone          Meter = "inter-zone"          // at each end that the rule charges
	InterRegion        Meter = "inter-region"        // by the sender's region
	InternetEgress     Meter = "internet-egress"     // by the sender's region
	HostedTransfer     Meter = "hosted-transfer"     // out of a registry that somebody runs on the internet
	InternetIngress    Meter = "internet-ingress"    // at the receiver
	NATProcessing      Meter = "nat-processing"      // both directions
	EndpointLayers     Meter = "endpoint-layers"     // from the region's managed registry, by the way its layers take
	EndpointProcessing Meter = "endpoint-processing" // anything else through an interface
	Transit            Meter = "transit"             // a port's rate at a percentile, in Mbps
	ReadRequests       Meter = "read-requests"       // of the bucket that a registry's blobs lie in
	NATHour            Meter = "nat-hour"            // of gateways, or of what the rule says
	NATAddressHour     Meter = "nat-address-hour"    // of a gateway's addresses
	EndpointHour       Meter = "endpoint-hour"       // of interfaces
	AddressHour        Meter = "address-hour"        // of the public addresses of nodes that have no gateway
	RegistryStorage    Meter = "registry-storage"    // of what a registry keeps, each replica's too
	RegistryFee        Meter = "registry-fee"        // of a registry's plan
	ReplicaFee         Meter = "replica-fee"         // of a replica, by the registry's plan
	Machines           Meter = "machines"            // of caches and peers, where their cost is stated
	Reference          Meter = "reference"           // for the reader: no scenario is charged by it
)

// meters lists the meters in the order in which they follow each other on a bill.
func meters() []Meter {
	return []Meter{
		SameZone, SameRegion, InterZone, InterRegion, InternetEgress, HostedTransfer, InternetIngress,
		NATProcessing, EndpointLayers, EndpointProcessing, Transit, ReadRequests,
		NATHour, NATAddressHour, EndpointHour, AddressHour, RegistryStorage, RegistryFee, ReplicaFee, Machines, Reference,
	}
}

// Class names the meter as bills and baselines do: a path's class, or nat, endpoint, address, transit,
// storage, requests, registry or hosted-transfer.
func (m Meter) Class() string {
	switch m {
	case SameRegion:
		return string(SameZone)
	case NATProcessing, NATHour, NATAddressHour:
		return "nat"
	case EndpointLayers, EndpointProcessing, EndpointHour:
		return "endpoint"
	case AddressHour:
		return "address"
	case RegistryStorage:
		return "storage"
	case ReadRequests:
		return "requests"
	case RegistryFee, ReplicaFee:
		return "registry"
	}
	return string(m)
}

// Charged says which end of a transfer pays.
type Charged string

// The ends. Where nobody pays, the rate is zero.
const (
	Sender   Charged = "sender"
	Receiver Charged = "receiver"
	Both     Charged = "both"
	Account  Charged = "account" // whoever owns the box that processes
	Nobody   Charged = "none"
)

// A Counter is what a month's quantity is summed over before it enters the tiers. Every provider's
// accounts count apart.
type Counter string

// The counters.
const (
	PerAccount  Counter = "account"
	PerRegion   Counter = "region"   // the sender's, or the box's
	PerPair     Counter = "pair"     // sender's and receiver's areas, or regions where they are in none
	PerRegistry Counter = "registry" // each registry with its replicas
)

// A Per is what boxes and fees are counted by.
type Per string

// The pers. The zero value is PerZone for boxes and PerSite for fees.
const (
	PerZone Per = "zone" // one in each of a datacenter's zones
	PerSite Per = "site" // one in a datacenter
	PerNode Per = "node" // one for each of its nodes
	PerSeat Per = "seat" // one for each user of a registry's plan
)

// Round is what becomes of the fraction of a unit that a month ends with. The zero value is kept as it is.
type Round string

// RoundUp charges for the whole unit.
const RoundUp Round = "up"
