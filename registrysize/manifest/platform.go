package manifest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/containerd/platforms"
	v1 "github.com/opencontainers/image-spec/specs-go/v1"

	"github.com/fleetcost/fleetcost/registrysize"
)

// child follows an index to its best image for the platform, as containerd does: the platform itself, else
// one that its processors run too, e.g. linux/arm/v6 on linux/arm/v7; the first of equals.
func (r *reader) child(list []v1.Descriptor, depth int) (Found, error) {
	if depth >= maxDepth {
		return Found{}, Wrongf("sent indexes in indexes, more than %d deep; name an image", maxDepth)
	}
	matcher, err := r.matcher()
	if err != nil {
		return Found{}, err
	}
	var fitting, unstated []v1.Descriptor
	var have []string
	for _, d := range list {
		switch {
		case attached(&d):
		case d.Platform == nil:
			unstated = append(unstated, d)
		default:
			if matcher.Match(*d.Platform) {
				fitting = append(fitting, d)
			}
			have = append(have, format(*d.Platform))
		}
	}
	slices.SortStableFunc(fitting, func(a, b v1.Descriptor) int {
		switch {
		case matcher.Less(*a.Platform, *b.Platform):
			return -1
		case matcher.Less(*b.Platform, *a.Platform):
			return 1
		}
		return 0
	})
	if len(fitting) > 0 {
		return r.follow(fitting[0], depth)
	}
	return r.tryAll(unstated, have, depth)
}

// tryAll looks into what an index says no platform of: OCI layouts are often written so.
func (r *reader) tryAll(list []v1.Descriptor, have []string, depth int) (Found, error) {
	const most = 8
	for _, d := range list[:min(len(list), most)] {
		found, err := r.follow(d, depth)
		var missing *missingPlatform
		if missing, _ = err.(*missingPlatform); missing == nil { //nolint:errorlint // nothing wraps it on the way
			return found, err
		}
		have = append(have, missing.have...)
	}
	return Found{}, &missingPlatform{r.want, have}
}

// follow reads what a descriptor points to.
func (r *reader) follow(d v1.Descriptor, depth int) (Found, error) {
	if !digestPattern.MatchString(string(d.Digest)) {
		return Found{}, Wrongf("sent an index with a digest %s; do not trust it", Clip(string(d.Digest)))
	}
	data, err := r.fetch(r.ctx, d)
	if err != nil {
		return Found{}, err
	}
	return r.read(Root{Digest: string(d.Digest), MediaType: d.MediaType, Bytes: data}, d.Platform, depth+1)
}

// attached tells what stands beside images in an index: attestations, signatures and other artifacts.
func attached(d *v1.Descriptor) bool {
	if d.Annotations["vnd.docker.reference.type"] != "" || d.ArtifactType != "" && !isConfig(d.ArtifactType) {
		return true
	}
	if d.Platform != nil && d.Platform.OS == "unknown" {
		return true
	}
	return d.MediaType != "" && !isIndex(d.MediaType) && !isImage(d.MediaType)
}

// checkPlatform reads what a lone image was built for: its manifest does not say.
func (r *reader) checkPlatform(d v1.Descriptor) error {
	data, err := r.fetch(r.ctx, d)
	if err != nil {
		return err
	}
	var config v1.Image
	if err := json.Unmarshal(data, &config); err != nil {
		return Wrongf("sent an image config that cannot be read: %s; do not trust it", Clip(err.Error()))
	}
	if config.OS == "" && config.Architecture == "" {
		return nil // nobody stated it
	}
	matcher, err := r.matcher()
	if err != nil {
		return err
	}
	if !matcher.Match(config.Platform) {
		return &missingPlatform{r.want, []string{format(config.Platform)}}
	}
	return nil
}

func (r *reader) matcher() (platforms.MatchComparer, error) {
	p, err := platforms.Parse(r.want)
	if err != nil {
		return nil, fmt.Errorf("%q is no platform; write os/architecture[/variant], e.g. linux/amd64", r.want)
	}
	return platforms.Only(p), nil
}

// format writes a platform as this program does; what could not be asked for stays as it is.
func format(p v1.Platform) string {
	text := Clip(strings.TrimSuffix(p.OS+"/"+p.Architecture+"/"+p.Variant, "/"))
	if normal, err := registrysize.NormalizePlatform(text); err == nil {
		return normal
	}
	return text
}

// A missingPlatform is an image that is there for other platforms. It wraps registrysize.ErrNotFound.
type missingPlatform struct {
	want string
	have []string
}

// Error names the platforms that there are.
func (e *missingPlatform) Error() string {
	const most = 32
	have := slices.Compact(slices.Clone(e.have))
	switch {
	case len(have) == 0:
		have = []string{"none"}
	case len(have) > most:
		have = append(have[:most:most], "…")
	}
	return fmt.Sprintf("it has no platform %s: %v; it has %s", e.want, registrysize.ErrNotFound, strings.Join(have, ", "))
}

func (e *missingPlatform) Unwrap() error { return registrysize.ErrNotFound }
