package report

import (
	"fmt"
	"io"
	"strings"
)

// mdLimit is the longest markdown, in bytes: comments of the large forges end at 65,536 characters.
const mdLimit = 60_000

// An mdDoc is a text for a review: a first line, then blocks, then a foot.
type mdDoc struct {
	first  string
	blocks []mdBlock // the most important first
	foot   string
}

// An mdBlock is a table or a list whose rows may be cut from the end.
type mdBlock struct {
	title  string
	folded bool     // shown when the reader asks for it
	head   []string // the table's first two lines; empty: rows are a list's
	rows   []string // each a line
	cut    int      // rows that are left out
}

// write writes the document within mdLimit: what is too long loses the last rows of its last blocks,
// and says how many.
func (d *mdDoc) write(w io.Writer) error {
	size := len(d.first) + len(d.foot) + 2*len("\n\n")
	for i := range d.blocks {
		size += d.blocks[i].size()
	}
	for i := len(d.blocks) - 1; i >= 0; i-- {
		b := &d.blocks[i]
		for size > mdLimit && len(b.rows) > 0 {
			last := len(b.rows) - 1
			size -= len(b.rows[last]) + len("\n")
			b.rows = b.rows[:last]
			b.cut++
		}
	}
	var out strings.Builder
	out.WriteString(d.first + "\n")
	for i := range d.blocks {
		d.blocks[i].write(&out)
	}
	if d.foot != "" {
		out.WriteString("\n" + d.foot + "\n")
	}
	_, err := io.WriteString(w, out.String())
	return err
}

// frame is more than all that stands around a block's rows but its title and head.
const frame = 200

func (b *mdBlock) size() int {
	n := frame + len(b.title) + len(strings.Join(b.head, "\n"))
	for _, row := range b.rows {
		n += len(row) + len("\n")
	}
	return n
}

func (b *mdBlock) write(out *strings.Builder) {
	if len(b.rows)+b.cut == 0 {
		return
	}
	switch {
	case b.folded:
		fmt.Fprintf(out, "\n<details><summary>%s</summary>\n", b.title)
	case b.title != "":
		fmt.Fprintf(out, "\n**%s**\n", b.title)
	}
	if len(b.rows) > 0 {
		out.WriteString("\n" + strings.Join(append(append([]string(nil), b.head...), b.rows...), "\n") + "\n")
	}
	if b.cut > 0 {
		fmt.Fprintf(out, "\n*Left out to keep this short: %s.*\n", count(b.cut, "row"))
	}
	if b.folded {
		out.WriteString("\n</details>\n")
	}
}

// mdTable makes a block of cells; columns from first to last, counted from 1, are numbers and stand to the
// right.
func mdTable(title string, head []string, first, last int, rows [][]string) mdBlock {
	b := mdBlock{title: title}
	rule := make([]string, len(head))
	for i := range head {
		rule[i] = "---"
		if i+1 >= first && i+1 <= last {
			rule[i] = "--:"
		}
	}
	b.head = []string{mdRow(head), mdRow(rule)}
	for _, cells := range rows {
		b.rows = append(b.rows, mdRow(cells))
	}
	return b
}

func mdRow(cells []string) string {
	safe := make([]string, len(cells))
	for i, c := range cells {
		safe[i] = mdCell(c)
	}
	return "| " + strings.Join(safe, " | ") + " |"
}

// mdList makes a block of texts.
func mdList(title string, texts []string) mdBlock {
	b := mdBlock{title: fmt.Sprintf("%s (%d)", title, len(texts)), folded: true}
	for _, text := range texts {
		b.rows = append(b.rows, "- "+mdText(text))
	}
	return b
}
