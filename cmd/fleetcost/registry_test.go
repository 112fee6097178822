package main

import (
	"archive/tar"
	"bytes"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/registry"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
	"github.com/rogpeppe/go-internal/testscript"
)

// newRegistry starts a registry for the scripts and returns its host.
func newRegistry(t *testing.T) string {
	t.Helper()
	server := httptest.NewServer(registry.New(registry.Logger(log.New(io.Discard, "", 0))))
	t.Cleanup(server.Close)
	return strings.TrimPrefix(server.URL, "http://")
}

// push pushes an image to the scripts' registry: push REF DAY FOLDER... Each folder is a layer, bottom first,
// and the image was built on that day of January 2026.
func push(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: push REF DAY FOLDER...")
	}
	ref, err := name.ParseReference(args[0])
	ts.Check(err)
	img, err := mutate.ConfigFile(empty.Image, &v1.ConfigFile{OS: "linux", Architecture: "amd64", RootFS: v1.RootFS{Type: "layers"}})
	ts.Check(err)
	for _, folder := range args[2:] {
		data, err := tarFolder(ts.MkAbs(folder))
		ts.Check(err)
		layer, err := tarball.LayerFromOpener(func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(data)), nil })
		ts.Check(err)
		img, err = mutate.AppendLayers(img, layer)
		ts.Check(err)
	}
	built, err := time.Parse(time.DateOnly, fmt.Sprintf("2026-01-%02s", args[1]))
	ts.Check(err)
	img, err = mutate.CreatedAt(img, v1.Time{Time: built})
	ts.Check(err)
	ts.Check(remote.Write(ref, img))
}

// tarFolder puts a folder into a tar file that is the same whenever and by whomever it is made.
func tarFolder(dir string) ([]byte, error) {
	var buf bytes.Buffer
	w := tar.NewWriter(&buf)
	err := filepath.Walk(dir, func(path string, info os.FileInfo, err error) error {
		if err != nil || path == dir {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		h := &tar.Header{Name: filepath.ToSlash(rel), Mode: int64(info.Mode().Perm()), Typeflag: tar.TypeDir}
		if info.Mode().IsRegular() {
			h.Typeflag, h.Size = tar.TypeReg, info.Size()
		}
		if err := w.WriteHeader(h); err != nil || h.Typeflag == tar.TypeDir {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		_, err = w.Write(data)
		return err
	})
	if err != nil {
		return nil, err
	}
	return buf.Bytes(), w.Close()
}

// newChatty starts a registry that says more than it was asked: after the config of app:1 comes an answer to
// nothing. Its slow:1 takes long enough for that to arrive. It returns its host.
func newChatty(t *testing.T) string {
	t.Helper()
	images := registry.New(registry.Logger(log.New(io.Discard, "", 0)))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet && strings.Contains(r.URL.Path, "/slow/manifests/") {
			time.Sleep(100 * time.Millisecond)
		}
		if r.Method != http.MethodGet || !strings.Contains(r.URL.Path, "/app/blobs/") {
			images.ServeHTTP(w, r)
			return
		}
		answer := httptest.NewRecorder()
		images.ServeHTTP(answer, r)
		conn, buf, err := http.NewResponseController(w).Hijack()
		if err != nil {
			return
		}
		fmt.Fprintf(buf, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", answer.Body.Len(), answer.Body)
		_ = buf.Flush()
		time.Sleep(10 * time.Millisecond) // until the client has put the connection aside
		fmt.Fprint(conn, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
		time.Sleep(10 * time.Millisecond)
		_ = conn.Close()
	}))
	t.Cleanup(server.Close)
	host := strings.TrimPrefix(server.URL, "http://")
	img, err := mutate.ConfigFile(empty.Image, &v1.ConfigFile{OS: "linux", Architecture: "amd64", RootFS: v1.RootFS{Type: "layers"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, image := range []string{"/app:1", "/slow:1"} {
		ref, err := name.ParseReference(host + image)
		if err != nil {
			t.Fatal(err)
		}
		if err := remote.Write(ref, img); err != nil {
			t.Fatal(err)
		}
	}
	return host
}

// newLossy starts a registry that has lost all blobs that are no JSON, the layers, and counts who asks for them.
func newLossy(t *testing.T) string {
	t.Helper()
	images := registry.New(registry.Logger(log.New(io.Discard, "", 0)))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet || !strings.Contains(r.URL.Path, "/blobs/") {
			images.ServeHTTP(w, r)
			return
		}
		answer := httptest.NewRecorder()
		images.ServeHTTP(answer, r)
		if bytes.HasPrefix(answer.Body.Bytes(), []byte("{")) {
			_, _ = w.Write(answer.Body.Bytes())
			return
		}
		w.Header().Set("RateLimit-Limit", "100;w=21600")
		w.Header().Set("RateLimit-Remaining", "76;w=21600")
		w.WriteHeader(http.StatusNotFound)
	}))
	t.Cleanup(server.Close)
	return strings.TrimPrefix(server.URL, "http://")
}
