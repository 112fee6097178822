package remote

import "github.com/google/go-containerregistry/pkg/authn"

// logins finds passwords as Docker does, in its configuration and with its credential helpers, and marks
// what goes wrong there: no registry is to blame.
type logins struct{}

func (logins) Resolve(target authn.Resource) (authn.Authenticator, error) {
	a, err := authn.DefaultKeychain.Resolve(target)
	if err != nil {
		return nil, loginError{clip(err.Error())}
	}
	return a, nil
}

type loginError struct{ msg string }

func (e loginError) Error() string { return e.msg }
