package report

import (
	"strings"
	"unicode/utf8"
)

// mdName writes a name as code, in which markdown, HTML, addresses and @mentions mean nothing (CommonMark
// 6.1). It is on one line and clipped.
func mdName(s string) string {
	s = label(s)
	fence := "`"
	for strings.Contains(s, fence) {
		fence += "`"
	}
	if s == "" || strings.HasPrefix(s, "`") || strings.HasSuffix(s, "`") {
		s = " " + s + " "
	}
	return fence + s + fence
}

// textWidth is the longest note that is shown, in characters.
const textWidth = 1000

// mdText writes a text so that nothing in it is markdown or HTML, on one line and clipped. What could be
// taken for an address or a mention is broken by what cannot be seen.
func mdText(s string) string {
	s = clip(oneLine(s), textWidth)
	var out strings.Builder
	for i, r := range s {
		next, _ := utf8.DecodeRuneInString(s[i+utf8.RuneLen(r):])
		switch {
		case r == '&':
			out.WriteString("&amp;")
		case strings.ContainsRune("\\`*_{}[]<>#|~!$", r), i == 0 && strings.ContainsRune("+-=", r):
			out.WriteString(`\` + string(r))
		case r == '@':
			out.WriteString("@<!-- -->")
		case r == ':' && next == '/', r == '.' && strings.HasSuffix(strings.ToLower(s[:i]), "www"), (r == '.' || r == ')') && next == ' ' && digits(s[:i]):
			out.WriteString(`\` + string(r))
		default:
			out.WriteRune(r)
		}
	}
	return out.String()
}

func digits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// mdCell keeps what stands in a table's cell there: a pipe ends a cell even in code.
func mdCell(s string) string {
	if strings.HasPrefix(s, "`") {
		return strings.ReplaceAll(s, "|", `\|`)
	}
	return s
}
