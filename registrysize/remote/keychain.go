package remote

import (
	"os/exec"
	"regexp"

	"github.com/docker/docker-credential-helpers/client"
	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/authn/github"
	"github.com/google/go-containerregistry/pkg/v1/google"
)

// newKeychain finds passwords where people keep them: in Docker's configuration (or Podman's) and its
// credential helpers; in the helpers that clouds offer, where they are installed but not configured; in
// GITHUB_TOKEN for ghcr.io; and in Google's default credentials for its registries. The first that has one wins.
func newKeychain() authn.Keychain {
	return authn.NewMultiKeychain(authn.DefaultKeychain, cloudHelpers{}, github.Keychain, google.Keychain)
}

// cloudHelpers runs the credential helper of a cloud's registry: the clouds' own libraries do the same, and
// weigh more than all of this program.
type cloudHelpers struct{}

// helpers lists clouds' registries with the programs that log in to them.
var helpers = []struct {
	host    *regexp.Regexp
	program string
}{
	{regexp.MustCompile(`^\d{12}\.dkr\.ecr(-fips)?\.[a-z0-9-]+\.(amazonaws\.com(\.cn)?|on\.aws)$|^public\.ecr\.aws$`), "docker-credential-ecr-login"},
	{regexp.MustCompile(`\.azurecr\.(io|cn|us)$`), "docker-credential-acr-env"},
	{regexp.MustCompile(`(^|\.)gcr\.io$|\.pkg\.dev$`), "docker-credential-gcr"},
}

// Resolve asks the helper, anonymously where there is none or it has no password: the cloud may not need one.
func (cloudHelpers) Resolve(target authn.Resource) (authn.Authenticator, error) {
	for _, h := range helpers {
		if !h.host.MatchString(target.RegistryStr()) {
			continue
		}
		if _, err := exec.LookPath(h.program); err != nil {
			continue
		}
		c, err := client.Get(client.NewShellProgramFunc(h.program), target.RegistryStr())
		if err != nil || c.Secret == "" {
			continue
		}
		if c.Username == "<token>" {
			return authn.FromConfig(authn.AuthConfig{IdentityToken: c.Secret}), nil
		}
		return authn.FromConfig(authn.AuthConfig{Username: c.Username, Password: c.Secret}), nil
	}
	return authn.Anonymous, nil
}
