package memory

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// serve answers on a unix socket and returns its path.
func serve(t *testing.T, handler http.Handler) string {
	t.Helper()
	socket := filepath.Join(t.TempDir(), "s")
	listener, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	server := &httptest.Server{Listener: listener, Config: &http.Server{Handler: handler}}
	server.Start()
	t.Cleanup(server.Close)
	return socket
}

// engineOf answers as the recorded engine did.
func engineOf(t *testing.T) *http.ServeMux {
	mux := http.NewServeMux()
	answer := func(w http.ResponseWriter, file string) {
		data, err := os.ReadFile(filepath.Join("testdata", "recorded", "engine", file))
		if err != nil {
			t.Error(err)
		}
		_, _ = w.Write(data)
	}
	mux.HandleFunc("GET /containers/json", func(w http.ResponseWriter, _ *http.Request) { answer(w, "containers.json") })
	mux.HandleFunc("GET /containers/{id}/stats", func(w http.ResponseWriter, r *http.Request) {
		if r.FormValue("stream") != "false" {
			t.Error("the engine was asked for a stream")
		}
		answer(w, r.PathValue("id")+".json")
	})
	return mux
}

func TestEngine(t *testing.T) {
	got, err := Engine(t.Context(), serve(t, engineOf(t)))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(recorded, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestEngineV2 reads the figures of cgroup v2, passes over sandboxes and what ended, and many at once.
func TestEngineV2(t *testing.T) {
	var list []map[string]any
	for i := range 30 {
		list = append(list, map[string]any{"Id": fmt.Sprintf("%064d", i), "Names": []string{fmt.Sprintf("/c%02d", i)}, "Image": "alpine"})
	}
	list = append(list, map[string]any{"Id": "p", "Image": "registry.k8s.io/pause:3.9"}, map[string]any{"Id": "gone"}, map[string]any{"Id": "empty"})
	mux := http.NewServeMux()
	mux.HandleFunc("GET /containers/json", func(w http.ResponseWriter, _ *http.Request) { _ = json.NewEncoder(w).Encode(list) })
	mux.HandleFunc("GET /containers/{id}/stats", func(w http.ResponseWriter, r *http.Request) {
		switch r.PathValue("id") {
		case "gone":
			http.NotFound(w, r)
		case "empty":
			_, _ = w.Write([]byte(`{"memory_stats": {}}`))
		default:
			_, _ = w.Write([]byte(`{"memory_stats": {"usage": 9, "stats": {"anon": 1000, "file": 200, "rss": 1}}}`))
		}
	})
	got, err := Engine(t.Context(), serve(t, mux))
	if err != nil || len(got) != 30 {
		t.Fatalf("%d containers, %v", len(got), err)
	}
	if want := (Container{ID: fmt.Sprintf("%064d", 29), Name: "c29", Image: "docker.io/library/alpine:latest", RSS: 1000, Cache: 200}); got[29] != want {
		t.Errorf("got %v, want %v", got[29], want)
	}
}

func TestEngineMistakes(t *testing.T) {
	for name, k := range map[string]struct {
		handler http.HandlerFunc
		want    string
	}{
		"no JSON": {func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<html>")) }, "its answer is not the Engine API's: invalid character"},
		"refused": {func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "client version too old", 400) }, `400 Bad Request: "client version too old\n"`},
		"no figures": {func(w http.ResponseWriter, r *http.Request) {
			if strings.HasSuffix(r.URL.Path, "stats") {
				_, _ = w.Write([]byte(`{"memory_stats": {"usage": 5}}`))
			} else {
				_, _ = w.Write([]byte(`[{"Id": "a", "Names": ["/web"]}]`))
			}
		}, "does not tell the memory of web apart; read its control groups instead"},
	} {
		_, err := Engine(t.Context(), serve(t, k.handler))
		if err == nil || !strings.Contains(err.Error(), k.want) {
			t.Errorf("%s: got %v, want %s", name, err, k.want)
		}
	}
	if _, err := Engine(t.Context(), "/nonexistent/socket"); err == nil || !strings.Contains(err.Error(), "asking /nonexistent/socket: dial unix") {
		t.Errorf("no socket: %v", err)
	}
}
