package report

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/fleetcost/fleetcost/scenarios/whatif"
)

// A usageFile is what an infracost usage file says of resources: values by resource and key.
type usageFile map[string]map[string]float64

// InfracostUsage writes the usage file that infracost and its like read, of the baseline: a resource for each
// datacenter's way out, each registry and each region's transfers, in the provider's own GB. Its resources have the
// scenario's names; they take effect once they have those of one's own configuration.
func InfracostUsage(w io.Writer, r *whatif.Result) error {
	v := baseline(r)
	if v == nil {
		return fmt.Errorf("the result has no variant %s", r.Baseline)
	}
	usage := usageFile{}
	regions := map[string]string{}
	for i := range v.Cost.Ledger {
		usage.row(&v.Cost.Ledger[i], regions)
	}
	var out strings.Builder
	fmt.Fprintf(&out, "# What %s, variant %s, moves and keeps in a month of 730 h. Rename the resources as yours are called;\n", oneLine(r.Scenario.Name), oneLine(v.Name))
	out.WriteString("# where one stands for several, such as the NAT gateways of a datacenter, share its values out.\nversion: 0.1\nresource_usage:\n")
	for _, resource := range slices.Sorted(maps.Keys(usage)) {
		fmt.Fprintf(&out, "  %s:\n", resource)
		if region := regions[resource]; region != "" {
			fmt.Fprintf(&out, "    region: %s\n", region)
		}
		parent := ""
		for _, key := range slices.Sorted(maps.Keys(usage[resource])) {
			indent, name := "    ", key
			if group, below, nested := strings.Cut(key, "."); nested {
				if group != parent {
					fmt.Fprintf(&out, "    %s:\n", group)
					parent = group
				}
				indent, name = "      ", below
			}
			fmt.Fprintf(&out, "%s%s: %s\n", indent, name, exact(usage[resource][key]))
		}
	}
	if len(usage) == 0 {
		out.WriteString("  {}\n")
	}
	_, err := io.WriteString(w, out.String())
	return err
}

func (u usageFile) add(resource, name, key string, quantity float64) string {
	id := resource + "." + identifier(name)
	if u[id] == nil {
		u[id] = map[string]float64{}
	}
	u[id][key] += quantity
	return id
}

// identifier replaces what neither YAML nor Terraform takes in a name.
func identifier(name string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_' {
			return r
		}
		return '_'
	}, name)
}

// row adds what a row of the ledger is of a resource that infracost knows.
func (u usageFile) row(row *whatif.LedgerRow, regions map[string]string) {
	const processed = "monthly_data_processed_gb"
	switch row.Provider + " " + row.Meter {
	case "aws nat-processing":
		u.add("aws_nat_gateway", row.Datacenter, processed, row.Quantity)
	case "azure nat-processing":
		u.add("azurerm_nat_gateway", row.Datacenter, processed, row.Quantity)
	case "gcp nat-processing":
		u.add("google_compute_router_nat", row.Datacenter, processed, row.Quantity)
	case "gcp nat-hour":
		u.add("google_compute_router_nat", row.Datacenter, "assigned_vms", row.Quantity/(secondsPerMonth/3600))
	case "aws endpoint-processing":
		u.add("aws_vpc_endpoint", row.Datacenter, processed, row.Quantity)
	case "azure endpoint-processing", "azure endpoint-layers":
		u.add("azurerm_private_endpoint", row.Datacenter, "monthly_inbound_data_processed_gb", row.Quantity)
	case "aws registry-storage":
		if strings.HasPrefix(row.Rule, "aws.s3.") {
			u.add("aws_s3_bucket", row.From, "standard.storage_gb", row.Quantity)
			return
		}
		u.add("aws_ecr_repository", row.From, "storage_gb", row.Quantity)
	case "aws read-requests":
		u.add("aws_s3_bucket", row.From, "standard.monthly_tier_2_requests", row.Quantity)
	case "gcp registry-storage":
		u.add("google_artifact_registry_repository", row.From, "storage_gb", row.Quantity)
	case "azure registry-storage":
		u.add("azurerm_container_registry", row.From, "storage_gb", row.Quantity)
	case "gcp inter-region":
		if strings.HasPrefix(row.Rule, "gcp.artifact_registry.") {
			u.add("google_artifact_registry_repository", row.From, "monthly_egress_data_transfer_gb."+strings.ReplaceAll(identifier(row.Peer), "-", "_"), row.Quantity)
		}
	case "aws inter-zone", "aws inter-region", "aws internet-egress":
		u.transfer(row, regions)
	}
}

// transfer adds what leaves a region of AWS. Between zones infracost doubles what it is told, since both ends pay: it
// is told the sender's.
func (u usageFile) transfer(row *whatif.LedgerRow, regions map[string]string) {
	key := "monthly_outbound_internet_gb"
	switch {
	case row.Meter == "inter-zone" && row.Charged == "receiver":
		return
	case row.Meter == "inter-zone":
		key = "monthly_intra_region_gb"
	case row.Meter == "inter-region" && strings.HasPrefix(row.Region, "us-east-") && strings.HasPrefix(row.Peer, "us-east-"):
		key = "monthly_outbound_us_east_to_us_east_gb"
	case row.Meter == "inter-region":
		key = "monthly_outbound_other_regions_gb"
	}
	regions[u.add("aws_data_transfer", row.Region, key, row.Quantity)] = identifier(row.Region)
}
