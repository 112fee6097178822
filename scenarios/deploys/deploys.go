// Package deploys takes the times of deploys from release histories: a git log with its tags, the releases of
// GitHub, the history of an Argo CD application or of a Helm release. Written one a line they are what a
// service's deployTimes names. It asks no repository and no server.
package deploys

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Options says which entries of a history count. The zero value takes all but what was never released.
type Options struct {
	Tags        string // of git and GitHub: only tags of this pattern, where * stands for any text and ? for any character; "": all
	Prereleases bool   // of GitHub: also what is marked a pre-release
}

// A History is the times of deploys.
type History struct {
	Source  string      // git log, GitHub releases, Argo CD or Helm
	Times   []time.Time // UTC, to the second, ascending, none twice
	LeftOut int         // entries that are no deploys: drafts, pre-releases, failed ones, other tags
}

// maxHistory is the longest history that is read, in bytes.
const maxHistory = 64 << 20

// maxMistakes is how many mistakes of a history are reported: the others are most likely alike.
const maxMistakes = 20

// Parse reads a history, whose kind shows in its text; file is the name that errors show. The error is the
// history's fault or that of r.
func Parse(ctx context.Context, file string, r io.Reader, o Options) (*History, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxHistory+1))
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil:
		return nil, fmt.Errorf("reading %s: %w", file, err)
	case len(text) > maxHistory:
		return nil, fmt.Errorf("reading %s: it is longer than %d MiB; give a part of the history", file, maxHistory>>20)
	}
	p := &parser{file: file, options: o, pattern: glob(o.Tags)}
	text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))
	switch trimmed := bytes.TrimSpace(text); {
	case len(trimmed) == 0:
		return nil, fmt.Errorf("reading %s: it is empty; give a git log, GitHub releases, or the history of Argo CD or Helm as JSON", file)
	case trimmed[0] == '[' || trimmed[0] == '{':
		p.json(trimmed)
	default:
		p.git(bufio.NewScanner(bytes.NewReader(text)))
	}
	return p.history()
}

// A parser reads one history.
type parser struct {
	file    string
	options Options
	pattern *regexp.Regexp
	source  string
	times   []time.Time
	leftOut int
	errs    []error
}

func (p *parser) fail(format string, args ...any) {
	if len(p.errs) < maxMistakes {
		p.errs = append(p.errs, fmt.Errorf("reading %s: %w", p.file, fmt.Errorf(format, args...)))
	}
}

// entry takes one entry of a history.
func (p *parser) entry(source, when string, counts bool) {
	if p.source != "" && p.source != source {
		p.fail("it holds entries of %s and of %s; give them one by one", p.source, source)
		return
	}
	p.source = source
	if !counts {
		p.leftOut++
		return
	}
	t, err := parseTime(when)
	if err != nil {
		p.fail("%q is not a time that %s writes", clip(when), source)
		return
	}
	p.times = append(p.times, t)
}

func (p *parser) history() (*History, error) {
	if p.options.Tags != "" && (p.source == sourceArgo || p.source == sourceHelm) {
		p.fail("a history of %s has no tags; leave the pattern %s out", p.source, clip(p.options.Tags))
	}
	if len(p.errs) > 0 {
		return nil, errors.Join(p.errs...)
	}
	slices.SortFunc(p.times, time.Time.Compare)
	times := slices.CompactFunc(p.times, time.Time.Equal)
	if len(times) == 0 {
		return nil, fmt.Errorf("reading %s: no deploy is in it, of %d entries; %s", p.file, p.leftOut, p.remedy())
	}
	return &History{Source: p.source, Times: times, LeftOut: p.leftOut}, nil
}

// remedy says what to do about a history without a deploy.
func (p *parser) remedy() string {
	switch {
	case p.options.Tags != "":
		return "write another pattern of tags than " + clip(p.options.Tags)
	case p.source == sourceGitHub:
		return "count pre-releases too, or give published releases"
	case p.source == sourceGit || p.source == "":
		return "give a git log with its tags, e.g. of git log --tags --simplify-by-decoration --pretty='%cI %D'"
	}
	return "give the history of another release"
}

// Write writes times one a line, as deployTimes takes them.
func Write(w io.Writer, times []time.Time) error {
	var out bytes.Buffer
	for _, t := range times {
		out.WriteString(t.UTC().Format(time.RFC3339) + "\n")
	}
	_, err := w.Write(out.Bytes())
	return err
}

// layouts are how tools write times.
var layouts = []string{
	time.RFC3339Nano,
	"2006-01-02 15:04:05 -0700",               // git's %ci
	"Mon Jan 2 15:04:05 2006 -0700",           // git's own
	"Mon, 2 Jan 2006 15:04:05 -0700",          // git's %cD
	"2006-01-02 15:04:05.999999999 -0700 MST", // Helm's tables
	time.ANSIC, // Helm 2's; UTC
}

// parseTime reads a time in any of the layouts, to the second.
func parseTime(text string) (time.Time, error) {
	for _, layout := range layouts {
		t, err := time.Parse(layout, text)
		if u := t.UTC().Truncate(time.Second); err == nil && u.Year() > 0 && u.Year() <= 9999 { // what RFC 3339 can say
			return u, nil
		}
	}
	return time.Time{}, fmt.Errorf("%q is not a time", clip(text))
}

// glob makes a pattern of tags an expression, nil for none. As in git log --tags, * also stands for slashes.
func glob(pattern string) *regexp.Regexp {
	if pattern == "" {
		return nil
	}
	quoted := regexp.QuoteMeta(strings.ToValidUTF8(pattern, "\uFFFD"))
	quoted = strings.ReplaceAll(strings.ReplaceAll(quoted, `\*`, ".*"), `\?`, ".")
	return regexp.MustCompile("^(?s:" + quoted + ")$")
}

// wanted tells whether one of some tags is of the pattern.
func (p *parser) wanted(tags ...string) bool {
	if p.pattern == nil {
		return len(tags) > 0
	}
	return slices.ContainsFunc(tags, p.pattern.MatchString)
}

// clip shortens what is shown of an input.
func clip(text string) string {
	const most = 60
	if runes := []rune(strings.ToValidUTF8(text, "")); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}
