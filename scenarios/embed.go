package scenarios

import (
	"embed"
	"fmt"
	"slices"
)

//go:embed base-choice.yaml spot-fleet.yaml php-demo.yaml weave-2015.yaml three-clouds.yaml colo.yaml
var embedded embed.FS

//go:embed starter.yaml
var starter []byte

// Starter is a short scenario to make one's own from.
func Starter() []byte { return slices.Clone(starter) }

// Default is the name of the built-in scenario that runs where none is named.
const Default = "base-choice"

// An Info is a built-in scenario's name and what it shows.
type Info struct {
	Name        string
	Description string
}

// Embedded lists the scenarios that are built in, Default first.
func Embedded() []Info {
	return []Info{
		{Default, "which base image should a service stand on: nine bases, two AWS regions"},
		{"spot-fleet", "where the base decides: 400 nodes that live 12 hours, 25 services"},
		{"php-demo", "a 4 KB PHP page on three builds of the official image"},
		{"three-clouds", "the same fleet on AWS, Google Cloud and Azure, with and without peers"},
		{"colo", "own hardware with IP transit at the 95th percentile"},
		{"weave-2015", "the 2015 article that compared alpine and ubuntu, sizes by hand"},
	}
}

// Open reads a built-in scenario's file.
func Open(name string) ([]byte, error) {
	var names []string
	for _, info := range Embedded() {
		if names = append(names, info.Name); info.Name == name {
			return embedded.ReadFile(name + ".yaml")
		}
	}
	return nil, fmt.Errorf("opening built-in scenario: %s", unknownName("scenario", name, names))
}
