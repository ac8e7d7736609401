package script

// This file evaluates expressions in a stopped script, within a budget of their
// own, in the same sandbox: they can do what the script could, save reach the
// outside.

import (
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/dop251/goja"
	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/parser"

	"github.com/authflow-studio/authflow/engine/world"
)

// prepare takes what is needed before the script can change it.
func (d *stepper) prepare() {
	if d == nil {
		return
	}
	rt := d.machine.rt
	d.eval = rt.GlobalObject().Get("eval")
	each := func(class string) goja.Callable {
		constructor := rt.GlobalObject().Get(class).(*goja.Object)
		fn, _ := goja.AssertFunction(constructor.Get("prototype").(*goja.Object).Get("forEach"))
		return fn
	}
	d.machine.basics.eachOfMap, d.machine.basics.eachOfSet = each("Map"), each("Set")
}

// looking: what runs now is the debugger's and not the script's.
func (d *stepper) looking() bool { return d != nil && d.gate.closed }

// overheard keeps what is logged while the debugger looks out of the call's log.
func (d *stepper) overheard(level, message string, fields map[string]any) bool {
	if !d.looking() {
		return false
	}
	if len(d.logs) < maxLogLines {
		d.logs = append(d.logs, LogLine{level, clipped(message), fields})
	}
	return true
}

// refuseWhileLooking throws where an expression of the debugger would be felt
// outside.
func (m *machine) refuseWhileLooking(what string) {
	if m.debug.looking() {
		panic(m.rt.NewTypeError("the debugger only looks: %s for an expression of it", what))
	}
}

// asked evaluates for a breakpoint, outside of the script's own time.
func (d *stepper) asked(a *activation, text string) (goja.Value, string) {
	if d.spent > conditionsLimit {
		return nil, "the conditions of this call have taken more than " + conditionsLimit.String()
	}
	watch := world.NewStopwatch()
	paused := !d.seeking() && d.gate.ordinal != d.journey.moment.ordinal
	if paused {
		d.machine.budget.Pause()
	}
	d.gate.closed = true
	v, err := d.evaluate(a, text)
	d.gate.closed = false
	if paused {
		d.machine.budget.Resume()
	}
	d.spent += watch.Elapsed()
	return v, err
}

// evaluate runs a text where an activation stands; words say why it could not.
func (d *stepper) evaluate(a *activation, text string) (v goja.Value, words string) {
	if words := unfit(text); words != "" {
		return nil, words
	}
	look, ok := goja.AssertFunction(a.look)
	if !ok {
		return nil, d.whyNot()
	}
	function := d.gate.program.functions[d.gate.program.statements[a.statement].function]
	if !function.hasArguments && len(argumentsIn(text)) > 0 {
		return nil, noArguments
	}
	if isExpression(text) {
		text = "(" + withArguments(text) + "\n)"
	}
	d.logs = nil
	failed := d.bounded(func() (err error) {
		if d.machine.own(d.machine.rt.GlobalObject(), "eval") != goja.Undefined() {
			return &Error{Message: "the script has made an eval of its own, and cannot be looked into"}
		}
		d.lendEval()
		v, err = look(goja.Undefined(), d.machine.rt.ToValue(text), a.arguments)
		return err
	})
	if failed != nil {
		return nil, inWords(failed.Message)
	}
	return v, ""
}

// lendEval makes eval what it is by nature, for the one look at it that the
// call of an evaluator takes: then it is gone, before any text is run.
func (d *stepper) lendEval() { d.machine.lend("eval", d.eval) }

// bounded runs something of the debugger's for a short time.
func (d *stepper) bounded(run func() error) *Error {
	var mu sync.Mutex
	over := false
	end := time.AfterFunc(lookBudget, func() {})
	var late func()
	late = func() {
		mu.Lock()
		defer mu.Unlock()
		if !over { // goja forgets an interrupt when a nested call unwinds
			d.machine.rt.Interrupt(interruption{CodeTimeout, "it ran longer than " + lookBudget.String()})
			end = time.AfterFunc(time.Millisecond, late)
		}
	}
	mu.Lock()
	end.Stop()
	end = time.AfterFunc(lookBudget, late)
	mu.Unlock()
	failed := d.machine.guarded(run)
	mu.Lock()
	over = true
	end.Stop()
	mu.Unlock()
	d.machine.rt.ClearInterrupt()
	return failed
}

// unfit says why a text is not even tried.
func unfit(text string) string {
	switch {
	case strings.TrimSpace(text) == "":
		return "there is nothing to evaluate"
	case len(text) > maxExpression || tooDeep(text):
		return "the expression is too long"
	}
	tree, err := parser.ParseFile(nil, "", "(async () => ("+text+"\n))", 0, parser.WithDisableSourceMaps)
	if err == nil && awaits(tree) {
		return "await cannot be used here: the call stands still, and nothing that it waits for goes on"
	}
	return ""
}

// awaits looks for an await that is not within a function of the text's own.
func awaits(tree *ast.Program) bool {
	depth, found := 0, false
	var walk func(v reflect.Value)
	walk = func(v reflect.Value) {
		eachNode(v, func(node any) {
			switch node.(type) {
			case *ast.FunctionLiteral, *ast.ArrowFunctionLiteral:
				depth++
				defer func() { depth-- }()
			case *ast.AwaitExpression:
				found = found || depth == 1
			}
			walk(reflect.ValueOf(node).Elem())
		})
	}
	walk(reflect.ValueOf(tree).Elem())
	return found
}

func isExpression(text string) bool {
	_, err := parser.ParseFile(nil, "", "("+text+"\n)", 0, parser.WithDisableSourceMaps)
	return err == nil
}

// MayChange tells whether evaluating an expression may change something in the
// script, so that who only looks on leaves it.
func MayChange(expression string) bool {
	return len(expression) > maxExpression || changes(expression)
}

// changes tells whether a text may change something, so that it must be run
// again on the way back to a later moment.
func changes(text string) bool {
	tree, err := parser.ParseFile(nil, "", "("+text+"\n)", 0, parser.WithDisableSourceMaps)
	if err != nil {
		return true
	}
	found := false
	visit(reflect.ValueOf(tree), func(node any) {
		switch n := node.(type) {
		case *ast.CallExpression, *ast.NewExpression, *ast.AssignExpression, *ast.YieldExpression:
			found = true
		case *ast.UnaryExpression:
			switch n.Operator.String() {
			case "++", "--", "delete":
				found = true
			}
		case *ast.TemplateLiteral:
			found = found || n.Tag != nil
		}
	})
	return found
}

const noArguments = "arguments can be read in a function that has them of its own: not in an arrow function, nor outside of functions"

// argumentsIn answers where a text means the arguments of the function around
// it.
func argumentsIn(text string) []int {
	tree, err := parser.ParseFile(nil, "", "("+text+"\n)", 0, parser.WithDisableSourceMaps)
	if err != nil {
		return nil
	}
	var found []int
	var walk func(node any)
	walk = func(node any) {
		switch n := node.(type) {
		case *ast.FunctionLiteral:
			return
		case *ast.Identifier:
			if n.Name == "arguments" {
				found = append(found, offset(n.Idx)-1)
			}
		}
		eachNode(reflect.ValueOf(node).Elem(), walk)
	}
	eachNode(reflect.ValueOf(tree).Elem(), walk)
	slices.Sort(found)
	return found
}

// withArguments writes the name by which an evaluator has them.
func withArguments(text string) string {
	places := argumentsIn(text)
	for _, at := range slices.Backward(places) {
		text = text[:at] + argumentsName + text[at+len("arguments"):]
	}
	return text
}

// inWords betters what goja says of the things that people try.
func inWords(message string) string {
	switch {
	case strings.Contains(message, "Assignment to constant variable"):
		return "it is a const: it cannot be given another value"
	case strings.Contains(message, "before initialization"):
		return message + ": its declaration has not been reached"
	}
	return message
}

// assign gives a target the value of an expression.
func (d *stepper) assign(a *activation, target, expression string) string {
	tree, err := parser.ParseFile(nil, "", target+"\n= 0", 0, parser.WithDisableSourceMaps)
	if err != nil || len(tree.Body) != 1 || !isExpression(expression) {
		return "it takes a variable or a property on the left, and an expression on the right"
	}
	if words := unfit(expression); words != "" {
		return words
	}
	_, words := d.evaluate(a, target+" = ("+expression+"\n)")
	return words
}

// redo does again what a person changed, on the way to a later moment.
func (d *stepper) redo(at int) {
	for _, e := range d.journey.edits {
		if e.ordinal != at {
			continue
		}
		d.gate.closed = true
		d.picture()
		if e.frame < len(d.shown) && d.shown[e.frame].activation != nil {
			_, _ = d.evaluate(d.shown[e.frame].activation, e.text)
		}
		d.gate.closed = false
	}
}
