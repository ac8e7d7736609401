package script_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/authflow-studio/authflow/engine/script"
)

// Whatever is asked to be evaluated, it comes to a value or to words, and the
// Action goes on as if nobody had asked.
func FuzzExpression(f *testing.F) {
	for _, seed := range []string{"n", "arguments[0]", "({a: n})", "await n", "`${n}`", "n => arguments", "{", "(function () { return arguments })()", "/*", "é", "class { #a }", "a?.b", "\x00"} {
		f.Add(seed)
	}
	p := script.NewPool(script.Options{Workers: 1})
	f.Cleanup(func() { p.Close() })
	f.Fuzz(func(t *testing.T, expression string) {
		c := source("export default function (event, step, api) {\n  const n = 1\n  return n + 1\n}")
		lost := false
		c.Debug = &script.Debug{Breakpoints: line(3)}
		c.Debug.Stopped = stepOnce(func(s *script.Stop) {
			_, err := s.Evaluate(0, expression)
			var look *script.LookError
			if err != nil && (!errors.As(err, &look) || look.Message == "") {
				t.Error(err)
			}
			_, err = s.Evaluate(0, "n")
			lost = err != nil
		})
		res, err := p.Run(t.Context(), c)
		if !lost && (err != nil || res.Return != 2.0) {
			t.Errorf("after %q: %v, %v", expression, res.Return, err)
		}
	})
}

// Whatever a source is, hooks in it change nothing of how it ends.
func FuzzHooks(f *testing.F) {
	files, err := filepath.Glob("testdata/forms/*.js")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	p := script.NewPool(script.Options{Workers: 1})
	f.Cleanup(func() { p.Close() })
	f.Fuzz(func(t *testing.T, src string) {
		c := source(src)
		c.Budget = 100 * time.Millisecond
		plain := endingOf(t, p, c)
		c.Debug = &script.Debug{AtEntry: true, Stopped: stepOnce(func(*script.Stop) {})}
		hooked := endingOf(t, p, c)
		if timed(plain) || timed(hooked) {
			return
		}
		if (plain.Error == nil) != (hooked.Error == nil) || plain.Error != nil && (plain.Error.Code != hooked.Error.Code || plain.Error.Line != hooked.Error.Line) {
			t.Errorf("%+v, plain %+v", hooked.Error, plain.Error)
		}
	})
}

func timed(e ending) bool {
	return e.Error != nil && (e.Error.Code == script.CodeTimeout || e.Error.Code == script.CodeMemory || e.Error.Code == script.CodeTooDeep)
}
