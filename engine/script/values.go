package script

// This file carries values between the script and plain JSON.

import (
	"fmt"
	"maps"
	"math"
	"reflect"
	"slices"
	"strconv"

	"github.com/dop251/goja"
)

// Limits of what a script may hand over.
const (
	maxValue  = 64 << 10  // bytes of one value
	maxResult = 512 << 10 // bytes of all values of a call
	maxDepth  = 32
)

// frozen builds a value for the script, frozen all the way down (rule A4). The
// script never sees a Go value: writes would go through to it.
func (m *machine) frozen(v any) goja.Value {
	switch v := v.(type) {
	case nil:
		return goja.Null()
	case map[string]any:
		object := m.rt.NewObject()
		for _, key := range slices.Sorted(maps.Keys(v)) {
			m.must(object.DefineDataProperty(key, m.frozen(v[key]), goja.FLAG_FALSE, goja.FLAG_FALSE, goja.FLAG_TRUE))
		}
		return m.freeze(object)
	case []any:
		items := make([]any, len(v))
		for i := range v {
			items[i] = m.frozen(v[i])
		}
		return m.freeze(m.rt.NewArray(items...))
	}
	return m.rt.ToValue(v)
}

func (m *machine) freeze(object *goja.Object) goja.Value {
	value, err := m.basics.freeze(goja.Undefined(), object)
	m.must(err)
	return value
}

// reader turns a value of the script into plain JSON values. It takes what JSON
// has and nothing else: no functions, dates, instances, holes or circles.
type reader struct {
	m     *machine
	left  int // bytes
	depth int
}

// plain reads a value. It runs the script's getters, so it must itself run
// within the guarded call.
func (m *machine) plain(v goja.Value, limit int) (any, error) {
	r := &reader{m: m, left: limit}
	return r.read(v)
}

func (r *reader) spend(bytes int) error {
	if r.left -= bytes; r.left < 0 {
		return fmt.Errorf("it is larger than allowed")
	}
	return nil
}

func (r *reader) read(v goja.Value) (any, error) {
	if err := r.spend(8); err != nil {
		return nil, err
	}
	switch {
	case v == nil || goja.IsUndefined(v):
		return nil, fmt.Errorf("undefined is not a JSON value")
	case goja.IsNull(v):
		return nil, nil
	case goja.IsBigInt(v):
		return nil, fmt.Errorf("a BigInt is not a JSON value")
	case goja.IsString(v):
		s := v.String()
		return s, r.spend(len(s))
	case goja.IsNumber(v):
		f := v.ToFloat()
		if math.IsNaN(f) || math.IsInf(f, 0) {
			return nil, fmt.Errorf("%v is not a JSON value", f)
		}
		return f, nil
	}
	if object, ok := v.(*goja.Object); ok {
		return r.object(object)
	}
	if t := v.ExportType(); t != nil && t.Kind() == reflect.Bool {
		return v.ToBoolean(), nil
	}
	return nil, fmt.Errorf("a symbol is not a JSON value")
}

func (r *reader) object(o *goja.Object) (any, error) {
	if r.depth++; r.depth > maxDepth {
		return nil, fmt.Errorf("it is nested more than %d deep, or holds itself", maxDepth)
	}
	defer func() { r.depth-- }()
	if isProxy(o) {
		return nil, fmt.Errorf("a Proxy is not a JSON value")
	}
	prototype := o.Prototype()
	switch class := o.ClassName(); {
	case class == "Array" && prototype == r.m.basics.arrayProto:
		return r.array(o)
	case class == "Object" && (prototype == nil || prototype == r.m.basics.objectProto):
		return r.fields(o)
	case class == "Object":
		return nil, fmt.Errorf("an instance of a class is not a JSON value")
	default:
		return nil, fmt.Errorf("a %s is not a JSON value", class)
	}
}

func (r *reader) array(o *goja.Object) (any, error) {
	length := o.Get("length").ToInteger()
	if length > int64(r.left/8) {
		return nil, r.spend(r.left + 1)
	}
	out := make([]any, 0, length)
	for i := range int(length) {
		item, err := r.read(o.Get(strconv.Itoa(i)))
		if err != nil {
			return nil, fmt.Errorf("[%d]: %w", i, err)
		}
		out = append(out, item)
	}
	return out, nil
}

func (r *reader) fields(o *goja.Object) (any, error) {
	out := map[string]any{}
	for _, key := range o.Keys() {
		if err := r.spend(len(key)); err != nil {
			return nil, err
		}
		value, err := r.read(o.Get(key))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", key, err)
		}
		out[key] = value
	}
	return out, nil
}

var proxyType = reflect.TypeFor[goja.Proxy]()

func isProxy(o *goja.Object) bool { return o.ExportType() == proxyType }

// take reads an argument for the result and counts it. What is not JSON is
// thrown back into the script.
func (m *machine) take(what string, v goja.Value) any {
	plain, err := m.plain(v, maxValue)
	if err != nil {
		panic(m.rt.NewTypeError("%s takes JSON values only: %s", what, err.Error()))
	}
	m.count(valueSize(plain))
	return plain
}

func (m *machine) count(bytes int) {
	if m.size += bytes; m.size > maxResult {
		panic(&Error{Code: CodeTooLarge, Message: fmt.Sprintf("it hands over more than %d KiB", maxResult>>10)})
	}
}

func valueSize(v any) int {
	switch v := v.(type) {
	case string:
		return 8 + len(v)
	case []any:
		n := 8
		for _, item := range v {
			n += valueSize(item)
		}
		return n
	case map[string]any:
		n := 8
		for key, item := range v {
			n += len(key) + valueSize(item)
		}
		return n
	}
	return 8
}
