package whatif

import (
	"testing"

	"github.com/fleetcost/fleetcost/sim/price"
)

// ledgerReconciles checks that the rows of a variant's ledger make its bill, that the bytes they carry are all that
// moved, and that each list of its attribution does both again.
func ledgerReconciles(t *testing.T, name string, v *Variant) {
	t.Helper()
	moved, carried, rows, items := int64(0), int64(0), price.USD(0), price.USD(0)
	for _, m := range v.Transfer.Causes {
		moved += m.Bytes
	}
	for _, r := range v.Cost.Ledger {
		rows += r.USD
		if r.Carries {
			carried += r.Bytes
		}
	}
	for _, i := range v.Cost.Items {
		items += i.USD
	}
	if rows != items || carried != moved {
		t.Errorf("%s, %s: the ledger has %v of %v dollars and carries %d of %d bytes", name, v.Name, rows, items, carried, moved)
	}
	a := v.Cost.Attribution
	for what, list := range map[string][]Part{
		"services": a.Services, "datacenters": a.Datacenters, "images": a.Images, "layers": a.Layers, "contents": a.Contents, "causes": a.Causes,
	} {
		var usage, fixed price.USD
		bytes := int64(0)
		for _, p := range list {
			usage, fixed, bytes = usage+p.Usage, fixed+p.Fixed, bytes+p.Bytes
		}
		if usage != v.Cost.Usage || fixed != v.Cost.Fixed || bytes != moved {
			t.Errorf("%s, %s: %s have %v of %v, %v of %v and %d of %d bytes", name, v.Name, what, usage, v.Cost.Usage, fixed, v.Cost.Fixed, bytes, moved)
		}
	}
}
