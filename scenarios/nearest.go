package scenarios

import (
	"fmt"
	"regexp"
	"strings"
)

// namePattern is what registries, datacenters, pools, services, layers and variants may be called.
var namePattern = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*$`)

const (
	maxName  = 253 // characters of a name: as many as the longest of Kubernetes' own
	maxTitle = 100 // characters of the names of scenarios and variants, which head tables
)

// unknownKey says that a mapping has no such key, and which one may have been meant.
func unknownKey(where, key string, valid []string) string {
	return fmt.Sprintf("%s: unknown key %q; %s", where, clip(key), suggest(key, valid, "there are no keys"))
}

// unknownName says that nothing has that name, and which name may have been meant.
func unknownName(kind, name string, valid []string) string {
	return fmt.Sprintf("no %s is named %q; %s", kind, clip(name), suggest(name, valid, "there is none"))
}

// suggest names the nearest valid word, or all of them where none is near and they are few.
func suggest(word string, valid []string, none string) string {
	valid = distinct(valid)
	if len(valid) == 0 {
		return none
	}
	if near := nearest(word, valid); near != "" {
		return fmt.Sprintf("did you mean %s?", near)
	}
	return "write " + oneOf(valid)
}

// distinct drops empty words and repetitions.
func distinct(words []string) []string {
	seen := map[string]bool{"": true}
	var out []string
	for _, w := range words {
		if !seen[w] {
			seen[w] = true
			out = append(out, w)
		}
	}
	return out
}

// oneOf lists words: a, b or c. Long lists are cut.
func oneOf(words []string) string {
	const most = 24
	shown := make([]string, 0, most)
	for _, w := range words[:min(most, len(words))] {
		shown = append(shown, clip(w))
	}
	if len(words) > most {
		return fmt.Sprintf("one of %s, … (%d)", strings.Join(shown, ", "), len(words))
	}
	if len(shown) == 1 {
		return shown[0]
	}
	last := len(shown) - 1
	return strings.Join(shown[:last], ", ") + " or " + shown[last]
}

// nearest is the valid word that needs the fewest edits, at most a third of the word's length,
// and fewer than all of it; "" where none is so near. The first wins a tie.
func nearest(word string, valid []string) string {
	if len(word) > 100 {
		return ""
	}
	best, bestEdits := "", min(len(word), max(1, len(word)/3)+1)
	for _, v := range valid {
		if len(v) > 100 || max(len(v)-len(word), len(word)-len(v)) >= bestEdits {
			continue // as many edits at least as the words differ in length
		}
		if e := edits(strings.ToLower(word), strings.ToLower(v)); e < bestEdits {
			best, bestEdits = v, e
		}
	}
	return best
}

// edits is the Levenshtein distance of two words in bytes.
func edits(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

// Suggest says what to write in place of a word: the nearest of the valid ones, or all where they are few
// and none is near.
func Suggest(word string, valid []string) string { return suggest(word, valid, "there is none") }
