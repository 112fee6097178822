package remote

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"time"

	v1 "github.com/opencontainers/image-spec/specs-go/v1"

	"github.com/fleetcost/fleetcost/registrysize"
	"github.com/fleetcost/fleetcost/registrysize/manifest"
)

// maxPages is how many pages of tags are read, of up to a thousand each.
const maxPages = 50

// A tagList is what the cache keeps of a repository's tags.
type tagList struct {
	Repository string    `json:"repository"`
	Tags       []string  `json:"tags"`
	Read       time.Time `json:"read"`
}

// Tags lists the tags of a normalised repository, from the cache where that is fresh.
func (c *Client) Tags(ctx context.Context, repository string) ([]string, error) {
	now := c.now()
	var kept tagList
	if c.o.Cache.Document("lists", repository, &kept) && kept.Repository == repository && c.fresh(kept.Read, now) {
		return kept.Tags, nil
	}
	s := c.session(registrysize.Host(repository))
	repo := repositoryPath(repository)
	s.expect(repo)
	var tags []string
	err := s.turn(ctx, func(ctx context.Context) error {
		path := "tags/list?n=1000"
		for range maxPages {
			page, next, err := s.tagPage(ctx, repo, path)
			if err != nil {
				return err
			}
			tags = append(tags, page...)
			if path = next; path == "" {
				return nil
			}
		}
		return manifest.Wrongf("has more than %d pages of tags; name the versions one by one", maxPages)
	})
	if err != nil {
		return nil, s.blame(ctx, err, repository)
	}
	c.o.Cache.PutDocument("lists", repository, tagList{repository, tags, now})
	return tags, nil
}

// fresh tells whether what was read then is believed now.
func (c *Client) fresh(read, now time.Time) bool {
	age := now.Sub(read)
	return c.o.Now != nil && age >= 0 && age <= c.o.TagsKept
}

// nextPage is how a registry names the page that follows (RFC 5988).
var nextPage = regexp.MustCompile(`<([^<>]*)>;\s*rel="?next"?`)

// tagPage reads one page of tags, and where the next one is: "" for nowhere.
func (s *session) tagPage(ctx context.Context, repo, path string) (tags []string, next string, err error) {
	res, data, err := s.read(ctx, request{method: http.MethodGet, repo: repo, path: path})
	if err != nil {
		return nil, "", err
	}
	var page struct {
		Tags []string `json:"tags"`
	}
	if err := json.Unmarshal(data, &page); err != nil {
		return nil, "", manifest.Wrongf("sent a list of tags that cannot be read: %s; check that it is a container registry", manifest.Clip(err.Error()))
	}
	if m := nextPage.FindStringSubmatch(res.Header.Get("Link")); m != nil {
		at, err := url.Parse(m[1])
		if err != nil || at.RawQuery == "" {
			return nil, "", manifest.Wrongf("sent a list of tags whose next page is nowhere; check that it is a container registry")
		}
		next = "tags/list?" + at.RawQuery
	}
	return page.Tags, next, nil
}

// Releases lists the references of a history, oldest first.
func (c *Client) Releases(ctx context.Context, want registrysize.History, platform string) ([]string, error) {
	return registrysize.Releases(ctx, c, want, platform)
}

// Created tells when an image was built, by its config; a moment of year 1 where that does not say.
func (c *Client) Created(ctx context.Context, ref, platform string) (time.Time, error) {
	found, err := c.find(ctx, ref, platform)
	if err != nil {
		return time.Time{}, err
	}
	l := &lookup{client: c, session: c.session(registrysize.Host(ref)), ref: ref, repo: repositoryPath(ref)}
	var config v1.Image
	err = l.session.turn(ctx, func(ctx context.Context) error {
		data, err := l.fetch(ctx, found.Config)
		if err != nil {
			return err
		}
		if err := json.Unmarshal(data, &config); err != nil {
			return manifest.Wrongf("sent an image config that cannot be read: %s; do not trust it", manifest.Clip(err.Error()))
		}
		return nil
	})
	if err != nil {
		return time.Time{}, l.session.blame(ctx, err, ref)
	}
	if config.Created == nil {
		return time.Time{}, nil
	}
	return *config.Created, nil
}
