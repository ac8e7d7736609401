package agama

// This file looks over a flow before it is translated: which variables are read,
// and how.

import "github.com/authflow-studio/authflow/projects/agama/dsl"

// usage says how often a variable is read as a value, and how often methods are
// called on it.
type usage struct {
	read, called map[string]int
	// keys are those that are read of a variable.
	keys map[string]map[string]bool
	// data are those that are read of what a flow answered: variable.data.key.
	data map[string]map[string]bool
}

func usageOf(list []dsl.Stmt) usage {
	u := usage{map[string]int{}, map[string]int{}, map[string]map[string]bool{}, map[string]map[string]bool{}}
	visit(list, func(s dsl.Stmt) {
		for _, e := range readsOf(s) {
			u.expr(e)
		}
		if target, _ := targetOf(s); target != nil {
			u.path(target)
		}
		if c, ok := s.(*dsl.Call); ok && c.Object != nil {
			if len(c.Object.Path) == 0 {
				u.called[c.Object.Name]++
			} else {
				u.expr(c.Object)
			}
		}
	})
	return u
}

func (u usage) expr(e dsl.Expr) {
	switch e := e.(type) {
	case *dsl.Var:
		u.read[e.Name]++
		if len(e.Path) > 0 && e.Path[0].Name != "" {
			if u.keys[e.Name] == nil {
				u.keys[e.Name] = map[string]bool{}
			}
			u.keys[e.Name][e.Path[0].Name] = true
			if len(e.Path) > 1 && e.Path[0].Name == "data" && e.Path[1].Name != "" {
				if u.data[e.Name] == nil {
					u.data[e.Name] = map[string]bool{}
				}
				u.data[e.Name][e.Path[1].Name] = true
			}
		}
		u.path(e)
	case *dsl.Negative:
		u.expr(e.Of)
	case *dsl.List:
		for _, i := range e.Items {
			u.expr(i)
		}
	case *dsl.Map:
		for _, v := range e.Values {
			u.expr(v)
		}
	}
}

func (u usage) path(v *dsl.Var) {
	for _, a := range v.Path {
		if a.Through != "" {
			u.read[a.Through]++
		}
		if a.Index != nil {
			u.expr(a.Index)
		}
	}
}

// readsOf answers the expressions of a statement, without those of the
// statements in it.
func readsOf(s dsl.Stmt) []dsl.Expr {
	switch s := s.(type) {
	case *dsl.Assign:
		return []dsl.Expr{s.Value}
	case *dsl.Render:
		return some(s.Data)
	case *dsl.Redirect:
		return []dsl.Expr{s.URL}
	case *dsl.Call:
		return s.Args
	case *dsl.Trigger:
		return append(some(s.Computed), s.Args...)
	case *dsl.When:
		return sides(s.Cond)
	case *dsl.Match:
		out := []dsl.Expr{s.Value}
		for _, o := range s.Options {
			out = append(out, o.Value)
		}
		return out
	case *dsl.Loop:
		out := some(s.Over)
		if s.Times != nil {
			out = append(out, s.Times)
		}
		if s.Quit != nil {
			out = append(out, sides(*s.Quit)...)
		}
		return out
	case *dsl.Finish:
		return []dsl.Expr{s.Value}
	}
	return nil // what is logged is not carried over, and so is not read
}

func some(v *dsl.Var) []dsl.Expr {
	if v == nil {
		return nil
	}
	return []dsl.Expr{v}
}

func sides(c dsl.Cond) []dsl.Expr {
	var out []dsl.Expr
	for _, group := range c.Any {
		for _, t := range group {
			out = append(out, t.Left, t.Right)
		}
	}
	return out
}
