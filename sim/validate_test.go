package sim

import (
	"math"
	"strings"
	"testing"
)

func TestValidateReportsEverything(t *testing.T) {
	m := oneSite(2, service("hello", 1, changing("app", mb)))
	m.Duration = 0
	m.Datacenters[0].Pools[0].NIC = 0
	m.Services[0].Registry = 4
	err := m.Validate()
	if err == nil {
		t.Fatal("accepted")
	}
	want := "model: duration of 0 s\n" +
		"model: pool \"default\" of \"fra\": 2 nodes on platform 0, NIC 0, 3 slots, unpack 0, replaced every 0 s\n" +
		"model: service \"hello\" is in registry 4 of 1"
	if err.Error() != want {
		t.Errorf("got\n%v\nwant\n%s", err, want)
	}
}

// Each value is one that the engine cannot wait for, count or name.
func TestValidateKnowsTheLimits(t *testing.T) {
	for name, spoil := range map[string]func(m *Model){
		"duration of +Inf s":        func(m *Model) { m.Duration = math.Inf(1) },
		"arrivals 2":                func(m *Model) { m.Arrivals = 2 },
		"bandwidth 0.5":             func(m *Model) { m.Registries[0].Bandwidth = 0.5 },
		"latency NaN":               func(m *Model) { m.Registries[0].Latency = math.NaN() },
		"keeps -1 versions":         func(m *Model) { m.Registries[0].KeepVersions = -1 },
		"kind of cache 6":           func(m *Model) { m.Datacenters[0].Cache = &Cache{Kind: 6} },
		"kind of peers -1":          func(m *Model) { m.Datacenters[0].P2P = &P2P{Kind: -1} },
		"1001 zones":                func(m *Model) { m.Datacenters[0].Zones = 1001 },
		"more than 10000000 nodes":  func(m *Model) { m.Datacenters[0].Pools[0].Nodes = math.MaxInt64 },
		"more than 1000000000 inst": func(m *Model) { m.Services[0].Instances[0] = 1e9 + 1 },
		"bytes of memory":           func(m *Model) { m.Services[0].RSS, m.Services[0].Instances[0] = maxBytes, 1<<18+1 }, // 2^44 × 2^18 is the most there may be
		"layer \"app\" of":          func(m *Model) { m.Services[0].Layers[0][0].Bytes = maxBytes + 1 },
		"surge of +Inf":             func(m *Model) { m.Services[0].MaxSurge.Value = math.Inf(1) },
		"-1 of page cache":          func(m *Model) { m.Services[0].PageCache = -1 },
		"a deploy time":             func(m *Model) { m.Services[0].DeployTimes = []float64{-1} },
	} {
		m := oneSite(2, service("hello", 1, changing("app", mb)))
		spoil(m)
		if err := m.Validate(); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// 2^20 cold nodes of one layer of 2^42 bytes get 2^62 bytes, the most that is counted; one byte a node more is too many.
// 2^23 nodes of 2^44 bytes would be 2^67, which leaves nothing in 64 bits.
func TestSumsBeyondCountingAreRefused(t *testing.T) {
	for _, c := range []struct {
		nodes int
		bytes int64
		fine  bool
	}{{1 << 20, 1 << 42, true}, {1 << 20, 1<<42 + 1, false}, {1 << 23, 1 << 44, false}} {
		m := coldStart(oneSite(c.nodes, service("hello", 0, static("app", c.bytes))))
		r, err := Run(t.Context(), m)
		switch {
		case c.fine && err != nil:
			t.Error(err)
		case c.fine:
			wantBytes(t, "delivered", r.Delivered, 1<<62)
		case err == nil || !strings.Contains(err.Error(), "no longer counted exactly"):
			t.Errorf("%d nodes of %d bytes: %v", c.nodes, c.bytes, err)
		}
	}
}
