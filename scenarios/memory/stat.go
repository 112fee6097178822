package memory

import (
	"bufio"
	"io"
	"strconv"
	"strings"
)

// held is resident memory and page cache, in bytes.
type held struct{ rss, cache int64 }

// keys are the names of both figures in the kernel's memory.stat, the preferred first: version 2's, which
// count a group's children; version 1's with children, and without. cAdvisor reads the same ones.
var keys = [][2]string{{"anon", "file"}, {"total_rss", "total_cache"}, {"rss", "cache"}}

// heldIn picks the figures of a memory.stat; false where it has none.
func heldIn(stat map[string]int64) (held, bool) {
	for _, k := range keys {
		rss, one := stat[k[0]]
		cache, other := stat[k[1]]
		if one && other {
			return held{rss, cache}, true
		}
	}
	return held{}, false
}

// parseStat reads a memory.stat: a key, a space and a number a line. Other lines are passed over.
func parseStat(r io.Reader) (map[string]int64, error) {
	stat := map[string]int64{}
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		key, value, ok := strings.Cut(lines.Text(), " ")
		if n, err := strconv.ParseInt(value, 10, 64); ok && err == nil && n >= 0 {
			stat[key] = n
		}
	}
	return stat, lines.Err()
}
