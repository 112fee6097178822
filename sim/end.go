package sim

// NameOf names an end as results do: a registry or a datacenter by its name, a registry's replica
// "hub@fra", a datacenter's cache "fra/cache" and its peers "fra/peers".
func (m *Model) NameOf(e End) string {
	switch e.Kind {
	case AtRegistry:
		return m.Registries[e.Registry].Name
	case AtReplica:
		return m.Registries[e.Registry].Name + "@" + m.Datacenters[e.Datacenter].Name
	case AtCache:
		return m.Datacenters[e.Datacenter].Name + "/cache"
	case AtPeers:
		return m.Datacenters[e.Datacenter].Name + "/peers"
	}
	return m.Datacenters[e.Datacenter].Name
}
