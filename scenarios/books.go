package scenarios

import (
	"embed"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/fleetcost/fleetcost/internal/input"
	"github.com/fleetcost/fleetcost/sim/price"
)

//go:embed books/*.yaml
var books embed.FS

// The price books that are built in and special.
const (
	BookNone   = "none"   // no prices: volumes and times only
	BookHosted = "hosted" // registries on the internet; the other books include it
)

// BookNames lists the built-in price books in alphabetical order, and BookNone last.
func BookNames() []string {
	files, err := books.ReadDir("books")
	if err != nil {
		panic(err) // they are part of the program
	}
	var names []string
	for _, f := range files {
		names = append(names, strings.TrimSuffix(f.Name(), ".yaml"))
	}
	return append(names, BookNone)
}

// Book returns built-in price books put together, as Prices.Book names them. The error of any other name
// has the names there are.
func Book(names ...string) (*price.Book, error) { return openBooks(names, nil) }

// OpenBook returns a built-in price book, or one of the user's own by its file's name.
func OpenBook(name string) (*price.Book, error) { return openBooks([]string{name}, readBook) }

// readBook reads a book's file, of at most MaxFileBytes.
func readBook(path string) ([]byte, error) {
	f, err := input.Open(path, input.NoPipes)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	data, err := io.ReadAll(io.LimitReader(f, MaxFileBytes+1))
	if err == nil && len(data) > MaxFileBytes {
		err = fmt.Errorf("%s is longer than %d MiB; write several books, and include them", path, MaxFileBytes>>20)
	}
	return data, err
}

// openBooks puts books together: what is named first wins. A name that read knows is a file.
func openBooks(names []string, read func(string) ([]byte, error)) (*price.Book, error) {
	l := &bookLoader{read: read, done: map[string]bool{}, own: map[string]Error{}, book: price.None()}
	l.book.Name = strings.Join(names, ", ")
	for _, name := range names {
		if err := l.load(name, 0); err != nil {
			return nil, err
		}
	}
	if err := l.book.Check(); err != nil {
		return nil, l.placed(l.book.Name, err)
	}
	return l.book, nil
}

// A bookLoader collects books and those that they include, each once.
type bookLoader struct {
	read func(string) ([]byte, error) // files; nil: there are none
	done map[string]bool
	own  map[string]Error // where the rules of the user's files stand, by their ids
	book *price.Book
}

// maxIncludes is how deep books may include each other.
const maxIncludes = 8

func (l *bookLoader) load(name string, depth int) error {
	if name == BookNone || l.done[name] {
		return nil
	}
	if depth > maxIncludes {
		return fmt.Errorf("reading price book %s: books include each other more than %d deep", name, maxIncludes)
	}
	l.done[name] = true
	data, own, err := l.open(name)
	if err != nil {
		return err
	}
	if own {
		l.locate(name, data)
	}
	part, include, err := parseBook(data, own)
	if err != nil {
		return l.placed(name, syntaxPlaces(name, data, err))
	}
	b := l.book
	b.Compiled = max(b.Compiled, part.Compiled)
	for _, r := range part.Rules {
		if !own || !slices.ContainsFunc(b.Rules, func(o price.Rule) bool { return o.ID == r.ID }) {
			b.Rules = append(b.Rules, r)
		}
	}
	b.Providers = append(b.Providers, part.Providers...)
	b.Limits = append(b.Limits, part.Limits...)
	for _, other := range include {
		if err := l.load(other, depth+1); err != nil {
			return err
		}
	}
	return nil
}

// open finds a book's text, and says whether it is the user's own.
func (l *bookLoader) open(name string) (data []byte, own bool, err error) {
	if isBookFile(name) {
		if l.read == nil {
			return nil, true, errors.New("opening price book " + name + ": only a scenario that is a file may name files; write a built-in book, or rules under prices.rules")
		}
		data, err = l.read(name)
	} else if !slices.Contains(BookNames(), name) {
		err = errors.New(unknownName("book", name, BookNames()))
	} else {
		data, err = books.ReadFile("books/" + name + ".yaml")
	}
	if err != nil {
		err = fmt.Errorf("opening price book: %w", err)
	}
	return data, isBookFile(name), err
}

// isBookFile tells a file's name from a built-in book's.
func isBookFile(name string) bool {
	return strings.ContainsAny(name, `/\`) || strings.HasSuffix(name, ".yaml") || strings.HasSuffix(name, ".yml")
}
