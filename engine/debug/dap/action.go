package dap

import (
	"errors"

	protocol "github.com/google/go-dap"

	"github.com/authflow-studio/authflow/engine/script"
)

// This file shows the variables of Actions.

// members are the variables of a scope of an Action, or what is in a value.
type members struct {
	c     *session
	frame frame
	ref   int
	total int
	list  bool
}

func (m *members) of() string { return m.frame.run }

func (m *members) size() (int, int, error) {
	if m.list {
		return 0, m.total, nil
	}
	return m.total, 0, nil
}

// page asks until it has all: the Action's process answers a few at a time.
func (m *members) page(start, count int) ([]protocol.Variable, error) {
	stop, err := m.c.Debugger.Action(m.frame.run)
	if err != nil {
		return nil, err
	}
	out := []protocol.Variable{}
	for len(out) < count {
		some, total, err := stop.Children(m.ref, start+len(out), count-len(out))
		if err != nil {
			return nil, err
		}
		for _, v := range some {
			out = append(out, m.c.actionVariable(m.frame, v))
		}
		if len(some) == 0 || start+len(out) >= total {
			break
		}
	}
	return out, nil
}

func (c *session) actionVariable(f frame, v script.Variable) protocol.Variable {
	out := protocol.Variable{Name: v.Name, Value: v.Value, Type: v.Type, EvaluateName: v.Path}
	if v.Ref != 0 {
		m := &members{c: c, frame: f, ref: v.Ref, total: v.Size, list: v.Type == "Array"}
		out.NamedVariables, out.IndexedVariables, _ = m.size()
		out.VariablesReference = c.open(m)
	}
	return out
}

func (m *members) set(name, text string) (protocol.Variable, error) {
	out, err := m.c.Debugger.ChangeAction(m.frame.run, func(s *script.Stop) (script.Evaluation, error) { return s.Set(m.ref, name, text) })
	if err != nil {
		return protocol.Variable{}, err
	}
	return m.c.actionVariable(m.frame, out.Variable), nil
}

func (m *members) watch(string) (string, error) {
	return "", errors.New("variables of an Action cannot be watched; values of flows can be")
}
