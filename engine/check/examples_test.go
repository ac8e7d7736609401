package check_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/authflow-studio/authflow/engine/block/catalogue"
	"github.com/authflow-studio/authflow/engine/check"
	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/script"
)

// example is a wrong or a right flow or project, from testdata/<code>.
type example struct {
	file, text string
	wrong      bool
	// flow is set where the example is one flow; files where it is a project.
	flow  *flow.Flow
	files []txtar.File
}

// unreading are the rules whose wrong examples are checked with nothing that can
// read an Action.
var unreading = []string{"action_unchecked"}

func examplesOf(t testing.TB, code string) []example {
	t.Helper()
	names, err := fs.Glob(os.DirFS(filepath.Join("testdata", code)), "*")
	if err != nil {
		t.Fatal(err)
	}
	var out []example
	for _, name := range names {
		text, err := os.ReadFile(filepath.Join("testdata", code, name))
		if err != nil {
			t.Fatal(err)
		}
		e := example{file: name, text: string(text), wrong: strings.HasPrefix(name, "bad")}
		if !e.wrong && !strings.HasPrefix(name, "good") {
			t.Errorf("%s/%s is neither bad nor good", code, name)
		}
		if filepath.Ext(name) == ".txtar" {
			e.files = txtar.Parse(text).Files
		} else if e.flow, err = flow.Decode("flows/example.json", text); err != nil {
			t.Errorf("%s/%s: %v", code, name, err)
		}
		out = append(out, e)
	}
	return out
}

// find answers what a checker finds in the example.
func (e *example) find(t testing.TB, c *check.Checker) []check.Problem {
	t.Helper()
	if e.flow != nil {
		return c.Flow(&flow.Project{}, "example", e.flow)
	}
	files := map[string][]byte{}
	for _, f := range e.files {
		files[f.Name] = f.Data
	}
	p, unreadable := flow.Parse(files)
	for _, u := range unreadable {
		t.Errorf("%s: %v", e.file, u)
	}
	found := c.Project(t.Context(), p, unreadable)
	for _, f := range found {
		if _, known := check.RuleOf(f.Code); !known {
			t.Errorf("%s: %s is the code of no rule", e.file, f.Code)
		}
	}
	return found
}

// Each rule finds what is wrong in its wrong examples, and nothing in its right
// ones, in which there is no error of any kind. A rule without examples fails.
func TestK2_EachRuleHasExamples(t *testing.T) {
	pool := script.NewPool(script.Options{Workers: 1})
	defer pool.Close()
	for i := range check.Rules {
		rule := &check.Rules[i]
		t.Run(rule.Code, func(t *testing.T) {
			wrong, right := 0, 0
			for _, e := range examplesOf(t, rule.Code) {
				c := &check.Checker{Catalogue: catalogue.All(), Scripts: pool}
				if e.wrong && slices.Contains(unreading, rule.Code) {
					c.Scripts = nil
				}
				found := e.find(t, c)
				if !e.wrong {
					right++
					mustBeRight(t, rule, e, found)
					continue
				}
				wrong++
				mustBeFound(t, rule, e, found)
			}
			if wrong == 0 || right == 0 {
				t.Errorf("testdata/%s has %d wrong and %d right examples, and needs one of each", rule.Code, wrong, right)
			}
		})
	}
	folders, err := os.ReadDir("testdata")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range folders {
		if _, known := check.RuleOf(f.Name()); !known && f.Name() != "fuzz" {
			t.Errorf("testdata/%s belongs to no rule", f.Name())
		}
	}
}

func mustBeRight(t *testing.T, rule *check.Rule, e example, found []check.Problem) {
	t.Helper()
	for _, p := range found {
		if p.Code == rule.Code || p.Severity == check.Error {
			t.Errorf("%s: %s at %q: %s", e.file, p.Code, p.Block, p.Message)
		}
	}
}

func mustBeFound(t *testing.T, rule *check.Rule, e example, found []check.Problem) {
	t.Helper()
	i := slices.IndexFunc(found, func(p check.Problem) bool { return p.Code == rule.Code })
	if i < 0 {
		t.Errorf("%s: nothing is found among %+v", e.file, found)
		return
	}
	p := found[i]
	if p.Severity != rule.Severity || p.Message == "" || p.Why == "" || p.File == "" && rule.Code != "no_login_flow" {
		t.Errorf("%s: it says too little, or is not as serious as its rule: %+v", e.file, p)
	}
	if p.Fix == nil || e.flow == nil {
		return
	}
	if err := p.Fix.Apply(e.flow); err != nil {
		t.Fatal(err)
	}
	c := &check.Checker{Catalogue: catalogue.All()}
	if again := e.find(t, c); slices.ContainsFunc(again, func(q check.Problem) bool { return q.Code == p.Code && q.Block == p.Block && q.Field == p.Field }) {
		t.Errorf("%s: the fix %q mends nothing", e.file, p.Fix.Title)
	}
}
