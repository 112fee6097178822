package report

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	extensionast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"

	"github.com/fleetcost/fleetcost/scenarios/whatif"
)

// hostile are names that try to be something else: formulas, markup, addresses, control characters,
// turned or wide writing, and very much of it.
var hostile = []string{
	`=cmd|' /C calc'!A0`, "+1+1", "-2+3", "@SUM(1)", "＝1", "\t=1", "\r=1", `"quoted", 'single'; semicolon`, "line\nbreak\r\nand | pipe",
	"\u202eevil\u2066", "שלום עולם", "🚀 👩‍👩‍👧 é", strings.Repeat("long ", 2_000), strings.Repeat("|", 10_000), strings.Repeat("`", 10_000),
	"<img src=x onerror=alert(1)>", "<!-- comment", "--> </details> <script>alert(1)</script>", "`code` **bold** ~~gone~~ $x$",
	"[text](https://evil.example)", "![image](https://evil.example/x.png)", "https://evil.example/", "www.evil.example", "a@evil.example", "@octocat #1",
	`\|`, `\`, "|", "`", "``", "# head", "- item", "1. item", "1) item", "> quote", "---", "| a | b |", "&lt;b&gt; &amp;", "", " ", "\x1b[31mred\x07", "{{.}}",
}

// hostileResult has every hostile text wherever a result has a text.
func hostileResult() *whatif.Result {
	r := result()
	r.Assumptions, r.Warnings = hostile, hostile
	for _, name := range hostile {
		v := variant(name, 22, 25_000, 1_000_000, 0)
		v.Cost.Items = []whatif.Item{{Rule: name, From: name, To: name, Unit: name, Tier: name, Source: name}}
		r.Variants = append(r.Variants, v)
		r.Budgets = append(r.Budgets, whatif.Budget{Variant: name, Expr: name})
		r.Images = append(r.Images, whatif.Image{Ref: name, Platform: name, Source: name, Observed: name})
	}
	r.Scenario.Name, r.Baseline = hostile[0], hostile[1]
	return r
}

func TestHostileMarkdown(t *testing.T) {
	for _, name := range hostile {
		r := hostileResult()
		r.Scenario.Name, r.Baseline = name, name
		var out bytes.Buffer
		if err := Markdown(&out, r); err != nil {
			t.Fatal(err)
		}
		checkMarkdown(t, out.Bytes(), len(hostile))
	}
}

// ownHTML is what our own markdown has in HTML.
var ownHTML = []string{"<details><summary>", "</summary>", "</details>", "<!-- -->", "<!-- fleetcost:"}

// checkMarkdown parses markdown as GitHub does and finds what only a name could have brought in. Its
// first table has that many rows.
func checkMarkdown(t *testing.T, source []byte, rows int) {
	t.Helper()
	if len(source) > mdLimit {
		t.Errorf("%d bytes", len(source))
	}
	doc := goldmark.New(goldmark.WithExtensions(extension.GFM)).Parser().Parse(text.NewReader(source))
	tables := 0
	err := ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Link, *ast.AutoLink, *ast.Image, *ast.Heading, *ast.Blockquote, *ast.ThematicBreak, *ast.FencedCodeBlock, *ast.CodeBlock, *extensionast.Strikethrough:
			t.Errorf("%s: %.200s", n.Kind(), n.Text(source)) //nolint:staticcheck // the text of any node is what is wanted
		case *ast.List:
			if _, nested := n.Parent().(*ast.ListItem); nested || n.IsOrdered() {
				t.Errorf("a list in a list, or a numbered one: %.200s", n.Text(source)) //nolint:staticcheck // likewise
			}
		case *ast.HTMLBlock:
			for i := range n.Lines().Len() {
				checkHTML(t, string(source[n.Lines().At(i).Start:n.Lines().At(i).Stop]))
			}
		case *ast.RawHTML:
			checkHTML(t, string(n.Segments.Value(source)))
		case *extensionast.Table:
			if tables++; tables == 1 && n.ChildCount() != rows+1 {
				t.Errorf("%d rows in the first table, want %d", n.ChildCount()-1, rows)
			}
			for row := n.FirstChild(); row != nil; row = row.NextSibling() {
				if row.ChildCount() != n.FirstChild().ChildCount() {
					t.Errorf("%d cells: %.200s", row.ChildCount(), row.Text(source)) //nolint:staticcheck // likewise
				}
			}
		}
		return ast.WalkContinue, nil
	})
	if err != nil || tables == 0 {
		t.Errorf("%d tables, %v", tables, err)
	}
	for _, r := range []rune{'\u202e', '\u2066', '\x1b', '\x07', '\r'} {
		if bytes.ContainsRune(source, r) {
			t.Errorf("%U is there", r)
		}
	}
}

func checkHTML(t *testing.T, html string) {
	t.Helper()
	for _, own := range ownHTML {
		html = strings.ReplaceAll(html, own, "")
	}
	if strings.Contains(html, "<") {
		t.Errorf("HTML: %.200s", html)
	}
}

// TestHostileCSV reads the table back: every name is there, marked where a spreadsheet would compute it.
func TestHostileCSV(t *testing.T) {
	var out bytes.Buffer
	if err := CSV(&out, hostileResult()); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&out).ReadAll()
	if err != nil || len(rows) != len(hostile)+1 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	for i, name := range hostile {
		got := rows[i+1][0]
		want := strings.ReplaceAll(name, "\r\n", "\n") // as encoding/csv reads it
		if strings.TrimPrefix(got, "'") != want {
			t.Errorf("%.60q became %.60q", name, got)
		}
		if strings.IndexAny(got, "=+-@\t\r＝") == 0 {
			t.Errorf("%.60q is a formula", got)
		}
	}
}

// TestHostileHTML looks for tags that only a name could have brought in.
func TestHostileHTML(t *testing.T) {
	var out bytes.Buffer
	if err := HTML(&out, hostileResult()); err != nil {
		t.Fatal(err)
	}
	page := out.String()
	for _, bad := range []string{"<img", "<script", "</details> <", "<!-- comment", "http://", "url(", "\u202e", "\x1b"} {
		if strings.Contains(page, bad) {
			t.Errorf("the page has %q", bad)
		}
	}
	if got := strings.Count(page, "<details>"); got != len(hostile) {
		t.Errorf("%d bills, want %d", got, len(hostile))
	}
}

// TestHostileTable checks that names stay on their line and within their width.
func TestHostileTable(t *testing.T) {
	for _, write := range []Format[*whatif.Result]{{"table", Table}, {"wide", Wide}, {"name", Names}} {
		var out bytes.Buffer
		if err := write.Write(&out, hostileResult()); err != nil {
			t.Fatal(err)
		}
		for _, r := range []rune{'\u202e', '\u2066', '\x1b', '\x07', '\r', '\t'} {
			if strings.ContainsRune(out.String(), r) {
				t.Errorf("%s: %U is there", write.Name, r)
			}
		}
	}
	var out bytes.Buffer
	if err := Names(&out, hostileResult()); err != nil {
		t.Fatal(err)
	}
	if got := strings.Count(out.String(), "\n"); got != len(hostile) {
		t.Errorf("%d lines of names, want %d", got, len(hostile))
	}
}
