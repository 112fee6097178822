package kubernetes

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	kyaml "sigs.k8s.io/yaml"
)

// yamlOf writes a value as kubectl does.
func yamlOf(v any) string {
	data, err := kyaml.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(data)
}

// bare drops an object's kind, as old sonobuoys do.
func bare(objects []any) []any {
	var out []any
	for _, o := range objects {
		var v map[string]any
		if err := json.Unmarshal([]byte(encoded(o)), &v); err != nil {
			panic(err)
		}
		delete(v, "kind")
		out = append(out, v)
	}
	return out
}

// TestForms reads one cluster in every form that dumps have, and makes equal scenarios of all.
func TestForms(t *testing.T) {
	c := shop()
	all := c.objects()
	_, made := imported(t, c, Options{})
	want := string(made.YAML)

	var reversed, documents, concatenated string
	for _, o := range all {
		reversed = encoded(o) + "\n" + reversed
		documents += "---\n# one of them\n" + yamlOf(o)
		concatenated += encoded(o)
	}
	podList := map[string]any{"kind": "PodList", "apiVersion": "v1", "items": bare(anys(c.pods))}
	rest := list(append(anys(c.nodes), all[len(c.nodes)+len(c.pods):]...))
	indented := strings.ReplaceAll(yamlOf(map[string]any{"items": all}), "\n", "\n  ")
	for name, files := range map[string][]string{
		"a list":                  {"x.json", list(all)},
		"a list with a mark":      {"x.json", "\xef\xbb\xbf" + list(all)},
		"the other way round":     {"x.json", reversed},
		"one line":                {"x.json", strings.ReplaceAll(strings.ReplaceAll(list(all), "\n", ""), "    ", "")},
		"concatenated":            {"x.json", concatenated},
		"an array":                {"x.json", encoded(all)},
		"arrays without kinds":    {"x.json", encoded(bare(all))}, // told by shape
		"lists in a list":         {"x.json", list([]any{podList, map[string]any{"kind": "List", "items": all}})},
		"a list without kinds":    {"a.json", encoded(podList), "b.json", rest},
		"twice":                   {"a.json", list(all), "b.json", list(all)},
		"a file a kind":           {"nodes.json", list(anys(c.nodes)), "rest.json", list(all[len(c.nodes):])},
		"YAML":                    {"x.yaml", yamlOf(map[string]any{"apiVersion": "v1", "items": all, "kind": "List", "metadata": map[string]string{"a": "b"}})},
		"YAML with carriage":      {"x.yaml", strings.ReplaceAll(yamlOf(map[string]any{"items": all}), "\n", "\r\n")},
		"YAML, items further in":  {"x.yaml", "items:\n" + strings.TrimPrefix(indented, "items:\n")},
		"YAML documents":          {"x.yaml", documents},
		"YAML array":              {"x.yaml", yamlOf(all)},
		"an empty list beside it": {"x.json", `{"kind": "List", "items": []}` + list(all), "y.json", `{"kind": "PodList", "items": null}`},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := read(t, files...).Scenario(Options{})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, string(got.YAML)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestFolders reads one cluster laid out as the tools that collect dumps do.
func TestFolders(t *testing.T) {
	c := shop()
	_, made := imported(t, c, Options{})
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	in := func(namespace string, objects []any) []any {
		var some []any
		for _, o := range objects {
			if strings.Contains(encoded(o), fmt.Sprintf("\"namespace\": %q", namespace)) {
				some = append(some, o)
			}
		}
		return some
	}
	items := func(kind string, objects []any) map[string]any {
		return map[string]any{"kind": kind + "List", "items": objects}
	}
	namespaces := []string{"shop", "kube-system", "tools"}
	kinds := []struct {
		plural, kind string
		objects      []any
	}{
		{"pods", "Pod", anys(c.pods)}, {"deployments", "Deployment", anys(c.deployments)}, {"replicasets", "ReplicaSet", anys(c.sets)},
		{"daemonsets", "DaemonSet", anys(c.daemons)}, {"statefulsets", "StatefulSet", anys(c.stateful)},
	}
	layouts := map[string]fstest.MapFS{
		"sonobuoy": {
			"resources/cluster/core_v1_nodes.json": file(encoded(map[string]any{"items": bare(anys(c.nodes))})),
			"meta/config.json":                     file(`{"Description": "x"}`), "plugins/e2e/results.yaml": file("name: e2e\n"),
		},
		"sonobuoy of old": {"resources/non-ns/Nodes.json": file(encoded(bare(anys(c.nodes)))), "serverversion.json": file(`{"major": "1"}`)},
		"must-gather":     {"quay/version": file("x"), "quay/event-filter.html": file("<html>"), "quay/broken.yaml": file("{{ }")},
		"support-bundle":  {"cluster-resources/nodes.json": file(encoded(items("Node", anys(c.nodes)))), "cluster-info/cluster_version.json": file(`"text"`)},
		"cluster-info":    {"nodes.json": file(encoded(items("Node", anys(c.nodes))))},
	}
	for _, n := range c.nodes {
		layouts["must-gather"]["quay/cluster-scoped-resources/core/nodes/"+n.Name+".yaml"] = file("---\n" + yamlOf(n))
	}
	for _, ns := range namespaces {
		for _, k := range kinds {
			objects := in(ns, k.objects)
			layouts["sonobuoy"]["resources/ns/"+ns+"/core_v1_"+k.plural+".json"] = file(encoded(map[string]any{"items": bare(objects)}))
			layouts["sonobuoy of old"]["resources/ns/"+ns+"/"+k.kind+"s.json"] = file(encoded(bare(objects)))
			layouts["must-gather"]["quay/namespaces/"+ns+"/core/"+k.plural+".yaml"] = file("---\n" + yamlOf(items(k.kind, objects)))
			layouts["support-bundle"]["cluster-resources/"+k.plural+"/"+ns+".json"] = file(encoded(items(k.kind, bare(objects))))
			layouts["cluster-info"][ns+"/"+k.plural+".json"] = file(encoded(items(k.kind, objects)))
		}
	}
	for _, p := range c.pods { // once more, each by itself
		layouts["must-gather"]["quay/namespaces/"+p.Namespace+"/pods/"+p.Name+"/"+p.Name+".yaml"] = file("---\n" + yamlOf(p))
	}
	for name, folder := range layouts {
		t.Run(name, func(t *testing.T) {
			var d Dump
			if err := d.ReadFolder(t.Context(), name, folder); err != nil {
				t.Fatal(err)
			}
			got, err := d.Scenario(Options{})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(made.YAML), string(got.YAML)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestWrongFiles gives each file that cannot be read its whole message.
func TestWrongFiles(t *testing.T) {
	whole := list(shop().objects())
	sixteen := func(order func(hi, lo byte) []byte, mark []byte) string {
		out := mark
		for _, u := range utf16.Encode([]rune(whole)) {
			out = append(out, order(byte(u>>8), byte(u))...)
		}
		return string(out)
	}
	for _, k := range []struct{ name, text, want string }{
		{"empty", "", "reading empty: it is empty; write kubectl's output to it with -o json"},
		{"blank", " \n\t\n", "reading blank: it is empty; write kubectl's output to it with -o json"},
		{"table", "NAME   STATUS   ROLES   AGE\nn1     Ready    <none>  3d\n", "reading table: line 1: it is neither JSON nor YAML of Kubernetes; write kubectl's output to it with -o json"},
		{"text.json", `["a", 3`, `reading text.json: it ends after 2 objects in the middle of one, at byte 7; write it anew, the disk may have been full or the command interrupted`},
		{"syntax.json", `{"items": [{]}`, `reading syntax.json: after byte 11 it is not JSON: invalid character ']' looking for beginning of object key string; write kubectl's output to it anew`},
		{"number.json", `[] 7`, `reading number.json: 7 stands where an object or a list should; write kubectl's output to it with -o json`},
		{"items.json", `{"items": {"a": 1}}`, `reading items.json: items is not a list; write kubectl's output to it with -o json`},
		{"items.yaml", "items:\n  a: 1\n", `reading items.yaml: line 2: items is not a list; write kubectl's output to it with -o json`},
		{"broken.yaml", "a: 1\n---\nitems:\n- a: [\n- b: 2\n", `reading broken.yaml: line 4: what begins here is not YAML (line 1: did not find expected node content); write kubectl's output to it with -o json`},
		{"old-shell.json", sixteen(func(hi, lo byte) []byte { return []byte{lo, hi} }, []byte("\xff\xfe")),
			"reading old-shell.json: it is in UTF-16, as old PowerShells write it; write it in UTF-8, e.g. with Out-File -Encoding utf8"},
		{"archive.tar.gz", "\x1f\x8b\x08\x00", "reading archive.tar.gz: it is compressed; unpack it first"},
		{"long.yaml", "a: " + strings.Repeat("x", 2<<20), "reading long.yaml: line 1 is longer than 1048576 bytes; write kubectl's output to it with -o json"},
		{"long.json", `{"items": [{"kind": "Pod", "metadata": {"name": "` + strings.Repeat("x", 33<<20) + `"}}]}`,
			"reading long.json: one of its objects is longer than 32 MiB, which no cluster stores"},
		{"deep.json", strings.Repeat(`{"items":[`, 20_000), "reading deep.json: after byte 10 it is not JSON: invalid character '{' exceeded max depth; write kubectl's output to it anew"},
		{"bomb.yaml", "a: &a [x,x,x,x,x,x,x,x,x]\n" + bomb("bcdefghij"), "reading bomb.yaml: line 1: what begins here is not YAML (document contains excessive aliasing); write kubectl's output to it with -o json"},
	} {
		var d Dump
		err := d.Read(t.Context(), k.name, strings.NewReader(k.text))
		if err == nil || err.Error() != k.want {
			t.Errorf("%s:\n got %v\nwant %s", k.name, err, k.want)
		}
	}
	for _, cut := range []int{1, 100, len(whole) / 2, len(whole) - 2} {
		var d Dump
		if err := d.Read(t.Context(), "cut.json", strings.NewReader(whole[:cut])); err == nil || !strings.Contains(err.Error(), "it ends after") {
			t.Errorf("cut at %d: %v", cut, err)
		}
	}
}

// bomb writes lists of ten aliases each to the one before.
func bomb(names string) string {
	text, before := "", "a"
	for n := range strings.SplitSeq(names, "") {
		text += fmt.Sprintf("%s: &%s [%s]\n", n, n, strings.TrimSuffix(strings.Repeat("*"+before+",", 10), ","))
		before = n
	}
	return text
}

// TestNothingToImport says what dumps lack.
func TestNothingToImport(t *testing.T) {
	c := shop()
	for _, k := range []struct{ name, text, want string }{
		{"services", `{"kind": "List", "items": [{"kind": "Service", "metadata": {"name": "a"}}, {"kind": "Service", "metadata": {"name": "b"}}]}`,
			"no nodes in what was read (nothing of use, and not used: 2 Service); add the output of kubectl get nodes -A -o json"},
		{"pods", list(anys(c.pods[:2])), "no nodes in what was read (2 Pod); add the output of kubectl get nodes -A -o json"},
		{"nodes", list(anys(c.nodes)), "no pods or deployments or replicasets or daemonsets or statefulsets in what was read (6 Node); " +
			"add the output of kubectl get pods,deployments,replicasets,daemonsets,statefulsets -A -o json"},
		{"an empty list", `{"kind": "List", "items": []}`, "no nodes in what was read (nothing of use); add the output of kubectl get nodes -A -o json"},
	} {
		_, err := read(t, "x.json", k.text).Scenario(Options{})
		if err == nil || err.Error() != k.want {
			t.Errorf("%s:\n got %v\nwant %s", k.name, err, k.want)
		}
	}
}

// TestLenient reads what it can of objects whose fields are not the API's, and counts them.
func TestLenient(t *testing.T) {
	text := list(shop().objects())
	text = strings.Replace(text, `"replicas": 4`, `"replicas": "four"`, 1)
	text = strings.Replace(text, `"nodeName": "b1"`, `"nodeName": ["b1"]`, 1)
	d := read(t, "x.json", text+`{"kind": "Pod", "metadata": {"name": "bad", "creationTimestamp": "yesterday"}} {"kind": "Pod"} {"kind": 7} {} 	{"kind": "Secret"}`)
	if got, want := d.NotUnderstood(), "1 Deployment read in part, 1 Pod read in part, 1 Pod without a name, 1 Secret, 1 broken object, 2 object of no known kind"; got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
	if _, err := d.Scenario(Options{}); err != nil {
		t.Error(err)
	}
}

// TestFolderMistakes: a broken file that holds what is needed is an error, a folder without any file too.
func TestFolderMistakes(t *testing.T) {
	for name, k := range map[string]struct {
		folder fs.FS
		want   string
	}{
		"broken": {fstest.MapFS{"ns/pods.json": {Data: []byte(`{"items": [`)}}, "reading broken/ns/pods.json: it ends after 0 objects"},
		"empty":  {fstest.MapFS{"a.txt": {Data: []byte("x")}}, "reading empty: no file in it ends in .json, .yaml or .yml"},
	} {
		var d Dump
		if err := d.ReadFolder(t.Context(), name, k.folder); err == nil || !strings.HasPrefix(err.Error(), k.want) {
			t.Errorf("%s:\n got %v\nwant %s", name, err, k.want)
		}
	}
}

// TestTooMuch refuses what no scenario may say.
func TestTooMuch(t *testing.T) {
	const node = `{"kind": "Node", "metadata": {"name": "n%d", "labels": {"topology.kubernetes.io/region": "%s", "node.kubernetes.io/instance-type": "%s"}}}`
	const pod = `{"kind": "Pod", "metadata": {"name": "p%d"}, "spec": {"containers": [{"name": "a", "image": "acme/a:1"}]}}`
	for _, k := range []struct {
		n    int
		item func(i int) string
		want string
	}{
		{1001, func(i int) string { return fmt.Sprintf(node, i, fmt.Sprint("region-", i), "m") },
			"the nodes tell 1001 regions, and a scenario may have 1000 datacenters; import some of the nodes only"},
		{1001, func(i int) string { return fmt.Sprintf(node, i, "eu", fmt.Sprint("type-", i)) },
			"the nodes of region eu are of 1001 kinds, and a datacenter may have 1000 pools; import some of the nodes only"},
		{20_001, func(i int) string { return fmt.Sprintf(node, 0, "eu", "m") + fmt.Sprintf(pod, i) },
			"the containers of 20001 workloads would be 20001 services, and a scenario may have 20000; import some of the namespaces only"},
	} {
		var text strings.Builder
		for i := range k.n {
			text.WriteString(k.item(i))
		}
		if _, err := read(t, "x.json", text.String()).Scenario(Options{}); err == nil || err.Error() != k.want {
			t.Errorf("\n got %v\nwant %s", err, k.want)
		}
	}
}
