// Package cache keeps on disk what registries said: manifests and image configs by their digests, which
// never change, what tags named when they were asked for, and what layers were measured to hold.
//
// A file is written beside its place and renamed, so that neither a crash nor another process ever shows half
// of one, and every file is checked when it is read: what does not fit its digest is as if it were not there.
// A file that cannot be written is done without. Nothing here is secret, but private images are private: only
// the user may read it.
package cache

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// MaxFile is the longest file that is read, in bytes.
const MaxFile = 256 << 20

// A Store is a folder of such files. The nil Store keeps nothing. It is safe for concurrent use, by any
// number of processes.
type Store struct {
	dir   string
	now   func() time.Time
	sweep sync.Once
}

// Open returns the store in a folder, which is made when it is first written to. now tells the time.
func Open(dir string, now func() time.Time) *Store {
	return &Store{dir: filepath.Join(dir, "v1"), now: now}
}

// A Tag is what a reference named when its registry was asked.
type Tag struct {
	Ref       string    `json:"ref"` // normalised
	Digest    string    `json:"digest"`
	MediaType string    `json:"media_type"`
	Read      time.Time `json:"read"`
}

// Blob returns the manifest, index or config of a digest, sha256:….
func (s *Store) Blob(digest string) ([]byte, bool) {
	data, ok := s.read(s.blobFile(digest))
	if !ok || Digest(data) != digest {
		return nil, false
	}
	return data, true
}

// PutBlob keeps bytes by their digest.
func (s *Store) PutBlob(data []byte) { s.write(s.blobFile(Digest(data)), data) }

// Tag returns what a reference named when it was last asked for, however long ago.
func (s *Store) Tag(ref string) (Tag, bool) {
	var t Tag
	if !s.Document("tags", ref, &t) || t.Ref != ref || !strings.HasPrefix(t.Digest, "sha256:") {
		return Tag{}, false
	}
	return t, true
}

// PutTag keeps what a reference names.
func (s *Store) PutTag(t Tag) { s.PutDocument("tags", t.Ref, t) }

// Document reads what PutDocument kept of a kind under a name, and tells whether it was there and whole.
func (s *Store) Document(kind, name string, into any) bool {
	data, ok := s.read(s.documentFile(kind, name))
	if !ok {
		return false
	}
	sum, body, ok := bytes.Cut(data, []byte("\n"))
	if !ok || string(sum) != Digest(body) {
		return false
	}
	return json.Unmarshal(body, into) == nil
}

// PutDocument keeps a document of a kind under a name, with its own digest before it.
func (s *Store) PutDocument(kind, name string, document any) {
	body, err := json.Marshal(document)
	if err != nil {
		return
	}
	s.write(s.documentFile(kind, name), append([]byte(Digest(body)+"\n"), body...))
}

// Digest is the digest of bytes, as registries write it.
func Digest(data []byte) string {
	sum := sha256.Sum256(data)
	return "sha256:" + hex.EncodeToString(sum[:])
}

func (s *Store) blobFile(digest string) string {
	return s.file("blobs", strings.TrimPrefix(digest, "sha256:"))
}

func (s *Store) documentFile(kind, name string) string {
	return s.file(kind, strings.TrimPrefix(Digest([]byte(name)), "sha256:")+".json")
}

// file is a path in the store; "" where there is no store.
func (s *Store) file(kind, name string) string {
	if s == nil || len(name) < 2 || strings.ContainsAny(name, `/\`) {
		return ""
	}
	return filepath.Join(s.dir, kind, name[:2], name)
}

func (s *Store) read(path string) ([]byte, bool) {
	if path == "" {
		return nil, false
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, false
	}
	defer func() { _ = f.Close() }()
	data, err := io.ReadAll(io.LimitReader(f, MaxFile+1))
	return data, err == nil && len(data) <= MaxFile
}

// write writes beside and renames.
func (s *Store) write(path string, data []byte) {
	if path == "" || len(data) > MaxFile || os.MkdirAll(filepath.Dir(path), 0o700) != nil {
		return
	}
	s.sweep.Do(s.removeLeftovers)
	tmp, err := os.CreateTemp(s.dir, "*.tmp") // readable by the user only
	if err != nil {
		return
	}
	_, err = tmp.Write(data)
	if closing := tmp.Close(); err == nil {
		err = closing
	}
	if err != nil || os.Rename(tmp.Name(), path) != nil {
		_ = os.Remove(tmp.Name())
	}
}

// leftoverAge is when a file beside is taken for what a killed process left.
const leftoverAge = time.Hour

func (s *Store) removeLeftovers() {
	files, _ := filepath.Glob(filepath.Join(s.dir, "*.tmp"))
	for _, file := range files {
		if info, err := os.Stat(file); err == nil && s.now().Sub(info.ModTime()) > leftoverAge {
			_ = os.Remove(file)
		}
	}
}
