package registrysize

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestKin(t *testing.T) {
	distributions := []string{"alpine:3.24", "amazonlinux:2023", "busybox:1.37-glibc", "debian:13", "debian:13-slim", "fedora:44", "oraclelinux:9-slim", "rockylinux:9"}
	for ref, want := range map[string][]string{
		"ubuntu:24.04":             append(slices.Clone(distributions), "ubuntu:26.04"),
		"ubuntu:26.04":             distributions,                 // not 24.04, which is older
		"php:8.5.11-cli-trixie":    {"php:8.5.11-cli-alpine3.24"}, // not apache: it does something else
		"php:8.5.11-apache-trixie": nil,
		"node:24.21.0":             {"node:24.21.0-alpine3.24", "node:24.21.0-slim"},
		"node:22.1.0":              {"node:24.21.0", "node:24.21.0-alpine3.24", "node:24.21.0-slim"},
		"golang:1.26-trixie":       {"golang:1.26-alpine3.24"},
		"ghcr.io/org/app:v1":       nil,
		"hello-world:linux":        nil,
	} {
		full, err := Normalize(ref)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, kin := range Kin(full) {
			got = append(got, familiar(kin))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", ref, diff)
		}
	}
}
