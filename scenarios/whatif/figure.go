package whatif

import (
	"reflect"
	"strconv"
	"strings"
	"sync"

	"github.com/fleetcost/fleetcost/sim/price"
)

// A Figure is a number of a variant's result, by its path there: cost.monthly, rollouts.seconds.p95, or
// transfer.links.fra/uplink.peak_bps.
type Figure struct {
	Path string
	Unit Unit

	index []int  // of the field in Variant, or in Link
	link  string // the link's name, where index is of Link
}

// A Unit is what a figure counts.
type Unit string

// The units of figures, as the result writes them.
const (
	Number        Unit = ""
	Bytes         Unit = "B"
	Seconds       Unit = "s"
	BitsPerSecond Unit = "bps"
	Money         Unit = "USD" // of a variant whose bill is in another currency, that one's code; see UnitOf
)

// UnitOf is the figure's unit for a variant: of money, its bill's currency.
func (f Figure) UnitOf(v *Variant) Unit {
	if f.Unit == Money && v.Cost.Currency != "" {
		return Unit(v.Cost.Currency)
	}
	return f.Unit
}

// IsMoney tells whether a unit is a currency.
func (u Unit) IsMoney() bool { return u != Number && u != Bytes && u != Seconds && u != BitsPerSecond }

// Figures lists the figures that every variant has, in the order of the result.
func Figures() []Figure { return variantFigures() }

var (
	variantFigures = sync.OnceValue(func() []Figure { return figuresOf(reflect.TypeFor[Variant](), "", nil) })
	linkFigures    = sync.OnceValue(func() []Figure { return figuresOf(reflect.TypeFor[Link](), "", nil) })
)

// figuresOf lists the numbers of a type and of the structs in it by their JSON keys.
func figuresOf(t reflect.Type, prefix string, index []int) []Figure {
	var out []Figure
	for i := range t.NumField() {
		field := t.Field(i)
		key, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		if key == "" || key == "-" {
			continue
		}
		path, at := prefix+key, append(append([]int(nil), index...), i)
		switch field.Type.Kind() {
		case reflect.Struct:
			out = append(out, figuresOf(field.Type, path+".", at)...)
		case reflect.Int, reflect.Int64, reflect.Float64:
			out = append(out, Figure{Path: path, Unit: unitOf(path, field.Type), index: at})
		}
	}
	return out
}

// unitOf reads a figure's unit from its type and its path.
func unitOf(path string, t reflect.Type) Unit {
	switch {
	case t == reflect.TypeFor[price.USD]():
		return Money
	case strings.HasSuffix(path, "bytes"):
		return Bytes
	case strings.HasSuffix(path, "_bps"):
		return BitsPerSecond
	case strings.Contains(path, "seconds"):
		return Seconds
	}
	return Number
}

// linkPrefix begins the paths of a link's figures; the link's name and the figure's follow.
const linkPrefix = "transfer.links."

// FigureAt finds the figure that a path names. Whether a variant has the link that one names only shows
// in its result.
func FigureAt(path string) (Figure, bool) {
	list, key, link := Figures(), path, ""
	if rest, ok := strings.CutPrefix(path, linkPrefix); ok {
		dot := strings.LastIndexByte(rest, '.')
		if dot < 1 {
			return Figure{}, false
		}
		list, link, key = linkFigures(), rest[:dot], rest[dot+1:]
	}
	for _, f := range list {
		if f.Path == key {
			f.Path, f.link = path, link
			return f, true
		}
	}
	return Figure{}, false
}

// Of returns the figure of a variant in its unit; false: the variant has no such link.
func (f Figure) Of(v *Variant) (float64, bool) {
	field, ok := f.field(v)
	switch {
	case !ok:
		return 0, false
	case field.CanFloat():
		return field.Float(), true
	case f.Unit == Money:
		return dollars(price.USD(field.Int())), true
	}
	return float64(field.Int()), true
}

// Text is the figure as the JSON result writes it: exact. It is empty where the variant has no such link.
func (f Figure) Text(v *Variant) string {
	field, ok := f.field(v)
	switch {
	case !ok:
		return ""
	case field.CanFloat():
		return strconv.FormatFloat(field.Float(), 'f', -1, 64)
	case f.Unit == Money:
		return price.USD(field.Int()).String()
	}
	return strconv.FormatInt(field.Int(), 10)
}

// mean is Of where a variant was run once, and the mean over its replications elsewhere.
func (f Figure) mean(v *Variant) (float64, bool) {
	for _, s := range v.Statistics {
		if s.Figure == f.Path {
			return s.Mean, true
		}
	}
	return f.Of(v)
}

// meanText is Text where a variant was run once, and the mean over its replications elsewhere.
func (f Figure) meanText(v *Variant) string {
	for _, s := range v.Statistics {
		if s.Figure == f.Path {
			return strconv.FormatFloat(s.Mean, 'f', -1, 64)
		}
	}
	return f.Text(v)
}

func (f Figure) field(v *Variant) (reflect.Value, bool) {
	if f.link == "" {
		return reflect.ValueOf(v).Elem().FieldByIndex(f.index), true
	}
	for i := range v.Transfer.Links {
		if v.Transfer.Links[i].Name == f.link {
			return reflect.ValueOf(&v.Transfer.Links[i]).Elem().FieldByIndex(f.index), true
		}
	}
	return reflect.Value{}, false
}

// dollars is an amount of money as a number.
func dollars(m price.USD) float64 { return float64(m) / 1e6 }
