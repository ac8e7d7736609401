package script

// This file writes values as text for a person who debugs, running nothing of
// the script: no getter, no toString, no proxy.

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/dop251/goja"
)

const previewed = 5 // members of an object that its text shows

// variable is a value as it is told.
func (d *stepper) variable(name string, v goja.Value, frame int, path string) Variable {
	out := Variable{Name: name, Path: path}
	failed := d.bounded(func() error {
		out.Type, out.Value = d.kind(v), d.text(v, true)
		object, ok := v.(*goja.Object)
		if !ok {
			return nil
		}
		if out.Size = d.size(object); out.Size > 0 {
			out.Ref = d.handle(handle{frame: frame, value: object, path: path})
		}
		return nil
	})
	if failed != nil {
		out.Value = failed.Message
	}
	return out
}

func (d *stepper) kind(v goja.Value) string {
	object, ok := v.(*goja.Object)
	switch {
	case v == nil || goja.IsUndefined(v):
		return "undefined"
	case goja.IsNull(v):
		return "null"
	case ok && isProxy(object):
		return "Proxy"
	case isFunction(v):
		return "function"
	case ok:
		return d.className(object)
	case goja.IsString(v):
		return "string"
	case goja.IsBigInt(v):
		return "bigint"
	case goja.IsNumber(v):
		return "number"
	}
	if _, ok := v.(*goja.Symbol); ok {
		return "symbol"
	}
	return "boolean"
}

// className is the constructor's where the object has an honest one.
func (d *stepper) className(o *goja.Object) string {
	class := classOf(o)
	if class != "Object" && class != "Error" {
		return class
	}
	for p, depth := o.Prototype(), 0; p != nil && depth < 5 && !isProxy(p); p, depth = p.Prototype(), depth+1 {
		if c, ok := d.machine.own(p, "constructor").(*goja.Object); ok && !isProxy(c) {
			if name := d.machine.own(c, "name"); goja.IsString(name) && name.String() != "" {
				return clipped(name.String())
			}
		}
	}
	return class
}

// plainText is a value within a message.
func (d *stepper) plainText(v goja.Value) (text string) {
	if goja.IsString(v) {
		return short(d.hidden.redact(v.String()))
	}
	if failed := d.bounded(func() error { text = d.text(v, true); return nil }); failed != nil {
		return failed.Message
	}
	return text
}

func (d *stepper) text(v goja.Value, deep bool) string {
	object, ok := v.(*goja.Object)
	switch {
	case v == nil:
		return "undefined"
	case goja.IsString(v):
		return short(strconv.Quote(d.hidden.redact(v.String())))
	case goja.IsBigInt(v):
		return short(v.String()) + "n"
	case !ok:
		return short(d.hidden.redact(v.String()))
	case isProxy(object):
		return "Proxy"
	case isFunction(v):
		name := ""
		if n := d.machine.own(object, "name"); goja.IsString(n) {
			name = functionName(n.String())
		}
		return "ƒ " + short(name) + "()"
	}
	switch class := classOf(object); class {
	case "Array":
		return d.list(object, deep)
	case "Error":
		return short(d.hidden.redact(d.machine.describe(object)))
	case "Date":
		if at, ok := object.Export().(time.Time); ok {
			return at.UTC().Format("2006-01-02T15:04:05.000Z07:00")
		}
		return "Date (not a time)"
	case "Promise":
		return "Promise (" + promiseState(object) + ")"
	case "Map", "Set":
		return fmt.Sprintf("%s(%d)", class, len(d.entries(object)))
	case "Object":
		return d.members(object, deep)
	default:
		return class
	}
}

// classOf is what an object is by nature, whatever its script says of it.
func classOf(o *goja.Object) string {
	class := o.ClassName()
	if class != "Object" {
		return class
	}
	switch o.ExportType() {
	case promiseType:
		return "Promise"
	case mapType:
		return "Map"
	case setType:
		return "Set"
	}
	return class
}

var (
	mapType = reflect.TypeFor[[][2]any]()
	setType = reflect.TypeFor[[]any]()
)

func promiseState(o *goja.Object) string {
	p, ok := o.Export().(*goja.Promise)
	if !ok {
		return "unknown"
	}
	switch p.State() {
	case goja.PromiseStateFulfilled:
		return "fulfilled"
	case goja.PromiseStateRejected:
		return "rejected"
	}
	return "pending"
}

func (d *stepper) list(o *goja.Object, deep bool) string {
	length := d.length(o)
	if !deep || length == 0 {
		return fmt.Sprintf("Array(%d)", length)
	}
	var parts []string
	for i := range min(length, previewed) {
		parts = append(parts, d.member(o, strconv.Itoa(i)))
	}
	if length > previewed {
		parts = append(parts, "…")
	}
	return fmt.Sprintf("(%d) [%s]", length, strings.Join(parts, ", "))
}

func (d *stepper) members(o *goja.Object, deep bool) string {
	name := d.className(o)
	if name == "Object" {
		name = ""
	} else {
		name += " "
	}
	names := d.names(o)
	if !deep {
		return name + "{…}"
	}
	var parts []string
	for _, key := range names[:min(len(names), previewed)] {
		parts = append(parts, d.hidden.redact(clipped(key))+": "+d.member(o, key))
	}
	if len(names) > previewed {
		parts = append(parts, "…")
	}
	return name + "{" + strings.Join(parts, ", ") + "}"
}

// member is a property in the text of what holds it.
func (d *stepper) member(o *goja.Object, key string) string {
	v, getter := d.property(o, key)
	if getter {
		return "(a getter)"
	}
	text := d.text(v, false)
	if runes := []rune(text); len(runes) > 40 {
		return string(runes[:39]) + "…"
	}
	return text
}

// property reads an own property; a getter is not run.
func (d *stepper) property(o *goja.Object, key string) (v goja.Value, getter bool) {
	descriptor, err := d.machine.basics.descriptor(goja.Undefined(), o, d.machine.rt.ToValue(key))
	found, ok := descriptor.(*goja.Object)
	if err != nil || !ok {
		return goja.Undefined(), false
	}
	if get := found.Get("get"); get != nil && !goja.IsUndefined(get) {
		return goja.Undefined(), true
	}
	if v = found.Get("value"); v == nil {
		v = goja.Undefined()
	}
	return v, false
}

func (d *stepper) length(o *goja.Object) int {
	if n := d.machine.own(o, "length"); goja.IsNumber(n) {
		return int(min(max(n.ToInteger(), 0), 1<<31))
	}
	return 0
}

// names are the own properties, without an array's length.
func (d *stepper) names(o *goja.Object) []string {
	if isFunction(o) || isProxy(o) {
		return nil
	}
	return o.GetOwnPropertyNames()
}

// size is how many children there are to be shown.
func (d *stepper) size(o *goja.Object) int {
	if isProxy(o) {
		return 0
	}
	switch classOf(o) {
	case "Array":
		return d.length(o)
	case "Map", "Set":
		return len(d.entries(o))
	}
	return len(d.names(o))
}

// inside answers a page of what a value holds.
func (d *stepper) inside(h handle, start, count int) ([]Variable, int) {
	total := d.size(h.value)
	out := []Variable{}
	from, to := min(start, total), min(start+count, total)
	switch class := classOf(h.value); {
	case class == "Map" || class == "Set":
		for i, e := range d.entries(h.value)[from:to] {
			name := strconv.Itoa(from + i)
			if e.key != nil {
				name = d.text(e.key, false)
			}
			out = append(out, d.variable(name, e.value, h.frame, ""))
		}
	case class == "Array":
		for i := from; i < to; i++ {
			out = append(out, d.child(h, strconv.Itoa(i)))
		}
	default:
		for _, key := range d.names(h.value)[from:to] {
			out = append(out, d.child(h, key))
		}
	}
	return out, total
}

func (d *stepper) child(h handle, key string) Variable {
	path := ""
	if h.path != "" {
		path = h.path + accessor(key)
	}
	v, getter := d.property(h.value, key)
	if getter {
		return Variable{Name: clipped(key), Value: "(a getter; evaluate it to run it)", Type: "getter", Path: path}
	}
	return d.variable(d.hidden.redact(clipped(key)), v, h.frame, path)
}

// entry is one of a Map, or with no key of a Set.
type entry struct{ key, value goja.Value }

// entries reads a Map or a Set by their own forEach, which the script cannot
// have changed for us.
func (d *stepper) entries(o *goja.Object) []entry {
	var out []entry
	each := d.machine.basics.eachOfSet
	isMap := classOf(o) == "Map"
	if isMap {
		each = d.machine.basics.eachOfMap
	}
	_, err := each(o, d.machine.rt.ToValue(func(call goja.FunctionCall) goja.Value {
		e := entry{value: call.Argument(0)}
		if isMap {
			e.key = call.Argument(1)
		}
		if len(out) < 10_000 {
			out = append(out, e)
		}
		return goja.Undefined()
	}))
	if err != nil {
		return nil
	}
	return out
}

func short(s string) string {
	if len(s) > maxShown {
		return strings.ToValidUTF8(s[:maxShown], "") + "…"
	}
	return s
}
