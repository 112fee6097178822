package report

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/fleetcost/fleetcost/registrysize"
)

// survey is two images over one base, of which one was measured, seen from that one.
func survey() *registrysize.Survey {
	digest := func(c string) string { return "sha256:" + strings.Repeat(c, 4) }
	image := func(ref string, layers ...registrysize.Layer) registrysize.Image {
		return registrysize.Image{Ref: ref, Platform: "linux/amd64", Digest: digest("f"), Source: "registry", Observed: "2026-01-02", Layers: layers}
	}
	base := registrysize.Layer{Digest: digest("a"), Bytes: 3_000_000}
	a := image("docker.io/library/a:1", base, registrysize.Layer{Digest: digest("b"), Bytes: 1_000})
	b := image("=b|:1", base, registrysize.Layer{Digest: digest("c"), Bytes: 2_000})
	files, setuid, packages, yes, no := int64(500), int64(1), int64(16), true, false
	measured := &registrysize.Footprint{Source: "measured", DiskBytes: 7_003_000, LayerDiskBytes: []int64{7_000_000, 3_000},
		Files: &files, Setuid: &setuid, Packages: &packages, Shell: &yes, PackageManager: &no}
	return registrysize.NewSurvey([]registrysize.Image{a, b}, []*registrysize.Footprint{measured, nil}, map[string]*registrysize.Image{"linux/amd64": &a})
}

// Together 3,001,000 + 3,002,000; with the base once 3,003,000; from a to b 2,000 either way.
func TestSizes(t *testing.T) {
	for name, want := range map[string]string{
		"table": `docker.io/library/a:1 linux/amd64
sha256:ffff, from the registry, read 2026-01-02

wire bytes  disk bytes  layer, bottom first
--------------------------------------------------
 3,000,000   7,000,000  sha256:aaaa
     1,000       3,000  sha256:bbbb
 3,001,000   7,003,000  total, 3.00 MB on the wire

=b|:1 linux/amd64
sha256:ffff, from the registry, read 2026-01-02

wire bytes  layer, bottom first
--------------------------------------
 3,000,000  sha256:aaaa
     2,000  sha256:cccc
 3,002,000  total, 3.00 MB on the wire

image                  disk bytes  files  packages  setuid  shell  package manager     as of
--------------------------------------------------------------------------------------------
docker.io/library/a:1   7,003,000    500        16       1    yes               no  measured
=b|:1                           ?      ?         ?       ?      ?                ?         ?

Together 6,003,000 bytes on the wire; with each layer once 3,003,000

wire bytes shared           with 1     with 2
---------------------------------------------
1 docker.io/library/a:1  3,001,000  3,000,000
2 =b|:1                  3,000,000  3,002,000

wire bytes to move from docker.io/library/a:1  by chain  layers  by blob  layers
--------------------------------------------------------------------------------
docker.io/library/a:1                                 0       0        0       0
=b|:1                                             2,000       1    2,000       1
`,
		"csv": `ref,platform,layer,digest,wire_bytes,disk_bytes,files,packages,setuid_files,shell,package_manager,footprint,from,move_chain_bytes,move_blob_bytes
docker.io/library/a:1,linux/amd64,1,sha256:aaaa,3000000,7000000,,,,,,,,,
docker.io/library/a:1,linux/amd64,2,sha256:bbbb,1000,3000,,,,,,,,,
docker.io/library/a:1,linux/amd64,total,sha256:ffff,3001000,7003000,500,16,1,yes,no,measured,docker.io/library/a:1,0,0
'=b|:1,linux/amd64,1,sha256:aaaa,3000000,,,,,,,,,,
'=b|:1,linux/amd64,2,sha256:cccc,2000,,,,,,,,,,
'=b|:1,linux/amd64,total,sha256:ffff,3002000,,,,,,,,docker.io/library/a:1,2000,2000
`,
	} {
		format := SizesFormats()[map[string]int{"table": 0, "csv": 2}[name]]
		var out bytes.Buffer
		if err := format.Write(&out, survey()); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, out.String()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	var out bytes.Buffer
	if err := SizesMarkdown(&out, survey()); err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{
		"| `=b\\|:1` | 3,002,000 | 2 | registry, 2026-01-02 |",
		"| `docker.io/library/a:1` | 7,003,000 | 500 | 16 | 1 | yes | no | measured |",
		"| `2 =b\\|:1` | 3,000,000 | 3,002,000 |",
		"| `=b\\|:1` | 2,000 | 1 | 2,000 | 1 |",
		"| `=b\\|:1` | 2,000 | `sha256:cccc` |",
	} {
		if !strings.Contains(out.String(), "\n"+line+"\n") {
			t.Errorf("no line %s in\n%s", line, out.String())
		}
	}
}

// The first release is there already; what came after is 3,002,000 + 3,000,000, of which 2,000 moved: the
// base alone was there.
func TestHistory(t *testing.T) {
	s := survey()
	third := s.Images[1].Image
	third.Ref, third.Layers = "docker.io/library/a:3", third.Layers[:1]
	var out bytes.Buffer
	if err := historyTable(&out, registrysize.Moved([]registrysize.Image{s.Images[0].Image, s.Images[1].Image, third})); err != nil {
		t.Fatal(err)
	}
	want := `docker.io/library/a linux/amd64, oldest first

release  wire bytes  layers  moved by chain  layers  moved by blob  layers
--------------------------------------------------------------------------
1         3,001,000       2       3,001,000       2      3,001,000       2
1         3,002,000       2           2,000       1          2,000       1
3         3,000,000       1               0       0              0       0

2 releases after the first, of 6,002,000 wire bytes together, moved 2,000 (0.0 %) by chain, 2,000 (0.0 %) by blob
`
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
