package manifest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	v1 "github.com/opencontainers/image-spec/specs-go/v1"

	"github.com/fleetcost/fleetcost/registrysize"
	"github.com/fleetcost/fleetcost/registrysize/cache"
)

// blobs are documents by digest.
type blobs map[string][]byte

func (b blobs) put(document any) string {
	data, err := json.Marshal(document)
	if err != nil {
		panic(err)
	}
	digest := cache.Digest(data)
	b[digest] = data
	return digest
}

func (b blobs) fetch(_ context.Context, d v1.Descriptor) ([]byte, error) {
	data, ok := b[string(d.Digest)]
	if !ok {
		return nil, fmt.Errorf("%s was not to be fetched", d.Digest)
	}
	return data, nil
}

func (b blobs) root(digest string) Root { return Root{Digest: digest, Bytes: b[digest]} }

// image puts an image of one layer, whose size tells it from others, and returns its digest.
func (b blobs) image(platform v1.Platform, size int64) string {
	config := b.put(v1.Image{Platform: platform})
	return b.put(doc{"schemaVersion": 2, "mediaType": v1.MediaTypeImageManifest,
		"config": doc{"mediaType": v1.MediaTypeImageConfig, "digest": config, "size": len(b[config])},
		"layers": []doc{{"mediaType": v1.MediaTypeImageLayerGzip, "digest": "sha256:" + strings.Repeat("a", 64), "size": size}}})
}

type doc = map[string]any

func linux(arch, variant string) v1.Platform {
	return v1.Platform{OS: "linux", Architecture: arch, Variant: variant}
}

// index puts an index of images, each of as many bytes as its place counted from 1.
func (b blobs) index(states bool, list ...v1.Platform) string {
	var manifests []doc
	for i, p := range list {
		d := doc{"mediaType": v1.MediaTypeImageManifest, "digest": b.image(p, int64(i+1))}
		if states {
			d["platform"] = p
		}
		manifests = append(manifests, d)
	}
	return b.put(doc{"schemaVersion": 2, "mediaType": v1.MediaTypeImageIndex, "manifests": manifests})
}

// Platforms are chosen as containerd does: the platform itself before what its processor runs too, the first
// of equals; an index that states no platforms is looked into.
func TestPlatforms(t *testing.T) {
	for _, c := range []struct {
		have []v1.Platform
		want string
		size int64 // the place of the right one, counted from 1; 0: none
	}{
		{[]v1.Platform{linux("arm64", ""), linux("amd64", "")}, "linux/amd64", 2},
		{[]v1.Platform{linux("arm64", "v8"), linux("amd64", "")}, "linux/arm64", 1},
		{[]v1.Platform{linux("arm64", ""), linux("amd64", "")}, "linux/arm64/v8", 1},
		{[]v1.Platform{linux("amd64", "v3"), linux("amd64", "")}, "linux/amd64", 2},
		{[]v1.Platform{linux("amd64", ""), linux("amd64", "v3")}, "linux/amd64/v3", 2},
		{[]v1.Platform{linux("amd64", ""), linux("amd64", "v2")}, "linux/amd64/v3", 2},
		{[]v1.Platform{linux("arm", "v5"), linux("arm", "v6")}, "linux/arm/v7", 2},
		{[]v1.Platform{linux("arm", "v7")}, "linux/arm/v6", 0},
		{[]v1.Platform{linux("386", "")}, "linux/amd64", 1},
		{[]v1.Platform{linux("386", ""), linux("amd64", "")}, "linux/amd64", 2},
		{[]v1.Platform{linux("amd64", ""), linux("amd64", "")}, "linux/amd64", 1},
		{[]v1.Platform{{OS: "windows", Architecture: "amd64"}}, "linux/amd64", 0},
		{[]v1.Platform{{OS: "unknown", Architecture: "unknown"}}, "linux/amd64", 0},
		{nil, "linux/amd64", 0},
	} {
		for _, states := range []bool{true, false} {
			if !states && (len(c.have) != 1 || c.have[0].OS == "unknown") {
				continue
			}
			b := blobs{}
			root := b.index(states, c.have...)
			found, err := Image(t.Context(), b.root(root), c.want, b.fetch)
			switch {
			case c.size == 0 && !errors.Is(err, registrysize.ErrNotFound):
				t.Errorf("%s of %v: %+v, %v; want none", c.want, c.have, found, err)
			case c.size > 0 && (err != nil || found.Bytes() != c.size || found.Index != root || found.Digest == root || found.Platform != c.want):
				t.Errorf("%s of %v: %+v, %v; want number %d", c.want, c.have, found, err, c.size)
			}
		}
	}
}

// A missing platform names those that there are, 32 at most.
func TestMissingPlatform(t *testing.T) {
	b := blobs{}
	var many []v1.Platform
	for i := range 40 {
		many = append(many, linux(fmt.Sprintf("a%d", i), ""))
	}
	_, err := Image(t.Context(), b.root(b.index(true, many...)), "linux/amd64", b.fetch)
	if err == nil || !strings.HasPrefix(err.Error(), "it has no platform linux/amd64: not found; it has linux/a0, linux/a1, ") || !strings.HasSuffix(err.Error(), ", linux/a31, …") {
		t.Error(err)
	}
	_, err = Image(t.Context(), b.root(b.index(true)), "linux/amd64", b.fetch)
	if err == nil || !strings.HasSuffix(err.Error(), "; it has none") {
		t.Error(err)
	}
	_, err = Image(t.Context(), b.root(b.image(linux("arm64", ""), 1)), "linux/amd64", b.fetch)
	if err == nil || !strings.HasSuffix(err.Error(), "; it has linux/arm64") {
		t.Error(err)
	}
}

// An index may stand in an index, few deep.
func TestNestedIndexes(t *testing.T) {
	b := blobs{}
	digest := b.index(true, linux("amd64", ""))
	for depth := 1; depth <= 5; depth++ {
		found, err := Image(t.Context(), b.root(digest), "linux/amd64", b.fetch)
		if depth <= maxDepth && (err != nil || found.Bytes() != 1) {
			t.Errorf("%d deep: %+v, %v", depth, found, err)
		}
		if depth > maxDepth && (err == nil || !strings.HasPrefix(err.Error(), "sent indexes in indexes, more than 4 deep")) {
			t.Errorf("%d deep: %+v, %v", depth, found, err)
		}
		digest = b.put(doc{"schemaVersion": 2, "manifests": []doc{{"mediaType": v1.MediaTypeImageIndex, "digest": digest}}})
	}
}

// What is no image says so, by its media type, by its own word or by its parts.
func TestNoImages(t *testing.T) {
	layer := doc{"mediaType": v1.MediaTypeImageLayerGzip, "digest": "sha256:" + strings.Repeat("a", 64), "size": 5}
	config := doc{"mediaType": v1.MediaTypeImageConfig, "digest": "sha256:" + strings.Repeat("c", 64)}
	many := make([]doc, 10_000)
	for i := range many {
		many[i] = layer
	}
	with := func(key string, value any) doc {
		d := doc{"digest": layer["digest"], "size": layer["size"], "mediaType": layer["mediaType"]}
		d[key] = value
		return d
	}
	for _, c := range []struct {
		kind string
		doc  any
		want string
	}{
		{v1.MediaTypeImageManifest, doc{}, "sent a manifest without a config, which no container image is"},
		{v1.MediaTypeImageManifest, doc{"config": config, "layers": []doc{layer, with("size", 6)}}, "with a layer " + layer["digest"].(string) + " of 5 bytes and of 6; do not trust it"},
		{"", doc{"schemaVersion": 1, "fsLayers": []doc{}}, "is an image of Docker's schema 1, which states no sizes"},
		{"application/vnd.docker.distribution.manifest.v1+prettyjws", doc{}, "is an image of Docker's schema 1"},
		{"application/vnd.wasm", doc{}, "is a application/vnd.wasm, not a container image"},
		{"", doc{"mediaType": "application/vnd.wasm"}, "is a application/vnd.wasm, not a container image"},
		{"application/json", doc{}, "is a document of no known kind, not a container image"},
		{"", []int{1}, "sent a manifest that cannot be read"},
		{v1.MediaTypeImageManifest, doc{"config": doc{"mediaType": "application/vnd.cncf.helm.config.v1+json"}}, "is an artifact of type application/vnd.cncf.helm.config.v1+json"},
		{v1.MediaTypeImageManifest, doc{"config": config, "layers": many}, "sent a manifest with 10000 layers, where no machine can stack more than 500"},
		{v1.MediaTypeImageManifest, doc{"config": config, "layers": []doc{with("size", -5)}}, "of -5 bytes; do not trust it"},
		{v1.MediaTypeImageManifest, doc{"config": config, "layers": []doc{with("size", int64(1)<<50)}}, "of 1125899906842624 bytes; do not trust it"},
		{v1.MediaTypeImageManifest, doc{"config": config, "layers": []doc{with("digest", "sha256:zz\n")}}, "with a layer sha256:zz  of 5 bytes"},
		{v1.MediaTypeImageManifest, doc{"config": doc{"mediaType": v1.MediaTypeImageConfig, "digest": "../../x"}}, "with a config ../../x; do not trust it"},
		{v1.MediaTypeImageIndex, doc{"manifests": []doc{{"digest": "md5:1", "platform": linux("amd64", "")}}}, "sent an index with a digest md5:1"},
	} {
		b := blobs{"sha256:" + strings.Repeat("c", 64): []byte("{}")}
		root := b.root(b.put(c.doc))
		root.MediaType = c.kind
		_, err := Image(t.Context(), root, "linux/amd64", b.fetch)
		var wrong Wrong
		if !errors.As(err, &wrong) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v; want %s", err, c.want)
		}
	}
}

// Static registries say nothing of media types; the document does.
func TestVagueMediaTypes(t *testing.T) {
	b := blobs{}
	root := b.root(b.image(linux("amd64", ""), 7))
	for _, kind := range []string{"", "application/json; charset=utf-8", "text/plain", "application/octet-stream", v1.MediaTypeImageManifest} {
		root.MediaType = kind
		if found, err := Image(t.Context(), root, "linux/amd64", b.fetch); err != nil || found.Bytes() != 7 || found.Index != "" {
			t.Errorf("%q: %+v, %v", kind, found, err)
		}
	}
}

// Whatever bytes a registry sends: no panic, and an image only of sane layers.
func FuzzManifest(f *testing.F) {
	b := blobs{}
	image, index := b.image(linux("amd64", ""), 7), b.index(false, linux("amd64", ""))
	for _, data := range b {
		f.Add("", b[image], data)
		f.Add(v1.MediaTypeImageIndex, b[index], data)
	}
	f.Add("application/json", []byte(`{"manifests":[{"digest":"`+index+`"}]}`), []byte(`{"manifests":[{}]}`))
	f.Fuzz(func(t *testing.T, kind string, root, other []byte) {
		fetches := 0
		found, err := Image(t.Context(), Root{Digest: cache.Digest(root), MediaType: kind, Bytes: root}, "linux/amd64",
			func(context.Context, v1.Descriptor) ([]byte, error) {
				if fetches++; fetches > 100 {
					return nil, errors.New("enough")
				}
				return other, nil
			})
		if err != nil {
			return
		}
		if found.Bytes() < 0 || len(found.Layers) > MaxLayers {
			t.Errorf("%+v", found)
		}
		for _, l := range found.Layers {
			if l.Bytes < 0 || !digestPattern.MatchString(l.Digest) {
				t.Errorf("%+v", l)
			}
		}
	})
}
