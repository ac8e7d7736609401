package script_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/authflow-studio/authflow/engine/script"
)

const mailModule = `export enum Level { Low, High }
export const domainOf = (a: string): string => {
  const [, domain] = a.split('@')
  return domain!
}
`

// form is an Action that uses what the language has.
func form(t testing.TB, name string) script.Call {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata/forms", name))
	if err != nil {
		t.Fatal(err)
	}
	u := script.NewUnit(name, map[string]string{name: string(text), "lib/mail.ts": mailModule})
	c := source("")
	c.Action, c.Source, c.Modules = u.Name, u.Source, u.Modules
	return c
}

func formNames(t testing.TB) []string {
	t.Helper()
	files, err := filepath.Glob("testdata/forms/*")
	if err != nil || len(files) < 15 {
		t.Fatal(files, err)
	}
	for i := range files {
		files[i] = filepath.Base(files[i])
	}
	return files
}

// ending is all that can be told of how a call went.
type ending struct {
	Result script.Result
	Error  *script.Error
	Asked  []string
}

func endingOf(t testing.TB, p *script.Pool, c script.Call) ending {
	t.Helper()
	h := newHost()
	c.Host = h
	res, err := p.Run(t.Context(), c)
	res.Duration, res.Lines = 0, nil
	e := ending{Result: res, Asked: h.asked}
	if err != nil && !asError(err, &e.Error) {
		t.Fatal(err)
	}
	return e
}

// Whichever program an Action is made into, and however often it is stopped and
// looked into, it does the same, says the same and fails at the same place.
func TestD1_EveryFormDoesTheSameWhoeverLooksOn(t *testing.T) {
	p := newPool(t)
	for _, name := range formNames(t) {
		t.Run(name, func(t *testing.T) {
			c := form(t, name)
			want := endingOf(t, p, c)
			if failing := strings.Contains(name, "throws") || strings.Contains(name, "rejects") || name == "typed.ts"; failing != (want.Error != nil) || failing && want.Error.Line == 0 && name != "throws-text.js" {
				t.Fatalf("%+v", want)
			}
			compare := func(way string, c script.Call) {
				t.Helper()
				if got := endingOf(t, p, c); !reflect.DeepEqual(got, want) {
					a, _ := json.MarshalIndent(got, "", " ")
					b, _ := json.MarshalIndent(want, "", " ")
					t.Errorf("%s:\n%s\nplain:\n%s", way, a, b)
				}
			}
			counted := c
			counted.Cover = true
			compare("counted", counted)
			c.Debug = &script.Debug{Breakpoints: []script.Breakpoint{{Place: script.Place{File: name, Line: 1}, Hits: ">999"}}}
			compare("with lines", c)
			c.Debug = &script.Debug{Breakpoints: []script.Breakpoint{{Place: script.Place{File: name, Line: 1}, Condition: "false"}}}
			compare("with scopes", c)
			c.Debug = &script.Debug{AtEntry: true, OnThrow: true, OnDeny: true, Stopped: stepThrough(t, script.StepInto)}
			compare("step by step", c)
			c.Debug = &script.Debug{AtEntry: true, Stopped: stepThrough(t, script.StepOver)}
			c.Cover = true
			compare("over, and counted", c)
		})
	}
}
