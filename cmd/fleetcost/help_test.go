package main

import (
	"bytes"
	"context"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"

	"github.com/fleetcost/fleetcost/scenarios"
)

// TestExamples runs every command line that the help texts, the package's manual and the docs show, in a folder with the files that they name.
func TestExamples(t *testing.T) {
	_, text, ok := strings.Cut(manual(t), "# Examples")
	if !ok {
		t.Fatal("the package comment has no examples")
	}
	lines := regexp.MustCompile(`(?m)^\tfleetcost .*`).FindAllString(text, -1)
	root := newRoot(streams{})
	commands := append(root.Commands(), root)
	for i := 0; i < len(commands); i++ {
		cmd := commands[i]
		if cmd != root {
			commands = append(commands, cmd.Commands()...)
		}
		if cmd.Example == "" && cmd.Name() != "help" {
			t.Errorf("fleetcost %s has no example", cmd.Name())
		}
		lines = append(lines, examples(cmd)...)
	}
	lines = append(lines, documented(t)...)
	if len(lines) < 30 {
		t.Fatalf("only %d examples found", len(lines))
	}
	t.Chdir(t.TempDir())
	t.Setenv("XDG_CONFIG_HOME", t.TempDir()) // no settings of whoever runs the tests
	writeExamples(t)
	run(t, "lock", "fleet.yaml")
	if err := os.Link("fleet.lock.yaml", "old.lock.yaml"); err != nil {
		t.Fatal(err)
	}
	run(t, "run", "base-choice", "-o", "json", "--out", "result.json")
	for _, part := range []string{"1/2", "2/2"} {
		run(t, "sweep", "weave-2015", "--vary", "services.hello.deploysPerDay=1..3/1", "--shard", part, "--out", "part-"+part[:1]+".ndjson")
	}
	for _, line := range lines {
		var out, errs bytes.Buffer
		if status := execute(context.Background(), arguments(line), streams{strings.NewReader(""), &out, &errs}); status != exitOK {
			t.Errorf("%s: exit status %d: %s", line, status, errs.String())
		}
		if out.Len() == 0 && !strings.Contains(line, "--out") {
			t.Errorf("%s: printed nothing", line)
		}
	}
}

// writeExamples writes the files that the examples name.
func writeExamples(t *testing.T) {
	t.Helper()
	scenario, err := scenarios.Open(scenarios.Default)
	if err != nil {
		t.Fatal(err)
	}
	const nodes = `[{"kind": "Node", "metadata": {"name": "n"}}]`
	const pods = `[{"kind": "Pod", "metadata": {"name": "p"}, "spec": {"containers": [{"name": "c", "image": "alpine:3.24"}]}}]`
	for file, text := range map[string]string{
		"fleet.yaml": string(scenario), "base.yaml": string(scenario), "staging.yaml": string(scenario), "nodes.json": nodes, "pods.json": pods, "cluster.json": nodes + pods,
		"releases.json": `[{"tag_name": "v1", "published_at": "2026-01-05T09:30:00Z"}]`, "tags.txt": "2026-01-05T09:30:00Z tag: v1\n",
		"cadvisor.txt": "container_memory_rss{image=\"alpine\"} 5e6\n",
	} {
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func examples(cmd *cobra.Command) []string {
	var lines []string
	for line := range strings.Lines(cmd.Example) {
		lines = append(lines, strings.TrimSpace(line))
	}
	return lines
}

// manual is the package comment.
func manual(t *testing.T) string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "main.go", nil, parser.ParseComments|parser.PackageClauseOnly)
	if err != nil {
		t.Fatal(err)
	}
	return file.Doc.Text()
}

// documented finds the command lines that stand by themselves, indented, in the docs.
func documented(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", "..", "docs", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, commands(text)...)
	}
	return lines
}

// commands finds a text's command lines that stand by themselves, indented.
func commands(text []byte) []string {
	var lines []string
	for _, m := range regexp.MustCompile(`(?m)^ {4}(?:fleetcost|go run ./cmd/fleetcost)( .*)$`).FindAllSubmatch(text, -1) {
		lines = append(lines, "fleetcost"+string(m[1]))
	}
	return lines
}

// arguments splits a command line as a shell would, as far as the examples need: quotes, and a
// redirection, which is dropped.
func arguments(line string) []string {
	line, _, _ = strings.Cut(strings.TrimSpace(line), " > ")
	var args []string
	for i, part := range strings.Split(line, "'") {
		if i%2 == 1 {
			args = append(args, part)
		} else {
			args = append(args, strings.Fields(part)...)
		}
	}
	return args[1:]
}

// readmeOutput finds the output of run in the README: the fence that follows "prints:".
var readmeOutput = regexp.MustCompile("(?s)(prints:\n\n```\n)(.*?)(\n```\n)")

// TestReadme checks that the README's output is what run prints first.
func TestReadme(t *testing.T) {
	file := filepath.Join("..", "..", "README.md")
	readme, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	if status := execute(context.Background(), []string{"run"}, streams{nil, &out, &errs}); status != exitOK {
		t.Fatalf("run: %s", errs.String())
	}
	want, _, _ := strings.Cut(out.String(), "\n\nBytes a month")
	if *update {
		readme = readmeOutput.ReplaceAll(readme, []byte("${1}"+want+"${3}"))
		if err := os.WriteFile(file, readme, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	shown := readmeOutput.FindSubmatch(readme)
	if shown == nil {
		t.Fatal("no output of run")
	}
	if diff := cmp.Diff(want, string(shown[2])); diff != "" {
		t.Errorf("output of run (-printed +shown); go test ./cmd/fleetcost -update writes it anew:\n%s", diff)
	}
}

// TestReadmeCommands runs the README's commands on its scenario, with the sizes that are built in.
func TestReadmeCommands(t *testing.T) {
	readme, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	scenario := regexp.MustCompile("(?s)```yaml\n(.*?)```").FindSubmatch(readme)
	lines := commands(readme)
	if scenario == nil || len(lines) < 4 {
		t.Fatalf("a scenario: %v; commands: %q", scenario != nil, lines)
	}
	t.Chdir(t.TempDir())
	if err := os.WriteFile("fleet.yaml", append(scenario[1], "sizes: {from: catalog}\n"...), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, line := range lines {
		run(t, arguments(line)...)
	}
}

// run runs a command line that must succeed.
func run(t *testing.T, args ...string) {
	t.Helper()
	var out, errs bytes.Buffer
	if status := execute(context.Background(), args, streams{strings.NewReader(""), &out, &errs}); status != exitOK {
		t.Fatalf("%s: exit status %d: %s", strings.Join(args, " "), status, errs.String())
	}
}
