package scenarios

import "fmt"

// unsupported refuses what the schema allows and the engine does not honour yet. A value that
// means what the engine does anyway is fine.
func (v *validator) unsupported() {
	refuse := func(is bool, path, remedy string) {
		if is {
			v.fail(path, "not supported yet; %s", remedy)
		}
	}
	const remove = "remove it"
	refuse(v.Simulate.Replications > 1, "simulate.replications", "write 1")
	refuse(v.Sizes.From == SizesLock, "sizes.from", "write auto, registry or catalog")
	refuse(len(v.Prices.Rules) > 0, "prices.rules", remove)
	for i, r := range v.Registries {
		at := fmt.Sprintf("registries[%d].", i)
		refuse(r.PullLimit != nil, at+"pullLimit", remove)
		refuse(len(r.Replicas) > 0, at+"replicas", remove)
	}
	for i, d := range v.Datacenters {
		at := fmt.Sprintf("datacenters[%d].", i)
		refuse(d.Provider != ProviderAWS && d.Provider != ProviderNone, at+"provider", "write aws, or none")
		refuse(d.Cache != nil, at+"cache", remove)
		refuse(d.P2P != nil, at+"p2p", remove)
		for j, p := range d.Pools {
			at := fmt.Sprintf("datacenters[%d].pools[%d].", i, j)
			refuse(p.Platform != v.Sizes.Platform, at+"platform", "write the platform of sizes, "+v.Sizes.Platform)
			refuse(!p.SerializePulls, at+"serializePulls", "write true")
			refuse(p.ImageDisk != 0, at+"imageDisk", remove)
			refuse(p.GC != nil, at+"gc", remove)
			refuse(p.Autoscale != nil, at+"autoscale", remove)
			refuse(p.Ephemeral, at+"ephemeral", "write false")
		}
	}
	for i, s := range v.Services {
		at := fmt.Sprintf("services[%d].", i)
		refuse(len(s.Versions) > 0, at+"versions", remove)
		refuse(s.DeployTimes != "", at+"deployTimes", remove)
		refuse(s.DeployWindow != nil, at+"deployWindow", remove)
		refuse(s.Placement == PlacementRandom, at+"placement", "write spread or pack")
		refuse(s.Rollout.Datacenters == RolloutSequential, at+"rollout.datacenters", "write parallel")
		refuse(s.PullPolicy == PullAlways, at+"pullPolicy", "write IfNotPresent")
		refuse(s.RestartsPerDay > 0, at+"restartsPerDay", "write 0")
	}
}
