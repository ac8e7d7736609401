package script_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/authflow-studio/authflow/engine/script"
)

// debugged runs a call whose stops are answered by the function given, and
// answers what came of it.
func debugged(t testing.TB, c script.Call, d *script.Debug, at func(*script.Stop) script.Command) (script.Result, error) {
	t.Helper()
	d.Stopped = func(_ context.Context, s *script.Stop) script.Command { return at(s) }
	c.Debug = d
	return newPool(t).Run(t.Context(), c)
}

// values are the variables of a scope, as text.
func values(t testing.TB, s *script.Stop, frame int, scope string) map[string]string {
	t.Helper()
	scopes, err := s.Scopes(frame)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, sc := range scopes {
		if sc.Name != scope {
			continue
		}
		vars, total, err := s.Children(sc.Ref, 0, 100)
		if err != nil || total != len(vars) {
			t.Fatal(total, vars, err)
		}
		for _, v := range vars {
			out[v.Name] = v.Value
		}
	}
	return out
}

func line(n int) []script.Breakpoint {
	return []script.Breakpoint{{Place: script.Place{File: "test", Line: n}}}
}

const simple = `const rate = 3
function twice(n) {
  const by = 2
  return n * by
}
export default async function main(event, step, api) {
  let total = 0
  for (const n of [1, 2]) {
    total += twice(n) * rate
  }
  const user = {name: 'Ada', tags: ['x', 'y']}
  api.state.set('total', total)
}
`

func TestD2_ABreakpointStopsAtItsLineWithItsVariables(t *testing.T) {
	stops := 0
	res, err := debugged(t, source(simple), &script.Debug{Breakpoints: line(4)}, func(s *script.Stop) script.Command {
		stops++
		if s.Reason != script.ReasonBreakpoint || len(s.Frames) != 2 || s.Frames[0].Function != "twice" || s.Frames[0].Line != 4 || s.Frames[0].Column != 3 || s.Frames[1].Function != "main" || s.Frames[1].Line != 9 {
			t.Errorf("%s %+v", s.Reason, s.Frames)
		}
		if got := values(t, s, 0, "Locals"); got["by"] != "2" {
			t.Errorf("locals %v", got)
		}
		if got := values(t, s, 0, "Arguments"); got["n"] != fmt.Sprint(stops) {
			t.Errorf("arguments %v", got)
		}
		if got := values(t, s, 0, "Closure"); got["rate"] != "3" || !strings.HasPrefix(got["twice"], "ƒ twice") {
			t.Errorf("closure %v", got)
		}
		if got := values(t, s, 1, "Locals"); got["n"] != fmt.Sprint(stops) || got["user"] != "not initialised yet" {
			t.Errorf("locals of the caller %v", got)
		}
		return script.Command{}
	})
	if err != nil || stops != 2 || res.Outputs["total"] != 18.0 {
		t.Errorf("%d stops, %v, %v", stops, res.Outputs, err)
	}
}

func TestD3_TheDebuggerEndsACall(t *testing.T) {
	_, err := debugged(t, source(simple), &script.Debug{AtEntry: true}, func(s *script.Stop) script.Command {
		if s.Reason != script.ReasonEntry || s.Frames[0].Line != 7 {
			t.Errorf("%+v", s)
		}
		return script.Command{Move: script.End}
	})
	if !errors.Is(err, script.ErrEnded) {
		t.Error(err)
	}
}

// stepThrough looks at everything there is at each stop and goes on.
func stepThrough(t testing.TB, move script.Move) func(context.Context, *script.Stop) script.Command {
	return func(_ context.Context, s *script.Stop) script.Command {
		if len(s.Frames) == 0 {
			t.Error("a stop without frames")
		}
		for i, f := range s.Frames {
			if f.Unreadable != "" {
				continue
			}
			for _, scope := range []string{"Locals", "Arguments", "Closure"} {
				values(t, s, i, scope)
			}
		}
		if _, err := s.Evaluate(0, "[1, 2].map(x => x + 1).length + typeof this"); err != nil && s.Frames[0].Unreadable == "" {
			t.Error(err)
		}
		return script.Command{Move: move}
	}
}

// stepOnce looks at the first stop.
func stepOnce(look func(*script.Stop)) func(context.Context, *script.Stop) script.Command {
	seen := false
	return func(_ context.Context, s *script.Stop) script.Command {
		if !seen {
			seen = true
			look(s)
		}
		return script.Command{}
	}
}
