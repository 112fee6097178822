package registrysize

import (
	"slices"
	"strings"
)

// Catalogued lists the references of the images in the catalog, sorted.
func Catalogued() []string {
	var refs []string
	for _, img := range parseCatalog().Images {
		refs = append(refs, img.Ref)
	}
	slices.Sort(refs)
	return refs
}

// Kin lists the catalogued images that may stand in for another: builds of the same thing on other
// distributions, and for a plain distribution other distributions, each in its newest version. The image
// itself and what reached its end of life are left out. It is empty for what the catalog does not know by
// its repository.
func Kin(ref string) []string {
	name, own := splitTag(ref)
	var kin []string
	newest := map[string]string{} // by what is the same but for the version
	for _, other := range Catalogued() {
		repo, tag := splitTag(other)
		switch {
		case repo == "docker.io/library/centos" || dated(tag): // no updates since 2024; one day's build
			continue
		case distribution(name) && distribution(repo):
		case repo != name || purpose(tag) != purpose(own):
			continue
		}
		key := repo + " " + purpose(tag) + " " + strings.Join(builds(tag), " ")
		if last, ok := newest[key]; !ok || compareVersions(version(tag), version(tagOf(last))) > 0 {
			newest[key] = other
		}
	}
	for _, other := range newest {
		if other != ref {
			kin = append(kin, other)
		}
	}
	slices.Sort(kin)
	return kin
}

// distribution tells whether a repository is a distribution alone.
func distribution(repo string) bool {
	name, ok := strings.CutPrefix(repo, "docker.io/library/")
	return ok && slices.Contains([]string{"alpine", "amazonlinux", "busybox", "debian", "fedora", "oraclelinux", "rockylinux", "ubuntu"}, name)
}

// splitTag cuts a full reference into repository and tag.
func splitTag(ref string) (repo, tag string) {
	ref, _, _ = strings.Cut(ref, "@")
	if colon := strings.LastIndexByte(ref, ':'); colon > strings.LastIndexByte(ref, '/') {
		return ref[:colon], ref[colon+1:]
	}
	return ref, ""
}

func tagOf(ref string) string {
	_, tag := splitTag(ref)
	return tag
}

// dated tells whether a tag names a day's build.
func dated(tag string) bool {
	const day = len("20060102")
	return slices.ContainsFunc(strings.Split(tag, "-"), func(part string) bool { return len(part) == day && strings.Trim(part, "0123456789") == "" })
}

// builds are the parts of a tag that name a distribution or a smaller build of it, without versions.
func builds(tag string) []string {
	var out []string
	for part := range strings.SplitSeq(tag, "-") {
		if isBuild(part) {
			out = append(out, strings.TrimRight(part, "0123456789."))
		}
	}
	slices.Sort(out)
	return out
}

func isBuild(part string) bool {
	return slices.Contains([]string{"alpine", "slim", "trixie", "bookworm", "bullseye", "glibc", "musl"}, strings.TrimRight(part, "0123456789."))
}

// purpose is what is left of a tag without versions and builds: cli, apache.
func purpose(tag string) string {
	var out []string
	for part := range strings.SplitSeq(tag, "-") {
		if !isBuild(part) && strings.Trim(part, "0123456789.") != "" && part != "lts" {
			out = append(out, part)
		}
	}
	return strings.Join(out, "-")
}

// version is a tag's leading numbers.
func version(tag string) string {
	end := strings.IndexFunc(tag, func(r rune) bool { return r != '.' && (r < '0' || r > '9') })
	if end < 0 {
		end = len(tag)
	}
	return tag[:end]
}

// compareVersions compares numbers with dots between: 3.24 is after 3.9.
func compareVersions(a, b string) int {
	x, y := strings.Split(a, "."), strings.Split(b, ".")
	for i := range min(len(x), len(y)) {
		if c := len(x[i]) - len(y[i]); c != 0 {
			return c
		}
		if c := strings.Compare(x[i], y[i]); c != 0 {
			return c
		}
	}
	return len(x) - len(y)
}
