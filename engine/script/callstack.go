package script

// This file counts the functions that are on goja's stack.

import (
	"reflect"

	"github.com/dop251/goja"
)

// callStack reads the stack, the innermost first. goja appends functions that
// wait for the outermost one, where it knows of them; these are left out, since
// they are not on it: how deep a function is must not depend on who waits.
func callStack(rt *goja.Runtime, into []goja.StackFrame) []goja.StackFrame {
	contexts := reflect.ValueOf(rt).Elem().FieldByName("vm").Elem().FieldByName("callStack")
	length := contexts.Len()
	all := rt.CaptureCallStack(0, into[:0])
	if length == 0 {
		return all
	}
	// Without the first context goja leaves those others out.
	onStack := rt.CaptureCallStack(length, nil)
	n := len(onStack)
	if first := contexts.Index(0); !first.FieldByName("prg").IsNil() || first.FieldByName("sb").Int() > 0 {
		n++
	}
	return all[:min(n, len(all))]
}

// functionName is a name of goja's as people know it.
func functionName(name string) string {
	switch name {
	case defaultExport:
		return "default"
	case "<anonymous>", "<native>":
		return ""
	}
	return name
}
