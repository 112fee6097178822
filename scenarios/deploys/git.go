package deploys

import (
	"bufio"
	"regexp"
	"strings"
)

// A commit is one entry of a git log, or a line of git for-each-ref.
type commit struct {
	line int
	when string
	tags []string // marked as such: tag: v1, refs/tags/v1
	bare string   // the only word behind a time: a tag, where none is marked
}

var (
	// dated is a line of git log --pretty='%cI %D' or git for-each-ref --format='%(creatordate:iso-strict) %(refname)'.
	dated = regexp.MustCompile(`^"?(\d{4}-\d{2}-\d{2}(?:T\S+| \d{2}:\d{2}:\d{2} [+-]\d{4}))[ ,\t]*(.*?)"?$`)

	// begins is the first line of a commit in git log's own format, with its decorations.
	begins = regexp.MustCompile(`^commit [0-9a-f]{7,64}\b(.*)$`)

	// datedLine is the line of a commit's date, of two that git log --format=fuller tells the committer's.
	datedLine = regexp.MustCompile(`^(?:Date|CommitDate): +(.*)$`)

	// hash is a commit's name in full, which is no tag's.
	hash = regexp.MustCompile(`^(?:[0-9a-f]{40}|[0-9a-f]{64})$`)

	// tagged is a tag among a commit's decorations.
	tagged = regexp.MustCompile(`(?:tag: |refs/tags/)+([^\s,()]+)`)
)

// git reads a log line by line: its entries are the commits that have tags.
func (p *parser) git(lines *bufio.Scanner) {
	const longest = 1 << 20
	lines.Buffer(nil, longest)
	var commits []commit
	n := 0
	for lines.Scan() {
		n++
		line := strings.TrimRight(lines.Text(), " \t\r")
		if m := dated.FindStringSubmatch(line); m != nil {
			c := commit{line: n, when: m[1], tags: tagsIn(m[2])}
			if words := strings.Fields(m[2]); len(words) == 1 && len(c.tags) == 0 && !hash.MatchString(words[0]) {
				c.bare = words[0]
			}
			commits = append(commits, c)
		} else if m := begins.FindStringSubmatch(line); m != nil {
			commits = append(commits, commit{line: n, tags: tagsIn(m[1])})
		} else if m := datedLine.FindStringSubmatch(line); m != nil && len(commits) > 0 {
			if last := &commits[len(commits)-1]; last.when == "" {
				last.when = m[1]
			}
		}
	}
	if err := lines.Err(); err != nil {
		p.fail("line %d: %w", n+1, err)
		return
	}
	if len(commits) == 0 {
		p.fail("it is neither a git log nor JSON; give e.g. the output of git log --tags --simplify-by-decoration --pretty='%%cI %%D'")
	}
	p.commits(commits)
}

// tagsIn lists the tags among decorations.
func tagsIn(text string) []string {
	var tags []string
	for _, m := range tagged.FindAllStringSubmatch(text, -1) {
		tags = append(tags, m[1])
	}
	return tags
}

func (p *parser) commits(commits []commit) {
	marked := false
	for _, c := range commits {
		marked = marked || len(c.tags) > 0
	}
	for _, c := range commits {
		if !marked && c.bare != "" {
			c.tags = []string{c.bare}
		}
		if c.when == "" && len(c.tags) > 0 {
			p.fail("line %d: the commit has no date; give the output of git log --tags --simplify-by-decoration --pretty='%%cI %%D'", c.line)
			continue
		}
		p.entry(sourceGit, c.when, p.wanted(c.tags...))
	}
}
