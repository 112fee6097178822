package memory

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// Scenario writes the memory of images as the services of a scenario file: a name to be changed to the
// service's, the image, and memory, with a comment that says of how many containers it is the mean. Images
// that nobody tells are left out.
func Scenario(images []Image) ([]byte, error) {
	services := &yaml.Node{Kind: yaml.SequenceNode}
	taken := map[string]bool{}
	for i := range images {
		img := &images[i]
		if img.Image == "" || strings.HasPrefix(img.Image, "sha256:") {
			continue
		}
		held := mapping("rss", megabytes(img.MeanRSS()), "cache", megabytes(img.MeanCache()))
		held.Style = yaml.FlowStyle
		held.LineComment = fmt.Sprintf("# rss: mean of containers, of which there are %d; cache: mean of nodes, %d", img.Containers, img.Nodes)
		item := mapping("name", serviceName(img.Image, taken), "image", img.Image)
		item.Content = append(item.Content, text("memory"), held)
		services.Content = append(services.Content, item)
	}
	if len(services.Content) == 0 {
		services.Style = yaml.FlowStyle
	}
	root := &yaml.Node{Kind: yaml.MappingNode, Content: []*yaml.Node{text("services"), services}}
	root.Content[0].HeadComment = "# Memory as measured; take the lines over to the services of a scenario that run these images."
	var out bytes.Buffer
	enc := yaml.NewEncoder(&out)
	enc.SetIndent(2)
	if err := enc.Encode(root); err != nil {
		return nil, fmt.Errorf("writing memory: %w", err)
	}
	return out.Bytes(), enc.Close()
}

func mapping(pairs ...string) *yaml.Node {
	n := &yaml.Node{Kind: yaml.MappingNode}
	for _, p := range pairs {
		n.Content = append(n.Content, text(p))
	}
	return n
}

func text(value string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: value}
}

// serviceName is the last part of an image's path, with a number where it is taken.
func serviceName(image string, taken map[string]bool) string {
	base := image[strings.LastIndexByte(image, '/')+1:]
	base, _, _ = strings.Cut(base, "@")
	base, _, _ = strings.Cut(base, ":")
	name := base
	for i := 2; taken[name]; i++ {
		name = base + "-" + strconv.Itoa(i)
	}
	taken[name] = true
	return name
}

// megabytes writes a size to the byte.
func megabytes(n int64) string {
	text := strconv.FormatFloat(float64(n)/1e6, 'f', 6, 64)
	return strings.TrimRight(strings.TrimRight(text, "0"), ".") + "MB"
}
