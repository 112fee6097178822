package manifest

import (
	"strings"
	"unicode"
)

// Clip keeps the words of others short and printable, for errors.
func Clip(s string) string {
	const most = 160
	if len(s) > 4*most {
		s = s[:4*most]
	}
	printable := []rune(strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, s))
	if len(printable) > most {
		printable = append(printable[:most], '…')
	}
	return string(printable)
}
