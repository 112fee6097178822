package scenarios

import "path/filepath"

// Files lists the files that the scenario reads besides its own: deploy times, and price books with those
// that they include. Names that are relative to the scenario's folder are made so that os finds them. What
// cannot be read is in the list, but not what it would include.
func (s *Scenario) Files() []string {
	var out []string
	for i := range s.Services {
		if name := s.Services[i].DeployTimes; name != "" {
			out = append(out, s.beside(name))
		}
	}
	_, _ = openBooks(s.Prices.Book, func(name string) ([]byte, error) {
		out = append(out, s.beside(name))
		return s.readBeside(name)
	}) // whose mistakes are PriceBook's to tell
	return out
}

// beside is a file whose name is relative to the scenario's folder.
func (s *Scenario) beside(name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(filepath.Dir(s.tree.file), name)
}
