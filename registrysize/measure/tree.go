package measure

import (
	"path"
	"slices"
	"strings"

	"github.com/fleetcost/fleetcost/registrysize"
)

// A tree is the files that a container sees, by path.
type tree map[string]node

// A node is a file, a link or a folder.
type node struct {
	kind     byte
	target   string // of a link
	packages int64  // that a database lists; -1: could not be read
}

// sum stacks layers, bottom first, and counts what can be seen.
func sum(list []*layer) *registrysize.Footprint {
	t := tree{}
	f := &registrysize.Footprint{Source: "measured", LayerDiskBytes: []int64{}}
	for _, l := range list {
		t.stack(l)
		f.DiskBytes += l.DiskBytes
		f.LayerDiskBytes = append(f.LayerDiskBytes, l.DiskBytes)
	}
	var files, setuids int64
	for _, n := range t {
		if n.kind != folder {
			files++
		}
		if n.kind == setuid {
			setuids++
		}
	}
	shell, manager := t.hasProgram(shells), t.hasProgram(managers)
	f.Files, f.Setuid, f.Shell, f.PackageManager, f.Packages = &files, &setuids, &shell, &manager, t.packages()
	return f
}

// stack puts a layer on top (OCI image specification, layer.md, "Applying Changesets"): what it hides goes
// first, as that is never its own.
func (t tree) stack(l *layer) {
	hidden := map[string]bool{} // with all below it
	emptied := map[string]bool{}
	for _, e := range l.Entries {
		switch e.kind() {
		case whiteout:
			hidden[e.path()] = true
		case opaque:
			emptied[e.path()] = true
		case folder:
		default:
			if t[e.path()].kind == folder {
				hidden[e.path()] = true // a file in a folder's place
			}
		}
	}
	if len(hidden)+len(emptied) > 0 {
		for name := range t {
			if covered(name, hidden, emptied) {
				delete(t, name)
			}
		}
	}
	for _, e := range l.Entries {
		switch kind := e.kind(); kind {
		case whiteout, opaque:
		default:
			t[e.path()] = node{kind: kind, target: e.target(), packages: l.Packages[e.path()]}
		}
	}
}

// covered tells whether a path is hidden, or is in a folder that is hidden or emptied.
func covered(name string, hidden, emptied map[string]bool) bool {
	if hidden[name] {
		return true
	}
	for dir := name; dir != ""; {
		dir, _ = path.Split(dir)
		dir = strings.TrimSuffix(dir, "/")
		if hidden[dir] || emptied[dir] {
			return true
		}
	}
	return false
}

// Where programs are, and which make a shell or a package manager.
var (
	programFolders = []string{"bin", "sbin", "usr/bin", "usr/sbin", "usr/local/bin", "usr/local/sbin"}
	shells         = []string{"sh", "ash", "bash", "dash", "ksh", "zsh"}
	managers       = []string{"apk", "apt", "apt-get", "dpkg", "dnf", "dnf5", "microdnf", "opkg", "pacman", "rpm", "tdnf", "yum", "zypper"}
)

// hasProgram tells whether any of some programs is there: itself, not only a link to nowhere.
func (t tree) hasProgram(names []string) bool {
	for _, dir := range programFolders {
		for _, name := range names {
			if t.isFile(dir + "/" + name) {
				return true
			}
		}
	}
	return false
}

// isFile tells whether a path leads to a file, by whatever links.
func (t tree) isFile(name string) bool {
	const most = 40 // as Linux
	parts := strings.Split(name, "/")
	at := ""
	for links := 0; len(parts) > 0; {
		next := path.Join(at, parts[0])
		parts = parts[1:]
		n := t[next]
		if n.kind != link {
			at = next
			continue
		}
		if links++; links > most {
			return false
		}
		to := n.target
		if !strings.HasPrefix(to, "/") {
			to = path.Join("/"+at, to)
		}
		parts = append(strings.Split(clean(to), "/"), parts...)
		at = ""
	}
	kind := t[at].kind
	return kind == file || kind == setuid
}

// packages adds up the databases that can be seen; nil: there is none, or one that cannot be read.
func (t tree) packages() *int64 {
	total, some := int64(0), false
	for name, n := range t {
		switch {
		case strings.HasPrefix(name, dpkgFolder): // distroless: a file a package
			if n.kind == file && !strings.HasSuffix(name, ".md5sums") {
				total, some = total+1, true
			}
		case (n.kind == file || n.kind == setuid) && isDatabase(name) && !t.shadowed(name):
			if n.packages < 0 {
				return nil
			}
			total, some = total+n.packages, true
		}
	}
	if !some {
		return nil
	}
	return &total
}

// shadowed tells rpm databases beside a newer one: rpm reads that alone.
func (t tree) shadowed(name string) bool {
	dir, base := path.Split(name)
	i := slices.Index(rpmFiles, base)
	if !slices.Contains(rpmFolders, dir) || i < 0 {
		return false
	}
	return slices.ContainsFunc(rpmFiles[:i], func(newer string) bool { return t[dir+newer].kind == file })
}
