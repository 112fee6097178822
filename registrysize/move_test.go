package registrysize

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// imageOf has layers of 1, 2, 4 … bytes, named a, b, c …
func imageOf(names string) *Image {
	img := &Image{Ref: "docker.io/library/" + names + ":1", Platform: "linux/amd64"}
	for _, name := range names {
		img.Layers = append(img.Layers, Layer{Digest: string(name), Bytes: 1 << (name - 'a')})
	}
	return img
}

func TestMoving(t *testing.T) {
	for _, c := range []struct {
		from, to string
		want     Move
	}{
		{"abc", "abc", Move{}},
		{"abc", "abd", Move{8, 8, 1, 1}},
		{"abc", "ab", Move{}},                // all is there
		{"ab", "abc", Move{4, 4, 1, 1}},      // one more on top
		{"abc", "xbc"[1:], Move{6, 0, 2, 0}}, // from b on: 2 + 4 by chain, both blobs there
		{"abc", "dbc", Move{14, 8, 3, 1}},    // another base: 8 + 2 + 4 by chain, 8 by blob
		{"", "abca", Move{7, 7, 3, 3}},       // a twice crosses once
		{"a", "aba", Move{3, 2, 2, 1}},       // above b, a is another layer by its chain, and the same blob
		{"abc", "", Move{}},
	} {
		if got := Moving(imageOf(c.from), imageOf(c.to)); got != c.want {
			t.Errorf("%s to %s: %+v, want %+v", c.from, c.to, got, c.want)
		}
	}
	if got := Moving(nil, imageOf("ab")); got != (Move{3, 3, 2, 2}) {
		t.Errorf("from nothing: %+v", got)
	}
}

func TestMoved(t *testing.T) {
	var got []Move
	for _, r := range Moved([]Image{*imageOf("abc"), *imageOf("abd"), *imageOf("ebd"), *imageOf("ebd")}) {
		got = append(got, r.Move)
	}
	// 1 + 2 + 4; d alone; e on the bottom takes b and d along by chain: 16 + 2 + 8; nothing.
	if diff := cmp.Diff([]Move{{7, 7, 3, 3}, {8, 8, 1, 1}, {26, 16, 3, 1}, {}}, got); diff != "" {
		t.Error(diff)
	}
}

func TestSurvey(t *testing.T) {
	a, b := imageOf("abc"), imageOf("abd")
	known := &Footprint{DiskBytes: 9, LayerDiskBytes: []int64{9}}
	s := NewSurvey([]Image{*a, *b}, []*Footprint{known, nil}, map[string]*Image{"linux/amd64": a})
	if s.Shared.Total != 18 || s.Shared.Unique != 15 || !cmp.Equal(s.Shared.Pairs, [][]int64{{7, 3}, {3, 11}}) {
		t.Errorf("%+v", s.Shared)
	}
	if s.Images[0].Footprint.DiskBytes != 9 || s.Images[1].Footprint != nil || *s.Images[1].Move != (Move{8, 8, 1, 1}) || s.Images[1].From != a.Ref {
		t.Errorf("%+v", s.Images)
	}
	if s := NewSurvey([]Image{*a}, nil, nil); s.Images[0].Move != nil || s.Images[0].Footprint != nil {
		t.Errorf("%+v", s.Images)
	}
}
