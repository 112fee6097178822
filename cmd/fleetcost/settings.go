package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"github.com/spf13/viper"

	"github.com/fleetcost/fleetcost/scenarios"
	"github.com/fleetcost/fleetcost/scenarios/input"
)

// settingsFile is the settings file of a folder.
const settingsFile = "fleetcost.yaml"

// settings are values for flags that are not written: from FLEETCOST_… in the environment, else from
// fleetcost.yaml in the folder, else from the user's own file. A key is a flag's name, for every command
// that has the flag, or COMMAND.FLAG for one. The zero value has none.
type settings struct {
	viper *viper.Viper
	files []settingsSource // the folder's first
	used  []error          // says what was taken, and from where, beside an error of the input
}

// A settingsSource is a file with the keys that it sets.
type settingsSource struct {
	name string
	keys []string
}

// load reads all settings there are and sets the flags of a command. Mistakes are the user's input.
func (s *settings) load(cmd *cobra.Command) error {
	if slices.Contains([]string{"help", "version", "completion", "man", cobra.ShellCompRequestCmd, cobra.ShellCompNoDescRequestCmd}, cmd.Name()) {
		return nil // they work whatever a file says
	}
	if err := s.read(cmd.Root()); err != nil {
		return err
	}
	return s.apply(cmd)
}

// userSettings is the user's own settings file, "" where the system has no folder for it.
func userSettings() string {
	dir, err := os.UserConfigDir()
	if err != nil {
		return ""
	}
	return filepath.Join(dir, "fleetcost", "config.yaml")
}

// read reads the environment and both files.
func (s *settings) read(root *cobra.Command) error {
	s.viper = viper.New()
	s.viper.SetEnvPrefix("fleetcost")
	s.viper.SetEnvKeyReplacer(strings.NewReplacer("-", "_", ".", "_"))
	s.viper.AutomaticEnv()
	var errs []error
	for _, file := range []string{userSettings(), settingsFile} { // the later one wins
		if file == "" {
			continue
		}
		one := viper.New()
		one.SetConfigType("yaml")
		data, err := input.Read(file, 1)
		if err == nil {
			err = one.ReadConfig(bytes.NewReader(data))
		}
		// Nobody named the user's own file: one that cannot be opened, as after a change of user, is none.
		if errors.Is(err, fs.ErrNotExist) || file != settingsFile && errors.As(err, new(*fs.PathError)) {
			continue
		}
		if err == nil {
			err = knownSettings(root, one.AllKeys())
		}
		if err == nil {
			err = s.viper.MergeConfigMap(one.AllSettings())
		}
		for _, mistake := range mistakesOf(err) {
			errs = append(errs, inputError{fmt.Errorf("reading settings %s: %w", file, mistake)})
		}
		s.files = append([]settingsSource{{file, one.AllKeys()}}, s.files...)
	}
	return errors.Join(errs...)
}

// mistakesOf are the errors joined in err; none where it is nil.
func mistakesOf(err error) []error {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		return joined.Unwrap()
	}
	if err == nil {
		return nil
	}
	return []error{err}
}

// knownSettings refuses keys that no command has a flag for.
func knownSettings(root *cobra.Command, keys []string) error {
	var known []string
	for _, cmd := range everyCommand(root) {
		cmd.LocalFlags().VisitAll(func(f *pflag.Flag) {
			if settable(f) {
				known = append(known, f.Name, settingsKey(cmd)+"."+f.Name)
			}
		})
	}
	slices.Sort(known)
	known = slices.Compact(known)
	var errs []error
	for _, key := range slices.Sorted(slices.Values(keys)) {
		if !slices.Contains(known, key) {
			hint := "settings are flags by their name, e.g. output: wide"
			if near := scenarios.Suggest(key, known); strings.HasPrefix(near, "did you mean") {
				hint = near
			}
			errs = append(errs, fmt.Errorf("no flag is named %q; %s; a scenario needs another file name", key, hint))
		}
	}
	return errors.Join(errs...)
}

// everyCommand lists a command and all below it.
func everyCommand(cmd *cobra.Command) []*cobra.Command {
	out := []*cobra.Command{cmd}
	for _, child := range cmd.Commands() {
		out = append(out, everyCommand(child)...)
	}
	return out
}

// settable tells flags that make sense in a file from those that are commands in disguise.
func settable(f *pflag.Flag) bool { return f.Name != "help" && f.Name != "version" }

// settingsKey is what a file calls a command: run, import.kubernetes.
func settingsKey(cmd *cobra.Command) string {
	return strings.Join(strings.Fields(cmd.CommandPath())[1:], ".")
}

// apply sets a command's flags that were not written.
func (s *settings) apply(cmd *cobra.Command) error {
	var errs []error
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if f.Changed || !settable(f) {
			return
		}
		for _, key := range []string{settingsKey(cmd) + "." + f.Name, f.Name} {
			if !s.viper.IsSet(key) {
				continue
			}
			from := s.origin(key)
			if err := setFlag(f, s.viper.Get(key)); err != nil {
				errs = append(errs, inputError{fmt.Errorf("%s of %s: %w", key, from, err)})
			}
			f.Changed = true
			s.used = append(s.used, fmt.Errorf("--%s is from %s", f.Name, from))
			return
		}
	})
	return errors.Join(errs...)
}

// origin says where a setting is from.
func (s *settings) origin(key string) string {
	for _, file := range s.files {
		if name := envName(key); os.Getenv(name) != "" {
			return name
		}
		if slices.Contains(file.keys, key) {
			return file.name
		}
	}
	return envName(key)
}

func envName(key string) string {
	return "FLEETCOST_" + strings.ToUpper(strings.NewReplacer("-", "_", ".", "_").Replace(key))
}

// setFlag gives a flag a value of a file: a list for flags that may be repeated, or a single value.
func setFlag(f *pflag.Flag, value any) error {
	list, isList := value.([]any)
	if many, ok := f.Value.(pflag.SliceValue); ok {
		if !isList {
			list = []any{value}
		}
		texts := make([]string, len(list))
		for i, item := range list {
			texts[i] = fmt.Sprint(item)
		}
		return many.Replace(texts)
	}
	if _, isMap := value.(map[string]any); isMap || isList {
		return fmt.Errorf("write a single value")
	}
	return plain(f, fmt.Sprint(value), f.Value.Set(fmt.Sprint(value)))
}

// plain says in plain words that a text is no value of a flag, where err says that it is none.
func plain(f *pflag.Flag, text string, err error) error {
	wanted := map[string]string{"bool": "true or false", "int": "a whole number", "uint64": "a whole number from 0 on", "float64": "a number"}[f.Value.Type()]
	if err == nil || wanted == "" {
		return err
	}
	return fmt.Errorf("%q does not fit; write %s", text, wanted)
}
