package registrysize

import (
	"fmt"
	"math"
	"net/netip"
	"regexp"
	"strconv"
	"strings"
)

// hubHost is Docker Hub's name in a normalised reference.
const hubHost = "docker.io"

var (
	hostPattern      = regexp.MustCompile(`^([A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|\[([0-9a-fA-F:]+)\])(:([0-9]{1,5}))?$`)
	componentPattern = regexp.MustCompile(`^[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*$`)
	tagPattern       = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$`)
	digestPattern    = regexp.MustCompile(`^sha256:[0-9a-f]{64}$`)
)

// maxReference is how long a repository's name may be (CNCF distribution, reference.NameTotalLengthMax).
const maxReference = 255

// Normalize writes a reference out in full by Docker Hub's rules: alpine is
// docker.io/library/alpine:latest. The grammar is that of the CNCF distribution project. Normalizing
// twice changes nothing.
func Normalize(ref string) (string, error) {
	rest, digest, hasDigest := strings.Cut(ref, "@")
	if hasDigest && !digestPattern.MatchString(digest) {
		return "", fmt.Errorf("%s has no digest after @; write sha256: and 64 hexadecimal digits", quote(ref))
	}
	rest, tag, err := cutTag(rest)
	if err != nil {
		return "", err
	}
	if tag == "" && !hasDigest {
		tag = ":latest"
	}
	host, path := cutHost(rest)
	if !validHost(host) {
		return "", fmt.Errorf("%s has no valid host; write e.g. ghcr.io/org/app:1.0", quote(ref))
	}
	if len(host)+len(path) > maxReference {
		return "", fmt.Errorf("%s has a name of over %d characters", quote(ref), maxReference)
	}
	for component := range strings.SplitSeq(path, "/") {
		if !componentPattern.MatchString(component) {
			return "", fmt.Errorf("%s is no image reference; write [HOST/]NAME[:TAG][@DIGEST] in lower case, e.g. alpine:3.24", quote(ref))
		}
	}
	if hasDigest {
		digest = "@" + digest
	}
	return host + "/" + path + tag + digest, nil
}

// cutTag cuts ":tag" off, and returns it with its colon.
func cutTag(ref string) (rest, tag string, err error) {
	i := strings.LastIndex(ref, ":")
	if i <= strings.LastIndex(ref, "/") {
		return ref, "", nil
	}
	if !tagPattern.MatchString(ref[i+1:]) {
		return "", "", fmt.Errorf("%s has no valid tag; write e.g. alpine:3.24", quote(ref))
	}
	return ref[:i], ref[i:], nil
}

// IsHost tells whether the first part of a reference is a registry's host: it has a dot or a colon, or is
// localhost.
func IsHost(part string) bool {
	return (strings.ContainsAny(part, ".:") || part == "localhost") && validHost(part)
}

// validHost tells whether host is a name or an address, with or without a port.
func validHost(host string) bool {
	parts := hostPattern.FindStringSubmatch(host)
	if parts == nil {
		return false
	}
	if ip := parts[3]; ip != "" {
		if _, err := netip.ParseAddr(ip); err != nil {
			return false
		}
	}
	port, err := strconv.Atoi(parts[5])
	return parts[5] == "" || err == nil && port > 0 && port <= math.MaxUint16
}

// cutHost tells host and path apart.
func cutHost(ref string) (host, path string) {
	host, path, ok := strings.Cut(ref, "/")
	if !ok || !strings.ContainsAny(host, ".:") && host != "localhost" {
		host, path = hubHost, ref
	}
	if host == "index.docker.io" || host == "registry-1.docker.io" {
		host = hubHost
	}
	if host == hubHost && !strings.Contains(path, "/") {
		path = "library/" + path
	}
	return host, path
}

// Host is the registry's host in a normalised reference.
func Host(ref string) string {
	host, _, _ := strings.Cut(ref, "/")
	return host
}

// Repository cuts tag and digest off a normalised reference.
func Repository(ref string) string {
	ref, _, _ = strings.Cut(ref, "@")
	if i := strings.LastIndex(ref, ":"); i > strings.LastIndex(ref, "/") {
		ref = ref[:i]
	}
	return ref
}

// quote keeps hostile references short and printable.
func quote(ref string) string {
	const most = 80
	if len(ref) > most {
		ref = ref[:most] + "…"
	}
	return fmt.Sprintf("%q", ref)
}
