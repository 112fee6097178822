package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/fleetcost/fleetcost/scenarios/kubernetes"
)

// importKubernetesFlags are the flags of fleetcost import kubernetes.
type importKubernetesFlags struct {
	out       string
	name      string
	sizes     string
	anonymize bool
	quiet     bool
}

func newImportKubernetes(s streams) *cobra.Command {
	var f importKubernetesFlags
	cmd := &cobra.Command{
		Use:   "kubernetes FILE...",
		Short: "Nodes, pods and controllers as kubectl prints them, to a scenario",
		Long: `Make a scenario of what kubectl prints of a cluster:

  kubectl get nodes,pods,deployments,replicasets,daemonsets,statefulsets -A -o json

FILE is that output as JSON or YAML, in one file or several, a folder of such
files (a sonobuoy snapshot, a must-gather, a support-bundle), or - for standard
input. A comment behind each value of the scenario says what it was inferred
from; what a cluster cannot tell is a default, marked as one.`,
		Example: `  fleetcost import kubernetes cluster.json --out fleet.yaml
  fleetcost import kubernetes nodes.json pods.json --anonymize`,
		Args: usage(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd.Context(), args, s) },
	}
	flags := cmd.Flags()
	flags.StringVar(&f.out, "out", "", "write the scenario to a `FILE` instead of standard output")
	flags.StringVar(&f.name, "name", "", "the scenario's name; by default cluster")
	flags.StringVar(&f.sizes, "sizes", "nodes", "where image sizes come from: nodes, as they report them, or registry, when the scenario runs")
	flags.BoolVar(&f.anonymize, "anonymize", false, "replace all names that the cluster's owner chose, each by the same wherever it stands")
	flags.BoolVarP(&f.quiet, "quiet", "q", false, "tell neither what was read nor what was left out")
	return cmd
}

func (f *importKubernetesFlags) run(ctx context.Context, files []string, s streams) error {
	switch {
	case f.sizes != "nodes" && f.sizes != "registry":
		return inputError{fmt.Errorf("--sizes %s: no such source; write nodes or registry", f.sizes)}
	case f.sizes == "registry" && f.anonymize:
		return inputError{errors.New("--sizes registry: no registry knows anonymous names; leave --anonymize or --sizes out")}
	}
	if err := checkOut(f.out); err != nil {
		return err
	}
	var dump kubernetes.Dump
	for _, file := range files {
		if err := readDump(ctx, &dump, file, s); err != nil {
			return inputError{err}
		}
	}
	made, err := dump.Scenario(kubernetes.Options{Name: f.name, Anonymize: f.anonymize, RegistrySizes: f.sizes == "registry"})
	if err != nil {
		return inputError{err}
	}
	if !f.quiet {
		f.tell(&dump, made, s)
	}
	return emit(f.out, s, func(w io.Writer) error {
		_, err := w.Write(made.YAML)
		return err
	})
}

// tell says what was read, what was not understood and what was made of it.
func (f *importKubernetesFlags) tell(dump *kubernetes.Dump, made *kubernetes.Imported, s streams) {
	s.tell("read %s", dump.Counts())
	if odd := dump.NotUnderstood(); odd != "" {
		s.tell("not used: %s", odd)
	}
	for _, w := range made.Warnings {
		s.tell("warning: %s", w)
	}
	s.tell("imported nodes: %d, services: %d, instances: %d, images: %d", made.Nodes, made.Services, made.Instances, made.Images)
}

// readDump reads what an argument names: standard input, a folder or a file.
func readDump(ctx context.Context, dump *kubernetes.Dump, arg string, s streams) error {
	if arg == "-" {
		return dump.Read(ctx, "standard input", s.in)
	}
	if info, err := os.Stat(arg); err == nil && info.IsDir() {
		return dump.ReadFolder(ctx, arg, os.DirFS(arg))
	}
	file, err := openFile(arg, "write kubectl's output to it with -o json")
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	return dump.Read(ctx, arg, file)
}
