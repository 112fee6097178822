package scenarios

import (
	"embed"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"

	"github.com/fleetcost/fleetcost/scenarios/input"
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
	part, err := l.open(name)
	if err != nil {
		return err
	}
	b := l.book
	b.Compiled = max(b.Compiled, part.book.Compiled)
	for _, r := range part.book.Rules {
		if !isBookFile(name) || !slices.ContainsFunc(b.Rules, func(o price.Rule) bool { return o.ID == r.ID }) {
			b.Rules = append(b.Rules, r)
		}
	}
	b.Providers = append(b.Providers, part.book.Providers...)
	b.Limits = append(b.Limits, part.book.Limits...)
	for _, other := range part.include {
		if err := l.load(other, depth+1); err != nil {
			return err
		}
	}
	return nil
}

// A bookPart is one file of a book, and the names of the books that it includes.
type bookPart struct {
	book    *price.Book
	include []string
}

// builtIn parses each of the built-in books when it is first asked for, and once: a sweep asks for the same
// books at every point. What it returns is shared and not to be changed.
var builtIn = func() map[string]func() (bookPart, error) {
	parse := map[string]func() (bookPart, error){}
	for _, name := range BookNames() {
		parse[name] = sync.OnceValues(func() (bookPart, error) {
			data, err := books.ReadFile("books/" + name + ".yaml")
			if err != nil {
				return bookPart{}, err
			}
			return parseBook(data, false)
		})
	}
	return parse
}()

// open finds a book by its name, and parses it.
func (l *bookLoader) open(name string) (bookPart, error) {
	if isBookFile(name) {
		return l.openFile(name)
	}
	parse, ok := builtIn[name]
	if !ok {
		return bookPart{}, fmt.Errorf("opening price book: %s", unknownName("book", name, BookNames()))
	}
	part, err := parse()
	if err != nil {
		return bookPart{}, fmt.Errorf("reading price book %s: %w", name, err)
	}
	return part, nil
}

// openFile parses a book of the user's own.
func (l *bookLoader) openFile(name string) (bookPart, error) {
	if l.read == nil {
		return bookPart{}, fmt.Errorf("opening price book %s: only a scenario that is a file may name files; write a built-in book, or rules under prices.rules", name)
	}
	data, err := l.read(name)
	if err != nil {
		return bookPart{}, fmt.Errorf("opening price book: %w", err)
	}
	l.locate(name, data)
	part, err := parseBook(data, true)
	if err != nil {
		return bookPart{}, l.placed(name, syntaxPlaces(name, data, err))
	}
	return part, nil
}

// isBookFile tells a file's name from a built-in book's.
func isBookFile(name string) bool {
	return strings.ContainsAny(name, `/\`) || strings.HasSuffix(name, ".yaml") || strings.HasSuffix(name, ".yml")
}
