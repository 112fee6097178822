package deploys

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
)

// The histories that are known.
const (
	sourceGit    = "git log"
	sourceGitHub = "GitHub releases"
	sourceArgo   = "Argo CD"
	sourceHelm   = "Helm"
)

// An item is an entry of any history as JSON, the fields of all laid over each other.
type item struct {
	// A release of GitHub, by its API and by gh release list --json.
	Tag          *string `json:"tag_name"`
	TagGH        *string `json:"tagName"`
	Published    string  `json:"published_at"`
	PublishedGH  string  `json:"publishedAt"`
	Draft        bool    `json:"draft"`
	DraftGH      bool    `json:"isDraft"`
	Prerelease   bool    `json:"prerelease"`
	PrereleaseGH bool    `json:"isPrerelease"`

	// A revision of Helm.
	Updated *string `json:"updated"`

	// A deployment of Argo CD.
	DeployedAt *string `json:"deployedAt"`

	// Helm's word for how it went, or the status of an application of Argo CD.
	Status json.RawMessage `json:"status"`

	Items []json.RawMessage `json:"items"` // of a list of applications
}

// json reads values one after another: arrays of entries, as pages of an API are joined, applications of
// Argo CD, and lists of them.
func (p *parser) json(text []byte) {
	dec := json.NewDecoder(bytes.NewReader(text))
	for {
		var raw json.RawMessage
		err := dec.Decode(&raw)
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			p.fail("after byte %d it is not JSON: %w", dec.InputOffset(), err)
			return
		}
		p.value(raw, 0)
	}
}

// maxLists bounds lists in lists.
const maxLists = 4

// value reads an entry, or a list of entries.
func (p *parser) value(raw json.RawMessage, depth int) {
	var list []json.RawMessage
	if depth < maxLists && json.Unmarshal(raw, &list) == nil {
		for _, inner := range list {
			p.value(inner, depth+1)
		}
		return
	}
	var i item
	if err := json.Unmarshal(raw, &i); err != nil {
		p.fail("%s is not a release of GitHub, Argo CD or Helm: %w", clip(string(raw)), err)
		return
	}
	if len(i.Items) > 0 && depth < maxLists {
		for _, inner := range i.Items {
			p.value(inner, depth+1)
		}
		return
	}
	p.item(&i, raw)
}

func (p *parser) item(i *item, raw json.RawMessage) {
	var application struct {
		History []struct {
			DeployedAt string `json:"deployedAt"`
		} `json:"history"`
	}
	switch {
	case i.Updated != nil:
		var how string
		_ = json.Unmarshal(i.Status, &how)
		p.entry(sourceHelm, *i.Updated, how == "deployed" || how == "superseded" || how == "DEPLOYED" || how == "SUPERSEDED")
	case i.DeployedAt != nil:
		p.entry(sourceArgo, *i.DeployedAt, true)
	case i.Tag != nil:
		p.release(*i.Tag, i.Published, i.Draft, i.Prerelease)
	case i.TagGH != nil:
		p.release(*i.TagGH, i.PublishedGH, i.DraftGH, i.PrereleaseGH)
	case json.Unmarshal(i.Status, &application) == nil && application.History != nil:
		for _, h := range application.History {
			p.entry(sourceArgo, h.DeployedAt, true)
		}
	default:
		p.fail("%s is not a release of GitHub, Argo CD or Helm", clip(string(raw)))
	}
}

func (p *parser) release(tag, published string, draft, prerelease bool) {
	counts := !draft && published != "" && (!prerelease || p.options.Prereleases) && p.wanted(tag)
	p.entry(sourceGitHub, published, counts)
}
