package scenarios

// unsupported refuses what the schema allows and the engine does not honour yet. A value that
// means what the engine does anyway is fine.
func (v *validator) unsupported() {
	if v.Sizes.From == SizesLock {
		v.fail("sizes.from", "not supported yet; write auto, registry or catalog")
	}
}
