package price

import "slices"

// rule finds a provider's rule for a meter.
func (b *Book) rule(provider string, meter Meter) *Rule {
	i := slices.IndexFunc(b.Rules, func(r Rule) bool { return r.Provider == provider && r.Meter == meter })
	return &b.Rules[i]
}
