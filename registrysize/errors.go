package registrysize

import (
	"errors"
	"fmt"
)

// ErrNotFound is wrapped by errors about an image, a tag or a platform that a source does not have.
var ErrNotFound = errors.New("not found")

// A RegistryError is a registry that could not be reached, refused to answer, or answered what cannot
// be true.
type RegistryError struct {
	Ref      string // normalised
	Registry string // host
	Err      error  // what went wrong and what to do
}

func (e *RegistryError) Error() string {
	return fmt.Sprintf("reading %s from registry %s: %v", e.Ref, e.Registry, e.Err)
}

// Unwrap returns the cause.
func (e *RegistryError) Unwrap() error { return e.Err }
