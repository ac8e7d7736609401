package script

// This file runs one call on one interpreter.

import (
	"errors"
	"reflect"
	"strings"
	"time"

	"github.com/dop251/goja"

	"github.com/authflow-studio/authflow/engine/world"
)

// machine is one call. It is used by one goroutine and then thrown away.
type machine struct {
	call    *callFrame
	program *program
	budget  *world.Budget
	memory  int64
	ask     func(ask) (reply, error)

	rt      *goja.Runtime
	basics  basics
	clock   *time.Time // read once and again after each outgoing call
	random  func() float64
	result  Result
	size    int // bytes of the result so far
	logs    []LogLine
	logSize int
	// unhandled are rejected promises that nothing has taken notice of yet.
	unhandled []*goja.Promise
	gate      *gate    // nil: the script has no hooks
	debug     *stepper // nil: nobody looks on
}

// basics are the intrinsics that a call needs, taken before the script can
// replace them.
type basics struct {
	objectProto, arrayProto *goja.Object
	freeze                  goja.Callable
	descriptor              goja.Callable // Object.getOwnPropertyDescriptor
	eachOfMap, eachOfSet    goja.Callable // their forEach, for the debugger
}

func (m *machine) run() done {
	m.rt = newRuntime()
	stop := m.watch()
	defer stop()
	failed := m.evaluate()
	if failed == nil && len(m.unhandled) > 0 {
		failed = m.thrown(m.unhandled[0].Result(), CodeRejected)
	}
	failed = m.debug.ended(failed)
	if failed != nil && m.result.Denied != nil && isScriptFault(failed.Code) {
		m.logLine("error", "after the denial: "+failed.Message, nil) // rule A5: the denial stands
		failed = nil
	}
	if failed != nil {
		return done{Result: Result{Logs: m.logs, Lines: m.lines()}, Error: failed}
	}
	m.result.Logs, m.result.Lines = m.logs, m.lines()
	return done{Result: m.result}
}

func isScriptFault(c Code) bool { return c == CodeThrow || c == CodeRejected || c == CodePending }

// evaluate runs the source, calls what it exported and takes the result.
func (m *machine) evaluate() *Error {
	var fn goja.Callable
	var args []goja.Value
	var value goja.Value
	stages := []func() error{
		func() error { m.prepare(); return nil },
		func() (err error) { _, err = m.rt.RunProgram(m.program.code); return err },
		func() (err error) { fn, args, err = m.entry(); return err },
		func() error { m.debug.enter(); return nil },
		func() (err error) { value, err = fn(goja.Undefined(), args...); return err },
		func() error { return m.settle(value) },
	}
	for _, stage := range stages {
		if failed := m.guarded(stage); failed != nil {
			return failed
		}
	}
	return nil
}

// guarded turns whatever ends a stretch of the call into an error. Our own
// errors travel as panics, since goja lets no script catch those.
func (m *machine) guarded(stage func() error) (failed *Error) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case *Error:
			failed = r
		case *goja.InterruptedError:
			failed = m.failure(r)
		case *goja.StackOverflowError:
			failed = m.failure(r)
		case *goja.Exception:
			failed = m.failure(r)
		case *goja.Object:
			failed = m.thrown(r, CodeThrow)
		default:
			panic(r)
		}
	}()
	if err := stage(); err != nil {
		failed = m.failure(err)
	}
	return failed
}

// entry finds the function to call and what to call it with.
func (m *machine) entry() (goja.Callable, []goja.Value, error) {
	exported, twoArguments := m.exported()
	fn, ok := goja.AssertFunction(exported)
	if !ok {
		return nil, nil, &Error{Code: CodeNoEntry, Message: noEntry}
	}
	if twoArguments {
		return fn, []goja.Value{m.frozen(m.call.Event), m.api()}, nil
	}
	return fn, []goja.Value{m.frozen(m.call.Event), m.frozen(m.call.Step), m.api()}, nil
}

// exported looks for the function in the order in which the forms are
// documented, and tells whether it takes (event, api).
func (m *machine) exported() (fn goja.Value, twoArguments bool) {
	all := m.global(defaultExport)
	if isFunction(all) {
		return all, m.program.twoArguments
	}
	// A build makes the exports of the older forms its default export.
	if _, isObject := all.(*goja.Object); !isObject {
		module, ok := m.global("module").(*goja.Object)
		if !ok {
			return nil, false
		}
		all = module.Get("exports")
	}
	if isFunction(all) {
		return all, parameters(all) == 2
	}
	if exports, ok := all.(*goja.Object); ok {
		for _, name := range exports.Keys() {
			if fn := exports.Get(name); isFunction(fn) && (name == "default" || isEntryName(name)) {
				return fn, parameters(fn) <= 2
			}
		}
	}
	fn, err := m.rt.RunString("typeof execute === 'function' ? execute : undefined")
	m.must(err)
	return fn, isFunction(fn) && parameters(fn) <= 2
}

func isFunction(v goja.Value) bool {
	_, ok := goja.AssertFunction(v)
	return ok
}

func (m *machine) global(name string) goja.Value {
	if v := m.rt.GlobalObject().Get(name); v != nil {
		return v
	}
	return goja.Undefined()
}

// isEntryName recognises execute and the names of other products (onExecutePostLogin, …).
func isEntryName(name string) bool {
	return name == "execute" || strings.HasPrefix(name, "onExecute")
}

func parameters(fn goja.Value) int64 {
	if length := fn.(*goja.Object).Get("length"); length != nil {
		return length.ToInteger()
	}
	return 0
}

// settle takes what the function answered. A promise of it must be fulfilled by
// now: when the job queue is empty nothing can do that any more.
func (m *machine) settle(value goja.Value) error {
	if object, ok := value.(*goja.Object); ok && object.ExportType() == promiseType {
		promise := object.Export().(*goja.Promise)
		m.handled(promise)
		switch promise.State() {
		case goja.PromiseStateRejected:
			return m.thrown(promise.Result(), CodeRejected)
		case goja.PromiseStatePending:
			return &Error{Code: CodePending, Message: "it waits for a promise that nothing can fulfil"}
		}
		value = promise.Result()
	}
	if plain, err := m.plain(value, maxValue); err == nil {
		m.result.Return = plain
	}
	return nil
}

var promiseType = reflect.TypeFor[*goja.Promise]()

// track keeps account of rejections that nothing handles (rule A5).
func (m *machine) track(p *goja.Promise, operation goja.PromiseRejectionOperation) {
	if m.debug.looking() {
		return
	}
	if operation == goja.PromiseRejectionReject {
		m.unhandled = append(m.unhandled, p)
		return
	}
	m.handled(p)
}

func (m *machine) handled(p *goja.Promise) {
	for i, u := range m.unhandled {
		if u == p {
			m.unhandled = append(m.unhandled[:i], m.unhandled[i+1:]...)
			return
		}
	}
}

// failure translates what goja answers when a script did not end well.
func (m *machine) failure(err error) *Error {
	var own *Error
	var exception *goja.Exception
	var interrupted *goja.InterruptedError
	var overflow *goja.StackOverflowError
	switch {
	case errors.As(err, &own):
		return own
	case errors.As(err, &interrupted):
		e := &Error{Code: CodeTimeout, Message: "it was interrupted"}
		if why, ok := interrupted.Value().(interruption); ok {
			e.Code, e.Message = why.code, why.message
		}
		return m.placed(e, interrupted.Stack())
	case errors.As(err, &overflow):
		return m.placed(&Error{Code: CodeTooDeep, Message: "it calls itself too deeply"}, overflow.Stack())
	case errors.As(err, &exception):
		return m.placed(m.thrown(exception.Value(), CodeThrow), exception.Stack())
	}
	return &Error{Code: CodeThrow, Message: err.Error()}
}

// placed gives an error the innermost place within the Action's own source.
func (m *machine) placed(e *Error, stack []goja.StackFrame) *Error {
	var lines []string
	for _, frame := range stack {
		if frame.SrcName() != sourceName || len(lines) == 20 {
			continue
		}
		at := frame.Position()
		lines = m.trace(e, lines, frame.FuncName(), at.Line, at.Column)
	}
	if e.Stack == "" {
		e.Stack = strings.Join(lines, "\n")
	}
	return e
}

// trace adds one place of the Action's own to a stack; the innermost is the
// error's. What the build has written is nobody's place.
func (m *machine) trace(e *Error, lines []string, function string, row, col int) []string {
	file, line, column := m.program.at(row, col)
	if line == 0 {
		return lines
	}
	if e.Line == 0 {
		e.at = 1 + offsetOf(m.program.source, row, col)
		e.File, e.Line, e.Column = file, line, column
	}
	return append(lines, stackLine(function, file, line, column))
}
