package scenarios

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"

	"gopkg.in/yaml.v3"

	"github.com/fleetcost/fleetcost/sim/price"
)

// locate notes where the rules of a file stand. One that does not parse has none.
func (l *bookLoader) locate(file string, data []byte) {
	var doc yaml.Node
	if yaml.Unmarshal(data, &doc) != nil || len(doc.Content) == 0 || doc.Content[0].Kind != yaml.MappingNode {
		return
	}
	rules := get(doc.Content[0], "rules")
	if rules == nil || rules.Kind != yaml.SequenceNode {
		return
	}
	for _, n := range rules.Content {
		if n.Kind != yaml.MappingNode {
			continue
		}
		id := ""
		if name := get(n, "id"); name != nil {
			id = name.Value
		}
		if _, ok := l.own[id]; !ok {
			l.own[id] = Error{File: file, Line: n.Line, Col: n.Column}
		}
	}
}

// placed gives mistakes in rules of the user's files the places where these stand.
func (l *bookLoader) placed(name string, err error) error {
	var placed []*Error
	var others []error
	for _, e := range apart(err) {
		rule, inRule := errors.AsType[*price.RuleError](e)
		if at, ok := errors.AsType[*Error](e); ok {
			placed = append(placed, at)
		} else if at, ok := l.own[ruleID(rule)]; inRule && ok {
			at.Msg = "price book: " + rule.Error()
			placed = append(placed, &at)
		} else {
			others = append(others, e)
		}
	}
	all := join(name, placed)
	if others != nil {
		all = errors.Join(all, fmt.Errorf("reading price book %s: %w", name, errors.Join(others...)))
	}
	return all
}

// bookErrors are the mistakes of books as mistakes of the scenario: where they stand in a file of their own, there.
func (s *Scenario) bookErrors(err error) []*Error {
	var errs []*Error
	for _, e := range apart(err) {
		at, ok := errors.AsType[*Error](e)
		if !ok {
			at = s.Mistake("prices.book", "%s", e)
		}
		errs = append(errs, at)
	}
	return errs
}

func ruleID(e *price.RuleError) string {
	if e == nil {
		return ""
	}
	return e.ID
}

// ruleErrors are the mistakes of one rule.
func ruleErrors(id string, err error) []error {
	var out []error
	for _, e := range apart(err) {
		out = append(out, &price.RuleError{ID: id, Mistake: e.Error()})
	}
	return out
}

// apart are the errors that are joined in err.
func apart(err error) []error {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return []error{err}
	}
	var out []error
	for _, e := range joined.Unwrap() {
		out = append(out, apart(e)...)
	}
	return out
}

var (
	typeErrorText = regexp.MustCompile(`^(?:yaml: )?line (\d+): (.*)$`)
	unknownField  = regexp.MustCompile(`^field (.*) not found in type .*$`)
)

// wrongAt is a mistake in a node, of the kind that yaml.v3 collects.
func wrongAt(n *yaml.Node, format string, args ...any) error {
	return &yaml.TypeError{Errors: []string{fmt.Sprintf("line %d: ", n.Line) + fmt.Sprintf(format, args...)}}
}

// syntaxPlaces gives errors of yaml.v3, which name a line at most, their places in a file.
func syntaxPlaces(file string, data []byte, err error) error {
	wrong, ok := errors.AsType[*yaml.TypeError](err)
	if !ok {
		if syntaxErrorText.MatchString(err.Error()) {
			return syntaxError(file, data, err)
		}
		return err
	}
	var errs []error
	for _, text := range wrong.Errors {
		m := typeErrorText.FindStringSubmatch(text)
		if m == nil {
			errs = append(errs, errors.New(text))
			continue
		}
		line, _ := strconv.Atoi(m[1])
		msg := m[2]
		if key := unknownField.FindStringSubmatch(msg); key != nil {
			msg = fmt.Sprintf("unknown key %q; docs/prices.md shows every key", key[1])
		}
		errs = append(errs, &Error{File: file, Line: line, Col: 1, Msg: "price book: " + msg})
	}
	return errors.Join(errs...)
}
