package dap

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf16"

	"github.com/go-json-experiment/json"
	protocol "github.com/google/go-dap"

	"github.com/authflow-studio/authflow/engine/script"
)

// This file evaluates: CEL in frames of flows, JavaScript in those of Actions.

// errLooks keeps what is shown at every stop from changing the run (rule D1).
var errLooks = errors.New("this may change something, and watching must not; evaluate it in the debug console")

func (c *session) evaluate(_ context.Context, a protocol.EvaluateArguments) (any, error) {
	f, err := c.frameOr(a.FrameId)
	if err != nil {
		return nil, err
	}
	if f.inAction() {
		return c.evaluateAction(f, a)
	}
	v, err := c.Debugger.Evaluate(f.run, f.flow, a.Expression)
	if err != nil {
		return nil, err
	}
	v = plain(v)
	out := protocol.EvaluateResponseBody{}
	if out.Result, out.Type = shown(v); a.Context == "clipboard" {
		out.Result, err = whole(v)
		return out, err
	}
	if out.NamedVariables, out.IndexedVariables = count(v); out.NamedVariables+out.IndexedVariables > 0 {
		out.VariablesReference = c.open(&node{c: c, frame: f, fixed: v})
	}
	return out, nil
}

func (c *session) evaluateAction(f frame, a protocol.EvaluateArguments) (any, error) {
	if a.Context != "repl" && script.MayChange(a.Expression) {
		return nil, errLooks
	}
	if a.Context == "clipboard" {
		stop, err := c.Debugger.Action(f.run)
		if err != nil {
			return nil, err
		}
		e, err := stop.Whole(f.index, a.Expression)
		return protocol.EvaluateResponseBody{Result: e.Value, Type: e.Type}, err
	}
	e, err := c.Debugger.EvaluateAction(f.run, f.index, a.Expression)
	if err != nil {
		return nil, err
	}
	for _, l := range e.Logs {
		c.say("stdout", l.Message)
	}
	v := c.actionVariable(f, e.Variable)
	return protocol.EvaluateResponseBody{Result: v.Value, Type: v.Type, VariablesReference: v.VariablesReference, NamedVariables: v.NamedVariables, IndexedVariables: v.IndexedVariables}, nil
}

// frameOr answers a frame; without a number the top of the only run that has
// stopped.
func (c *session) frameOr(id int) (frame, error) {
	if id != 0 {
		return c.frame(id)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	var found []frame
	for _, t := range c.byID {
		r, ok := c.Debugger.Run(t.run)
		if !t.stopped || !ok {
			continue
		}
		f := frame{run: t.run, thread: t.id}
		if r.Stack[0].File != "" {
			f.flow = -1
		}
		found = append(found, f)
	}
	if len(found) != 1 {
		return frame{}, fmt.Errorf("choose a frame: %d runs have stopped", len(found))
	}
	return found[0], nil
}

// plain makes a value of maps, lists, texts, numbers and booleans.
func plain(v any) any {
	text, err := json.Marshal(v)
	var out any
	if err != nil || json.Unmarshal(text, &out) != nil {
		return v
	}
	return out
}

// readValue reads what a person has typed for a value: JSON, else an expression.
func (c *session) readValue(f frame, text string) (any, error) {
	var v any
	if json.Unmarshal([]byte(text), &v) == nil {
		return v, nil
	}
	v, err := c.Debugger.Evaluate(f.run, f.flow, text)
	if err != nil {
		return nil, fmt.Errorf("%s is neither JSON nor an expression: %w", text, err)
	}
	return plain(v), nil
}

func (c *session) setVariable(_ context.Context, a protocol.SetVariableArguments) (any, error) {
	holder, err := c.value(a.VariablesReference)
	if err != nil {
		return nil, err
	}
	v, err := holder.set(a.Name, a.Value)
	return protocol.SetVariableResponseBody{Value: v.Value, Type: v.Type, VariablesReference: v.VariablesReference, NamedVariables: v.NamedVariables, IndexedVariables: v.IndexedVariables}, err
}

func (c *session) setExpression(_ context.Context, a protocol.SetExpressionArguments) (any, error) {
	f, err := c.frameOr(a.FrameId)
	if err != nil {
		return nil, err
	}
	var v protocol.Variable
	if f.inAction() {
		var e script.Evaluation
		e, err = c.Debugger.ChangeAction(f.run, func(s *script.Stop) (script.Evaluation, error) { return s.Assign(f.index, a.Expression, a.Value) })
		if err == nil {
			v = c.actionVariable(f, e.Variable)
		}
	} else {
		path, ok := splitPath(a.Expression)
		if !ok || len(path) < 2 {
			return nil, fmt.Errorf("%q is no path to a value, such as step.risk.score", a.Expression)
		}
		last := len(path) - 1
		v, err = (&node{c: c, frame: f, root: path[0], path: path[1:last], changeable: f.flow == 0 && slices.Contains([]string{"event", "step", "input", "claims"}, path[0])}).set(path[last], a.Value)
	}
	return protocol.SetExpressionResponseBody{Value: v.Value, Type: v.Type, VariablesReference: v.VariablesReference, NamedVariables: v.NamedVariables, IndexedVariables: v.IndexedVariables}, err
}

// typed is what of a text stands before the cursor and is a path.
var typed = regexp.MustCompile(`[\pL_$][\pL\d_$]*(\.[\pL\d_$]*)*$`)

func (c *session) completions(_ context.Context, a protocol.CompletionsArguments) (any, error) {
	f, err := c.frameOr(a.FrameId)
	if err != nil {
		return nil, err
	}
	rows := strings.Split(a.Text, "\n")
	row := rows[min(max(c.theirLine(cmp.Or(a.Line, c.ourLine(1)))-1, 0), len(rows)-1)]
	units := utf16.Encode([]rune(row))
	before := string(utf16.Decode(units[:min(max(a.Column-c.ourColumn(1), 0), len(units))]))
	path := typed.FindString(before)
	last := path[strings.LastIndexByte(path, '.')+1:]
	var names []string
	if f.inAction() {
		names, err = c.namesInAction(f, strings.Split(path, "."))
	} else {
		names, err = c.Debugger.Complete(f.run, f.flow, path)
	}
	if err != nil {
		return nil, err
	}
	width := len(utf16.Encode([]rune(last)))
	start := len(utf16.Encode([]rune(before))) - width
	out := []protocol.CompletionItem{}
	for _, name := range names {
		out = append(out, protocol.CompletionItem{Label: name, Type: "property", Start: c.ourColumn(start + 1), Length: width})
	}
	return protocol.CompletionsResponseBody{Targets: out}, nil
}

// namesInAction looks for names below a path, running nothing of the script.
func (c *session) namesInAction(f frame, path []string) ([]string, error) {
	stop, err := c.Debugger.Action(f.run)
	if err != nil {
		return nil, err
	}
	scopes, err := stop.Scopes(f.index)
	if err != nil {
		return nil, err
	}
	var refs []int
	for _, s := range scopes {
		refs = append(refs, s.Ref)
	}
	for i, name := range path {
		var found []script.Variable
		for _, ref := range refs {
			some, _, err := stop.Children(ref, 0, maxPage)
			if err != nil {
				return nil, err
			}
			found = append(found, some...)
		}
		if i == len(path)-1 {
			return matching(found, name), nil
		}
		refs = nil
		for _, v := range found {
			if v.Name == name && v.Ref != 0 {
				refs = append(refs, v.Ref)
				break
			}
		}
	}
	return nil, nil
}

func matching(all []script.Variable, prefix string) []string {
	var out []string
	for _, v := range all {
		if strings.HasPrefix(v.Name, prefix) {
			out = append(out, v.Name)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
