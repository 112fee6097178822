package registrysize

// A Sharing says what a set of images has in common. Bytes are compressed.
type Sharing struct {
	Total  int64     // sum of the images' sizes
	Unique int64     // the layers of all images, each digest once
	Pairs  [][]int64 // Pairs[i][j]: bytes that images i and j both have; Pairs[i][i]: the distinct bytes of i
}

// Share compares images layer by layer: equal digests are one blob.
func Share(images []Image) Sharing {
	s := Sharing{Pairs: make([][]int64, len(images))}
	sets := make([]map[string]int64, len(images))
	all := map[string]bool{}
	for i := range images {
		sets[i] = map[string]int64{}
		for _, l := range images[i].Layers {
			sets[i][l.Digest] = l.Bytes
			s.Total += l.Bytes
			if !all[l.Digest] {
				all[l.Digest] = true
				s.Unique += l.Bytes
			}
		}
	}
	for i := range sets {
		s.Pairs[i] = make([]int64, len(images))
		for j := range sets {
			for digest, bytes := range sets[i] {
				if _, both := sets[j][digest]; both {
					s.Pairs[i][j] += bytes
				}
			}
		}
	}
	return s
}
