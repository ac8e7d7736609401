package script

// This file finds out what a script threw, without giving it another turn:
// toString, getters and proxies are code of the script.

import (
	"strings"

	"github.com/dop251/goja"
)

const maxMessage = 2 << 10

// thrown describes a value that a script threw or rejected with.
func (m *machine) thrown(v goja.Value, code Code) *Error {
	e := &Error{Code: code, Message: m.describe(v)}
	if object, ok := v.(*goja.Object); ok && !isProxy(object) {
		if stack := m.own(object, "stack"); goja.IsString(stack) {
			m.placeFromStack(e, stack.String())
		}
		if c := m.own(object, "code"); goja.IsString(c) && Code(c.String()) == CodeTooMany {
			e.Code = CodeTooMany
		}
	}
	return e
}

func (m *machine) describe(v goja.Value) string {
	object, ok := v.(*goja.Object)
	switch {
	case v == nil:
		return "undefined was thrown"
	case !ok:
		return clipped(v.String())
	case isProxy(object):
		return "a Proxy was thrown"
	}
	name, message := m.inherited(object, "name"), m.inherited(object, "message")
	switch {
	case name != "" && message != "":
		return clipped(name + ": " + message)
	case message != "":
		return clipped(message)
	case object.ClassName() == "Error":
		return clipped(name)
	}
	return "an object without a message was thrown"
}

// inherited reads a text property of an object or its prototypes.
func (m *machine) inherited(o *goja.Object, name string) string {
	for depth := 0; o != nil && depth < 20 && !isProxy(o); depth++ {
		if v := m.own(o, name); v != nil && !goja.IsUndefined(v) {
			if goja.IsString(v) {
				return v.String()
			}
			return ""
		}
		o = o.Prototype()
	}
	return ""
}

// own reads a data property of the object itself; a getter counts as absent.
func (m *machine) own(o *goja.Object, name string) goja.Value {
	d, err := m.basics.descriptor(goja.Undefined(), o, m.rt.ToValue(name))
	descriptor, ok := d.(*goja.Object)
	if err != nil || !ok {
		return goja.Undefined()
	}
	if v := descriptor.Get("value"); v != nil {
		return v
	}
	return goja.Undefined()
}

// placeFromStack finds the innermost place of the Action in an Error's own
// stack. Rejections come without any other.
func (m *machine) placeFromStack(e *Error, stack string) {
	var lines []string
	for _, line := range strings.Split(stack, "\n") {
		function, at, found := strings.Cut(strings.TrimPrefix(strings.TrimSpace(line), "at "), sourceName+":")
		if !found || len(lines) == 20 {
			continue
		}
		var row, column int
		if !scanPlace(at, &row, &column) {
			continue
		}
		lines = m.trace(e, lines, strings.TrimSpace(strings.TrimSuffix(function, "(")), row, column)
	}
	e.Stack = strings.Join(lines, "\n")
}

func clipped(s string) string {
	if len(s) > maxMessage {
		return strings.ToValidUTF8(s[:maxMessage], "") + "…"
	}
	return s
}
