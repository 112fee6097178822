package kubernetes

import (
	"errors"
	"strings"
	"testing"

	"github.com/fleetcost/fleetcost/scenarios"
)

// FuzzDump: no input panics or hangs, what is wrong has a message, and a scenario that is made loads.
func FuzzDump(f *testing.F) {
	c := shop()
	f.Add(list(c.objects()[:3]))
	f.Add(list(c.objects()))
	f.Add(encoded(bare(c.objects())))
	f.Add("---\n" + yamlOf(c.objects()[0]) + "---\n" + yamlOf(map[string]any{"items": c.objects()[6:9]}))
	f.Add("items:\n- a: 1\n-\n")
	f.Add(`{"kind": "NodeList", "items": [{"metadata": {"name": "n"}, "status": {"capacity": {"cpu": "1e999999999", "memory": 7}}}]}`)
	f.Add(`[{"kind": "Pod", "metadata": {"name": "p"}, "spec": {"containers": [{"name": "c", "image": "a:1"}]}}, {"kind": "Node", "metadata": {"name": "n"}}]`)
	f.Fuzz(func(t *testing.T, text string) {
		var d Dump
		if err := d.Read(t.Context(), "f", strings.NewReader(text)); err != nil {
			if !strings.HasPrefix(err.Error(), "reading f: ") {
				t.Errorf("message %q", err)
			}
			return
		}
		for _, o := range []Options{{}, {Anonymize: true}} {
			made, err := d.Scenario(o)
			if err != nil {
				// What a scenario may not say must be told before it is written.
				if all, wrong := errors.AsType[scenarios.Errors](err); wrong {
					t.Errorf("a scenario was made that is refused: %v", all)
				}
				return
			}
			if _, err := scenarios.Load("made.yaml", made.YAML); err != nil {
				t.Errorf("%v\n%s", err, made.YAML)
			}
		}
	})
}
