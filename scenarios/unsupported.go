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
	refuse(v.Sizes.From == SizesLock, "sizes.from", "write auto, registry or catalog")
	refuse(len(v.Prices.Rules) > 0, "prices.rules", remove)
	for i, d := range v.Datacenters {
		at := fmt.Sprintf("datacenters[%d].", i)
		refuse(d.Provider != ProviderAWS && d.Provider != ProviderNone, at+"provider", "write aws, or none")
	}
}
