package remote

import (
	"net/url"
	"strings"

	"github.com/google/go-containerregistry/pkg/authn"
)

// least is how long a secret is at least: shorter ones are everywhere.
const least = 4

// hide keeps a secret from ever being shown. The login is locked.
func (l *login) hide(secret string) {
	_, bare, ok := strings.Cut(secret, " ")
	if ok && bare != "" && (strings.HasPrefix(secret, "Basic ") || strings.HasPrefix(secret, "Bearer ")) {
		secret = bare
	}
	if len(secret) >= least {
		l.secrets = append(l.secrets, secret)
	}
}

// hideAll keeps all forms of a password from being shown in which it crosses the wire. The login is locked.
func (l *login) hideAll(a *authn.AuthConfig) {
	for _, secret := range []string{a.Password, a.Auth, a.IdentityToken, a.RegistryToken, basicHeader(a)} {
		l.hide(secret)
		l.hide(url.QueryEscape(secret))
	}
}

// scrub takes secrets out of the words of others: a registry may repeat what it was sent.
func (l *login) scrub(text string) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, secret := range l.secrets {
		text = strings.ReplaceAll(text, secret, "…")
		for n := len(secret) - 1; n >= least; n-- {
			text = strings.ReplaceAll(text, secret[:n]+"…", "…") // what was cut short before
		}
	}
	return text
}

// A loginError is a login that could not be made: no registry is to blame.
type loginError struct{ msg string }

func (e loginError) Error() string { return e.msg }

// helperWords takes what a credential helper printed out of an error: it may be the password.
func helperWords(err error) string {
	text, _, _ := strings.Cut(err.Error(), ", out:")
	return text
}
