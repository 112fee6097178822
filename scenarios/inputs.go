package scenarios

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// An Input is a number of a scenario that a Set can change: the same one of each item of a list together.
type Input struct {
	Path  string // with * for the names of items: services.*.deploysPerDay
	Value string // as stated or by default; "" where items differ
	items []inputItem
}

type inputItem struct {
	path  string
	value reflect.Value
}

// notInputs are numbers that say what is computed, not what the fleet is.
var notInputs = []string{"version", "simulate.duration", "simulate.seed", "simulate.replications"}

// Inputs lists the numbers and quantities of a scenario that are not 0, in the file's order of keys. What
// stands in an item of a list that only a default or a shorthand made cannot be set, and is left out.
func (s *Scenario) Inputs() []Input {
	c := collector{scenario: s, index: map[string]int{}}
	c.structure(reflect.ValueOf(s).Elem(), "", "")
	for i := range c.inputs {
		in := &c.inputs[i]
		in.Value = readable(in.items[0].value)
		for _, item := range in.items {
			if written(item.value) != written(in.items[0].value) {
				in.Value = ""
			}
		}
	}
	return c.inputs
}

// Scaled are the overlays that change an input by a factor, and whether they change anything: a whole
// number moves by at least 1.
func (in Input) Scaled(factor float64) ([]Set, bool) {
	var sets []Set
	changed := false
	for _, item := range in.items {
		v := reflect.New(item.value.Type()).Elem()
		v.Set(item.value)
		scale(v, factor)
		changed = changed || written(v) != written(item.value)
		sets = append(sets, Set{Path: item.path, Value: written(v)})
	}
	return sets, changed
}

// scale multiplies a number.
func scale(v reflect.Value, factor float64) {
	switch {
	case v.Kind() == reflect.Struct: // an Amount
		value := v.FieldByName("Value")
		if v.FieldByName("Share").Bool() {
			value.SetFloat(value.Float() * factor)
		} else {
			value.SetFloat(float64(scaleWhole(int64(value.Float()), factor)))
		}
	case v.CanFloat():
		v.SetFloat(v.Float() * factor)
	default:
		v.SetInt(scaleWhole(v.Int(), factor))
	}
}

func scaleWhole(n int64, factor float64) int64 {
	scaled := int64(math.Round(float64(n) * factor))
	switch {
	case scaled != n || factor == 1:
		return scaled
	case factor > 1:
		return n + 1
	}
	return n - 1
}

// written is a number as a file states it.
func written(v reflect.Value) string {
	decimal := func(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }
	switch x := v.Interface().(type) {
	case Bytes:
		return fmt.Sprintf("%dB", int64(x))
	case Rate:
		return decimal(math.Round(float64(x)*1000)/1000) + "B/s"
	case Duration:
		return decimal(math.Round(float64(x)*1e9)/1e9) + "s"
	case Fraction:
		return decimal(math.Round(float64(x)*100*1e9)/1e9) + "%"
	case Amount:
		if x.Share {
			return decimal(math.Round(x.Value*100*1e9)/1e9) + "%"
		}
		return decimal(x.Value)
	case float64:
		return decimal(math.Round(x*1e9) / 1e9)
	}
	return fmt.Sprint(v.Int())
}

// readable is a number as a person would state it: in the largest unit in which it is short.
func readable(v reflect.Value) string {
	switch x := v.Interface().(type) {
	case Bytes:
		return inUnits(float64(x), v, "GB", "GiB", "MB", "MiB", "kB")
	case Rate:
		return inUnits(float64(x), v, "Gbps", "GiB/s", "MiB/s", "Mbps", "MB/s", "kbps")
	case Duration:
		return inUnits(float64(x), v, "d", "h", "m", "s", "ms")
	}
	return written(v)
}

// inUnits writes a value in the first unit in which it is at least 1 and has at most two decimals.
func inUnits(value float64, v reflect.Value, names ...string) string {
	for _, name := range names {
		for _, u := range slices.Concat(byteUnits, rateUnits, timeUnits) {
			if u.name != name {
				continue
			}
			in := value * float64(u.den) / float64(u.num)
			if in >= 1 && in*100 == math.Trunc(in*100) {
				return strconv.FormatFloat(in, 'f', -1, 64) + name
			}
		}
	}
	return written(v)
}

// A collector gathers inputs by path.
type collector struct {
	scenario *Scenario
	inputs   []Input
	index    map[string]int // by Path
}

// structure goes through a struct's keys; path names it, and shown does with * for names.
func (c *collector) structure(v reflect.Value, path, shown string) {
	for field, value := range v.Fields() {
		key, _, _ := strings.Cut(field.Tag.Get("yaml"), ",")
		if key == "" || key == "-" || slices.Contains(notInputs, joinPath(path, key)) || key == "nodes" && v.FieldByName("Pools").IsValid() && c.pooled(path) {
			continue
		}
		c.value(value, joinPath(path, key), joinPath(shown, key))
	}
}

// pooled tells whether the nodes of a datacenter are stated by its pools.
func (c *collector) pooled(path string) bool { return !c.scenario.Stated(path + ".nodes") }

func (c *collector) value(v reflect.Value, path, shown string) {
	switch v.Interface().(type) {
	case Bytes, Rate, Duration, Fraction, Amount, int, float64:
		c.add(v, path, shown)
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			c.value(v.Elem(), path, shown)
		}
	case reflect.Struct:
		c.structure(v, path, shown)
	case reflect.Slice:
		for i := range v.Len() {
			item := fmt.Sprintf("%s[%d]", path, i)
			if v.Index(i).Kind() == reflect.Struct && c.scenario.Stated(item) {
				c.structure(v.Index(i), item, shown+".*")
			}
		}
	}
}

// add notes a number that is not 0.
func (c *collector) add(v reflect.Value, path, shown string) {
	zero := v.IsZero()
	if a, ok := reflect.TypeAssert[Amount](v); ok {
		zero = a.Value == 0
	}
	if zero {
		return
	}
	i, ok := c.index[shown]
	if !ok {
		i = len(c.inputs)
		c.index[shown] = i
		c.inputs = append(c.inputs, Input{Path: shown})
	}
	c.inputs[i].items = append(c.inputs[i].items, inputItem{path, v})
}
