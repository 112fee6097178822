package registrysize

import "strings"

// Pinned tells whether a normalised reference has a digest, so that what it names never changes.
func Pinned(ref string) bool { return strings.Contains(ref, "@") }

// Identifier is the digest of a normalised reference, or else its tag.
func Identifier(ref string) string {
	if _, digest, ok := strings.Cut(ref, "@"); ok {
		return digest
	}
	return strings.TrimPrefix(ref[len(Repository(ref)):], ":")
}
