package scenarios

import (
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"gopkg.in/yaml.v3"
)

var (
	wholeNumber = regexp.MustCompile(`^-?(0|[1-9][0-9]*)$`)
	realNumber  = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?$`)
	otherBase   = regexp.MustCompile(`^[-+]?0([0-9_]+|[oxbOXB].*)$`)
)

// scalar decodes a single value and checks its bounds.
func (d *decoder) scalar(n *yaml.Node, v reflect.Value, path string, tag reflect.StructTag) {
	if word := tag.Get("none"); word != "" && n.Value == "none" {
		return
	}
	if plainNumber(v) && (n.ShortTag() == "!!str" || n.ShortTag() == "!!bool") {
		hint := "a number"
		if n.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) != 0 {
			hint = "a number without quotes"
		}
		d.fail(n, path, "is %s; write %s", describe(n), hint)
		return
	}
	if err := parseScalar(n, v); err != nil {
		if tag.Get("none") != "" {
			err = fmt.Errorf("%w, or none", err)
		}
		d.fail(n, path, "%s", err)
		return
	}
	if c, ok := reflect.TypeAssert[chooser](v); ok && !slices.Contains(c.choices(), n.Value) {
		d.fail(n, path, "is %q; %s", clip(n.Value), suggest(n.Value, c.choices(), ""))
		return
	}
	d.bounds(n, v, path, tag)
}

// plainNumber tells whether v is a number without a unit.
func plainNumber(v reflect.Value) bool {
	switch v.Interface().(type) {
	case int, uint64, float64:
		return true
	}
	return false
}

// parseScalar reads n's text as v's type.
func parseScalar(n *yaml.Node, v reflect.Value) error {
	text := n.Value
	if plainNumber(v) {
		if err := checkNumber(text, v.Kind() == reflect.Float64); err != nil {
			return err
		}
	}
	switch p := v.Addr().Interface().(type) {
	case *Bytes:
		return assignTo(p, text, ParseBytes)
	case *Rate:
		return assignTo(p, text, ParseRate)
	case *Duration:
		return assignTo(p, text, ParseDuration)
	case *Fraction:
		return assignTo(p, text, ParseFraction)
	case *Amount:
		return assignTo(p, text, ParseAmount)
	case *Date:
		return assignTo(p, text, parseDate)
	case *TimeOfDay:
		return assignTo(p, text, parseTimeOfDay)
	case *int:
		return assignTo(p, text, strconv.Atoi)
	case *uint64:
		return assignTo(p, text, func(s string) (uint64, error) { return strconv.ParseUint(s, 10, 64) })
	case *float64:
		return assignTo(p, text, func(s string) (float64, error) { return strconv.ParseFloat(s, 64) })
	case *bool:
		if n.ShortTag() != "!!bool" || text != "true" && text != "false" {
			return fmt.Errorf("is %s; write true or false", describe(n))
		}
		*p = text == "true"
		return nil
	}
	if n.ShortTag() != "!!str" {
		return fmt.Errorf("is %s, not a text; write it in quotes", describe(n))
	}
	if n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0 {
		text = strings.TrimRight(text, "\n") // YAML ends such a block with a line feed
	}
	if strings.TrimSpace(text) != text || text == "" {
		return fmt.Errorf("is %q; write a text that neither is empty nor starts or ends with a space", clip(text))
	}
	v.SetString(text)
	return nil
}

// assignTo parses a text into p. An error of a number that is too large is put in plain words.
func assignTo[T any](p *T, text string, parse func(string) (T, error)) error {
	value, err := parse(text)
	if err == nil {
		*p = value
		return nil
	}
	if _, ok := errors.AsType[*strconv.NumError](err); !ok {
		return err
	}
	if text[0] == '-' {
		return fmt.Errorf("%s is negative; write 0 or more", clip(text))
	}
	return fmt.Errorf("%s is out of range; write a number nearer to 0", clip(text))
}

// checkNumber allows decimal numbers only: what YAML 1.1 reads in another base is a trap.
func checkNumber(text string, fraction bool) error {
	switch {
	case otherBase.MatchString(text):
		return fmt.Errorf("%s looks octal, hexadecimal or binary; write it in decimal without a leading 0", clip(text))
	case !realNumber.MatchString(text):
		return fmt.Errorf("%s is not a plain decimal number; write e.g. 4 or 0.5", clip(text))
	case !fraction && !wholeNumber.MatchString(text):
		return fmt.Errorf("%s is not a whole number; write e.g. 4", clip(text))
	}
	return nil
}

func parseDate(text string) (Date, error) {
	if _, err := time.Parse(time.DateOnly, text); err != nil {
		return "", fmt.Errorf("%q is not a day; write YYYY-MM-DD, e.g. 2026-01-05", clip(text))
	}
	return Date(text), nil
}

func parseTimeOfDay(text string) (TimeOfDay, error) {
	if _, err := time.Parse("15:04", text); err != nil || len(text) != len("15:04") {
		return "", fmt.Errorf("%q is not a time of day; write HH:MM, e.g. \"08:00\"", clip(text))
	}
	return TimeOfDay(text), nil
}

// bounds checks v against the min and max of its field's tag.
func (d *decoder) bounds(n *yaml.Node, v reflect.Value, path string, tag reflect.StructTag) {
	low, high := tag.Get("min"), tag.Get("max")
	outside := low != "" && magnitude(v) < bound(v.Type(), low) || high != "" && magnitude(v) > bound(v.Type(), high)
	switch {
	case !outside:
	case high == "":
		d.fail(n, path, "%s is out of range; write %s or more", clip(n.Value), low)
	case low == "":
		d.fail(n, path, "%s is out of range; write at most %s", clip(n.Value), high)
	default:
		d.fail(n, path, "%s is out of range; write %s to %s", clip(n.Value), low, high)
	}
}

// bound reads a bound of a tag, in the notation of the field's type.
func bound(t reflect.Type, text string) float64 {
	v := reflect.New(t).Elem()
	if err := parseScalar(&yaml.Node{Kind: yaml.ScalarNode, Value: text}, v); err != nil {
		panic(fmt.Sprintf("bound %q of a %s: %v", text, t, err))
	}
	return magnitude(v)
}

// magnitude is a number's or quantity's value, to compare with bounds.
func magnitude(v reflect.Value) float64 {
	switch {
	case v.CanInt():
		return float64(v.Int())
	case v.CanUint():
		return float64(v.Uint())
	case v.CanFloat():
		return v.Float()
	}
	return 0
}
