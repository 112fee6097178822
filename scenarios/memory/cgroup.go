package memory

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
)

// ErrNoCgroups says that a system has no control groups where they are looked for.
var ErrNoCgroups = errors.New("there are no control groups of memory under sys/fs/cgroup")

// Where control groups are, below the root of a host: version 1's of memory before version 2's, which on a
// host with both count no memory.
const (
	cgroupV1 = "sys/fs/cgroup/memory"
	cgroupV2 = "sys/fs/cgroup"
)

// scope is what runtimes call a container's control group: docker-ID.scope, cri-containerd-ID.scope,
// crio-ID.scope and libpod-ID.scope under systemd; ID alone, crio-ID and libpod-ID where they make groups
// themselves. Monitors of containers (crio-conmon-ID, libpod-conmon-ID) have another form.
var scope = regexp.MustCompile(`^(?:(docker|cri-containerd|containerd|nerdctl|crio|libpod)-)?([0-9a-f]{64})(?:\.scope)?$`)

// maxGroups bounds how many groups are looked at.
const maxGroups = 200_000

// Cgroups reads the running containers of a Linux host from the kernel's control groups, and their images from
// what docker, containerd, CRI-O and podman keep of them. host is the root of the host's files: sys, run and
// var are read below it. A container whose image nobody tells has an empty one. The sandboxes of pods are
// left out.
func Cgroups(host fs.FS) ([]Container, error) {
	root, err := cgroupRoot(host)
	if err != nil {
		return nil, err
	}
	records := newRecords(host)
	var containers []Container
	groups := 0
	err = fs.WalkDir(host, root, func(dir string, entry fs.DirEntry, err error) error {
		if err != nil {
			if dir != root && errors.Is(err, fs.ErrNotExist) {
				return fs.SkipDir // it ended
			}
			return err
		}
		if !entry.IsDir() {
			return nil
		}
		if groups++; groups > maxGroups {
			return fmt.Errorf("there are more than %d control groups", maxGroups)
		}
		found := scope.FindStringSubmatch(entry.Name())
		if found == nil {
			return nil
		}
		h, ok, err := readGroup(host, dir)
		if err != nil {
			return err
		}
		if about := records.find(found[2]); ok && !about.sandbox {
			containers = append(containers, Container{ID: found[2], Name: about.name, Image: reference(about.image), RSS: h.rss, Cache: h.cache})
		}
		return fs.SkipDir // a container's own groups are counted in its own
	})
	if err != nil {
		return nil, fmt.Errorf("reading control groups: %w", err)
	}
	order(containers)
	return containers, nil
}

// cgroupRoot finds the hierarchy that counts memory.
func cgroupRoot(host fs.FS) (string, error) {
	for _, known := range []struct{ root, file string }{{cgroupV1, "memory.stat"}, {cgroupV2, "cgroup.controllers"}} {
		if _, err := fs.Stat(host, path.Join(known.root, known.file)); err == nil {
			return known.root, nil
		}
	}
	return "", ErrNoCgroups
}

// readGroup reads a group's memory; false where it has just ended.
func readGroup(host fs.FS, dir string) (held, bool, error) {
	file := path.Join(dir, "memory.stat")
	f, err := host.Open(file)
	if errors.Is(err, fs.ErrNotExist) {
		return held{}, false, nil
	}
	if err != nil {
		return held{}, false, err
	}
	defer func() { _ = f.Close() }()
	stat, err := parseStat(f)
	if err != nil {
		return held{}, false, nil //nolint:nilerr // the kernel answers "no such device" for a group that ended
	}
	h, ok := heldIn(stat)
	if !ok && len(stat) > 0 {
		return held{}, false, fmt.Errorf("%s has neither anon and file nor rss and cache", file)
	}
	return h, ok, nil
}
