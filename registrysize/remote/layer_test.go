package remote

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/fleetcost/fleetcost/registrysize"
)

// Layers come as the registry serves them, with its login, by redirects to where they lie and without the login
// there, and give their slots back.
func TestLayer(t *testing.T) {
	host, open := serveTokens(t, true)
	img := newImage(t, 100_000, 3, amd64)
	push(t, open+"/test/app:1", img)
	ref := host + "/test/app:1"
	client := newSource(t)
	got, err := client.Image(t.Context(), ref, "linux/amd64")
	if err != nil {
		t.Fatal(err)
	}
	layers, _ := img.Layers()
	for range atOnce { // more in all than there are slots
		for i, l := range got.Layers {
			r, err := client.Layer(t.Context(), ref, l)
			if err != nil {
				t.Fatal(err)
			}
			data, err := io.ReadAll(r)
			if err != nil || r.Close() != nil {
				t.Fatal(err)
			}
			want, _ := layers[i].Compressed()
			if content, _ := io.ReadAll(want); !bytes.Equal(data, content) {
				t.Errorf("layer %d: %d bytes are not those that were pushed", i, len(data))
			}
		}
	}
	if n := client.Counts()[0]; n.Bytes < 8*got.Bytes() {
		t.Errorf("%d bytes were counted", n.Bytes)
	}
}

// Layers that are lost, cut, too long, too short, of other bytes or that stop coming end in an error that names
// image and registry, within the time-out.
func TestFaultyLayers(t *testing.T) {
	content := bytes.Repeat([]byte("layer"), 20_000)
	l := registrysize.Layer{Digest: digestOf(content), Bytes: int64(len(content))}
	stall := func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-r.Context().Done():
		case <-time.After(3 * time.Second):
		}
	}
	for _, c := range []struct {
		name string
		blob http.HandlerFunc
		want string
	}{
		{"404", answer(404, ""), "does not have layer " + l.Digest + ", which the image is made of; push it anew"},
		{"403", answer(403, ""), "it answered 403 (Forbidden); log in with docker login HOST, or check the name"},
		{"cut off", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", fmt.Sprint(len(content)))
			_, _ = w.Write(content[:1000])
		}, "broke layer " + l.Digest + " off after 1000 of 100000 bytes (unexpected EOF); try again later"},
		{"short", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(content[:1000]) }, "off after 1000 of 100000 bytes (EOF); try again later"},
		{"long", func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write(slices.Concat(content, []byte("x")))
		},
			"sent more than the 100000 bytes of layer " + l.Digest + "; do not trust it"},
		{"other bytes", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(bytes.ToUpper(content)) },
			"sent bytes of digest " + digestOf(bytes.ToUpper(content)) + " where " + l.Digest + " was said; do not trust it"},
		{"silent", stall, "it did not answer within 300ms; check the network"},
		{"stops", func(w http.ResponseWriter, r *http.Request) {
			_, _ = w.Write(content[:1000])
			_ = http.NewResponseController(w).Flush()
			stall(w, r)
		}, "it did not answer within 300ms; check the network"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(c.blob)
			t.Cleanup(server.Close)
			host := strings.TrimPrefix(server.URL, "http://")
			client := newClient(t, Options{Timeout: 300 * time.Millisecond})
			started := time.Now()
			r, err := client.Layer(t.Context(), host+"/test/app:1", l)
			if err == nil {
				_, err = io.Copy(io.Discard, r)
				r.Close()
			}
			if took := time.Since(started); took > 2*time.Second {
				t.Errorf("it took %v", took)
			}
			refused, ok := errors.AsType[*registrysize.RegistryError](err)
			if !ok || refused.Ref != host+"/test/app:1" || !strings.Contains(err.Error(), strings.ReplaceAll(c.want, "HOST", host)) || errors.Is(err, registrysize.ErrNotFound) {
				t.Errorf("got  %v\nwant %s", err, c.want)
			}
			if len(client.session(host).slots) != 0 {
				t.Error("a slot is still taken")
			}
		})
	}
}

// A slow layer takes its time, as long as it comes; an interrupt is nobody's fault.
func TestSlowLayer(t *testing.T) {
	content := []byte("0123456789")
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for _, b := range content {
			_, _ = w.Write([]byte{b})
			_ = http.NewResponseController(w).Flush()
			time.Sleep(50 * time.Millisecond)
		}
	}))
	t.Cleanup(server.Close)
	ref := strings.TrimPrefix(server.URL, "http://") + "/test/app:1"
	l := registrysize.Layer{Digest: digestOf(content), Bytes: int64(len(content))}
	client := newClient(t, Options{Timeout: 300 * time.Millisecond})
	r, err := client.Layer(t.Context(), ref, l)
	if err != nil {
		t.Fatal(err)
	}
	if data, err := io.ReadAll(r); err != nil || !bytes.Equal(data, content) {
		t.Errorf("%q, %v", data, err)
	}
	r.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if r, err = client.Layer(ctx, ref, l); err == nil {
		_, err = io.ReadAll(r)
		r.Close()
	}
	if _, ok := errors.AsType[*registrysize.RegistryError](err); ok || !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
}
