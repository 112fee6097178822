package deploys

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// three are the deploys of every history below: at 9:30 in winter and at 8:30 and 22:15 UTC in summer.
const three = "2026-01-05T09:30:00Z\n2026-04-01T08:30:00Z\n2026-06-30T22:15:59Z\n"

func parse(t *testing.T, text string, o Options) (*History, error) {
	t.Helper()
	return Parse(t.Context(), "f", strings.NewReader(text), o)
}

// TestHistories reads the three deploys in the form of each tool.
func TestHistories(t *testing.T) {
	for name, k := range map[string]struct {
		text    string
		options Options
		source  string
		leftOut int
	}{
		"git log --pretty": {`2026-07-01T00:15:59+02:00 HEAD -> main, tag: v3, origin/main
2026-05-01T10:00:00+02:00 origin/topic
2026-04-01T10:30:00+02:00 tag: v2, tag: stable
2026-01-05T09:30:00Z tag: v1
`, Options{}, "git log", 1},
		"git log with a pattern": {`2026-07-01T00:15:59+02:00 (HEAD -> main, tag: shop/v3)
2026-05-01T10:00:00+02:00 (tag: web/v9)
2026-04-01 10:30:00 +0200 (tag: shop/v2)
2026-01-05 09:30:00 +0000 (tag: shop/v1)
`, Options{Tags: "shop/v?"}, "git log", 1},
		"git log": {`commit 0123456789abcdef0123456789abcdef01234567 (HEAD -> main, tag: v3)
Author: A <a@example.com>
Date:   Wed Jul 1 00:15:59 2026 +0200

    Fix commit 0123456
    Date: not one

commit 1123456789abcdef0123456789abcdef01234567
Author: A <a@example.com>
Date:   Mon May 4 10:00:00 2026 +0200

    In between

commit 2123456789abcdef0123456789abcdef01234567 (tag: v2)
Merge: 0123456 1123456
Author:     A <a@example.com>
AuthorDate: Mon Mar 2 10:00:00 2026 +0200
Commit:     B <b@example.com>
CommitDate: Wed Apr 1 10:30:00 2026 +0200

commit 3123456789abcdef0123456789abcdef01234567 (tag: v1)
Date:   Mon, 5 Jan 2026 09:30:00 +0000
`, Options{Tags: "v*"}, "git log", 1},
		"git for-each-ref":              {"2026-01-05T09:30:00Z v1\r\n2026-04-01T10:30:00+02:00 v2\r\n2026-07-01T00:15:59+02:00 v3\r\n", Options{}, "git log", 0},
		"git for-each-ref, whole names": {"\"2026-01-05T09:30:00Z refs/tags/v1\"\n2026-04-01T10:30:00+02:00 refs/tags/v2\n2026-07-01T00:15:59+02:00 refs/tags/v3\n2026-07-02T00:15:59+02:00 main\n", Options{}, "git log", 1},
		"GitHub's API": {`[{"tag_name": "v3", "published_at": "2026-06-30T22:15:59Z", "draft": false, "prerelease": false, "assets": [{"id": 7}]},
 {"tag_name": "v4", "published_at": null, "draft": true}, {"tag_name": "v3-rc1", "published_at": "2026-06-01T00:00:00Z", "prerelease": true}]
[{"tag_name": "v2", "published_at": "2026-04-01T08:30:00Z"}, {"tag_name": "v1", "published_at": "2026-01-05T09:30:00Z"}]`, Options{}, "GitHub releases", 2},
		"gh release list": {`[{"isDraft":false,"isPrerelease":true,"publishedAt":"2026-06-30T22:15:59Z","tagName":"shop-3"},
 {"publishedAt":"2026-04-01T08:30:00Z","tagName":"shop-2"},{"publishedAt":"2026-04-02T08:30:00Z","tagName":"web-2"},{"publishedAt":"2026-01-05T09:30:00Z","tagName":"shop-1"}]`,
			Options{Tags: "shop-*", Prereleases: true}, "GitHub releases", 1},
		"Argo CD": {`{"kind": "Application", "status": {"sync": {}, "history": [{"id": 0, "revision": "a", "deployedAt": "2026-01-05T09:30:00Z"},
 {"id": 1, "deployedAt": "2026-04-01T08:30:00Z"}, {"id": 2, "deployedAt": "2026-06-30T22:15:59Z"}]}}`, Options{}, "Argo CD", 0},
		"Argo CD through kubectl": {`{"kind": "List", "items": [{"status": {"history": [{"deployedAt": "2026-01-05T09:30:00Z"}]}},
 {"status": {"history": [{"deployedAt": "2026-04-01T08:30:00Z"}, {"deployedAt": "2026-06-30T22:15:59Z"}]}}]}`, Options{}, "Argo CD", 0},
		"Argo CD, the history alone": {`[{"deployedAt": "2026-01-05T09:30:00Z"}, {"deployedAt": "2026-04-01T08:30:00Z"}, {"deployedAt": "2026-06-30T22:15:59Z"}]`, Options{}, "Argo CD", 0},
		"Helm": {`[{"revision":1,"updated":"2026-01-05T10:30:00.123456789+01:00","status":"superseded","chart":"shop-1.0.0","app_version":"1","description":"Install complete"},
 {"revision":2,"updated":"2026-03-05T10:30:00Z","status":"failed"},{"revision":3,"updated":"2026-04-01T08:30:00Z","status":"superseded"},
 {"revision":4,"updated":"2026-06-30T22:15:59.9Z","status":"deployed"},{"revision":5,"updated":"2026-07-30T22:15:59Z","status":"pending-upgrade"}]`, Options{}, "Helm", 2},
		"Helm 2": {`[{"revision":1,"updated":"Mon Jan  5 09:30:00 2026","status":"SUPERSEDED"},{"revision":2,"updated":"Wed Apr  1 08:30:00 2026","status":"SUPERSEDED"},
 {"revision":3,"updated":"Tue Jun 30 22:15:59 2026","status":"DEPLOYED"}]`, Options{}, "Helm", 0},
	} {
		t.Run(name, func(t *testing.T) {
			h, err := parse(t, k.text, k.options)
			if err != nil {
				t.Fatal(err)
			}
			var out strings.Builder
			if err := Write(&out, h.Times); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(three, out.String()); diff != "" {
				t.Errorf("times (-want +got):\n%s", diff)
			}
			if h.Source != k.source || h.LeftOut != k.leftOut {
				t.Errorf("%s, %d left out; want %s, %d", h.Source, h.LeftOut, k.source, k.leftOut)
			}
		})
	}
}

// TestMistakes gives each history that cannot be read its whole message.
func TestMistakes(t *testing.T) {
	for _, k := range []struct {
		text    string
		options Options
		want    string
	}{
		{"", Options{}, "reading f: it is empty; give a git log, GitHub releases, or the history of Argo CD or Helm as JSON"},
		{"hello\n", Options{}, "reading f: it is neither a git log nor JSON; give e.g. the output of git log --tags --simplify-by-decoration --pretty='%cI %D'"},
		{"2026-01-05T09:30:00Z \n", Options{}, "reading f: no deploy is in it, of 1 entries; give a git log with its tags, e.g. of git log --tags --simplify-by-decoration --pretty='%cI %D'"},
		{"2026-01-05T09:30:00Z 8843d7f92416211de9ebb963ff4ce28125932878\n", Options{}, "reading f: no deploy is in it, of 1 entries; give a git log with its tags, e.g. of git log --tags --simplify-by-decoration --pretty='%cI %D'"},
		{"2026-01-05T09:30:00Z tag: v1\n", Options{Tags: "w*"}, "reading f: no deploy is in it, of 1 entries; write another pattern of tags than w*"},
		{"2026-01-05T25:30:00Z tag: v1\n2026-01-05Tx tag: v2\n", Options{},
			"reading f: \"2026-01-05T25:30:00Z\" is not a time that git log writes\nreading f: \"2026-01-05Tx\" is not a time that git log writes"},
		{"commit 0123456789abcdef (tag: v1)\n", Options{}, "reading f: line 1: the commit has no date; give the output of git log --tags --simplify-by-decoration --pretty='%cI %D'"},
		{`[{"tag_name": "v1", "published_at": "2026-01-05T09:30:00Z", "prerelease": true}]`, Options{}, "reading f: no deploy is in it, of 1 entries; count pre-releases too, or give published releases"},
		{`[{"updated": "2026-01-05T09:30:00Z", "status": "failed"}]`, Options{}, "reading f: no deploy is in it, of 1 entries; give the history of another release"},
		{`[{"updated": "2026-01-05T09:30:00Z", "status": "deployed"}]`, Options{Tags: "v*"}, "reading f: a history of Helm has no tags; leave the pattern v* out"},
		{`[{"updated": "2026-01-05T09:30:00Z", "status": "deployed"}, {"deployedAt": "2026-01-05T09:30:00Z"}]`, Options{}, "reading f: it holds entries of Helm and of Argo CD; give them one by one"},
		{`[{"a": 1}]`, Options{}, `reading f: {"a": 1} is not a release of GitHub, Argo CD or Helm`},
		{`[7]`, Options{}, `reading f: 7 is not a release of GitHub, Argo CD or Helm: json: cannot unmarshal number into Go value of type deploys.item`},
		{`[{"tag_name": "v1"`, Options{}, "reading f: after byte 0 it is not JSON: unexpected EOF"},
		{`[]`, Options{}, "reading f: no deploy is in it, of 0 entries; give a git log with its tags, e.g. of git log --tags --simplify-by-decoration --pretty='%cI %D'"},
	} {
		_, err := parse(t, k.text, k.options)
		if err == nil || err.Error() != k.want {
			t.Errorf("%q:\n got %v\nwant %s", k.text, err, k.want)
		}
	}
}

// FuzzParse: no text panics, and times are ascending and written as they are read.
func FuzzParse(f *testing.F) {
	f.Add("2026-01-05T09:30:00Z tag: v1\n", "v*")
	f.Add("commit 0123456 (tag: a)\nDate: Mon Jan 5 09:30:00 2026 +0100\n", "")
	f.Add("2026-01-05T09:30:00Z v1", "\xb2") // no UTF-8
	f.Add(`[{"updated": "2026-01-05T09:30:00Z", "status": "deployed"}]`, "")
	f.Add(`{"items": [{"status": {"history": [{"deployedAt": "2026-01-05T09:30:00Z"}]}}]}`, "")
	f.Add(`[[[[[[[{"tagName": "v1", "publishedAt": "2026-01-05T09:30:00Z"}]]]]]]]`, "[")
	f.Fuzz(func(t *testing.T, text, tags string) {
		h, err := parse(t, text, Options{Tags: tags})
		if err != nil {
			return
		}
		var out strings.Builder
		if err := Write(&out, h.Times); err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
		for i, line := range lines {
			at, err := time.Parse(time.RFC3339, line)
			if err != nil || !at.Equal(h.Times[i]) || i > 0 && !h.Times[i-1].Before(at) {
				t.Errorf("line %d is %q", i, line)
			}
		}
	})
}
