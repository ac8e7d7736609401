package agama_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/authflow-studio/authflow/engine/block/catalogue"
	"github.com/authflow-studio/authflow/engine/check"
	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/script"
	"github.com/authflow-studio/authflow/projects"
	"github.com/authflow-studio/authflow/projects/agama"
)

func TestMain(m *testing.M) {
	script.ServeWorkerIfAsked()
	os.Exit(m.Run())
}

func pool(t testing.TB) *script.Pool {
	p := script.NewPool(script.Options{Workers: 1})
	t.Cleanup(func() { _ = p.Close() })
	return p
}

const form = `<form method="post"><input name="user"><input name="secret" type="password"><input name="code"><button name="resend">Again</button></form>`

// imported is the project of a flow, with a page for each RRF of page.ftlh.
func imported(t testing.TB, body string) (*flow.Project, *agama.Report, []check.Problem) {
	t.Helper()
	head := "Flow org.example.It\n    Basepath \"\"\n    Configs conf\n    Inputs who\n\n"
	dir := filepath.Join(t.TempDir(), "out")
	name := archive(t.(*testing.T), [][2]string{{"code/it.flow", head + body}, {"code/sub.flow", "Flow org.example.Sub\n    Basepath \"\"\n    Inputs a b\nd = { success: true, data: { userId: a, more: b } }\nFinish d\n"}, {"web/page.ftlh", form}}, nil)
	r, err := agama.Import(name, dir, agama.Options{Login: "org.example.It"})
	if err != nil {
		t.Fatal(err)
	}
	p, err := projects.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	project, unreadable := p.Load()
	if len(unreadable) > 0 {
		t.Fatal(unreadable[0])
	}
	return project, r, (&check.Checker{Catalogue: catalogue.All(), Scripts: pool(t)}).Project(context.Background(), project, nil)
}

// Whatever a flow says, the project that it becomes has no errors: what cannot be
// carried over refuses.
func TestImport_EveryStatementPassesTheCheck(t *testing.T) {
	for name, body := range map[string]string{
		"nothing":                     "Finish true\n",
		"no end":                      "x = 1\n",
		"a name":                      "Finish \"ada\"\n",
		"a map":                       "m = { success: who, data: { userId: who, n: -1.5, l: [ 1, null ] }, error: \"e\" }\nFinish m\n",
		"a computed end":              "x = Call a.B#c\nFinish x\n",
		"what was typed":              "x = RRF \"page.ftlh\"\nFinish x.user\n",
		"what cannot end":             "x = [ 1 ]\nFinish x\n",
		"a password that is compared": "x = RRF \"page.ftlh\"\nWhen x.secret is \"open\"\n    Finish x.user\nFinish false\n",
		"a password in a call":        "x = RRF \"page.ftlh\"\nr = Call a.B#store x.user x.secret\nFinish r\n",
		"a password to a flow":        "x = RRF \"page.ftlh\"\nr = Trigger org.example.Sub x.user x.secret\nFinish r\n",
		"a whole form":                "x = RRF \"page.ftlh\"\nr = Call a.B#authenticate x\nWhen r is null\n    Finish false\nFinish r.uid\n",
		"a whole form, kept":          "x = RRF \"page.ftlh\"\nx.more = 1\nr = Call a.B#keep x\nr = Trigger org.example.Sub x r\nFinish r\n",
		"a verdict":                   "x = RRF \"page.ftlh\"\nr = Call a.B#check x.user x.secret\nFinish r\n",
		"dynamic keys":                "m = { a: 1 }\nk = \"a\"\ny = m.$k\nz = m.$who\nl = [ 1, 2 ]\nq = l[1]\nn = l.length\nw = who.length\nr = Call a.B#c y z q n w l[7] l[who]\nFinish true\n",
		"dynamic writing":             "m = { a: 1 }\nm.$who = 2\nFinish true\n",
		"objects":                     "o = Call a.B#new who\nx = Call o first 1\ny = Call o second x\nWhen o is null\n    Finish false\nr = Call a.C#take o\nFinish y\n",
		"an object alone":             "o = Call a.B#new who\nx = Call o first 1\nFinish true\n",
		"an error that is read":       "x | E = Call a.B#c\nWhen E is not null\n    m = { success: false, error: E.message }\n    Finish m\nFinish x\n",
		"an error that is not":        "x | E = Call a.B#c\nFinish x\n",
		"an error of a flow":          "x | E = Trigger org.example.Sub 1 2\nWhen E is null\n    Finish x\nFinish false\n",
		"a flow that is not there":    "x = Trigger org.example.Gone who 1\nWhen x.aborted is true\n    Finish false\nFinish x\n",
		"a computed flow":             "f = \"org.example.Sub\"\nx = Trigger $f who null\ny = Trigger $who 1 2\nFinish x\n",
		"too many inputs":             "x = Trigger org.example.Sub 1 2 3\nFinish x.data.more\n",
		"nested loops":                "Repeat 3 times max\n    Iterate over conf.list using item\n        x = RRF \"page.ftlh\" item\n        Quit When x.code is item\n        last = item\n    Quit When last is \"z\"\n    n = Repeat who times max\n        y = Call a.B#c idx[0] idx[1] last n\n        Quit When y is true\n        last = y\nFinish last\n",
		"a loop over a map":           "m = { a: 1, b: 2 }\nIterate over m using k\n    r = Call a.B#c k m.$k\nIterate over r using k\n    s = Call a.B#d k\nFinish true\n",
		"matching":                    "x = RRF \"page.ftlh\"\nMatch x.code to\n    1\n        y = 1\n    -who\n        y = 2\n    null\n        y = x\n    \"default\"\n        Finish false\n    x.user\n        y = 3\nOtherwise\n    y = 4\nr = Call a.B#c y\nFinish y\n",
		"and, or, not":                "x = RRF \"page.ftlh\"\nWhen x.user is \"a\" and x.code is not \"b\" or who is null\n    y = { k: x.user }\nOtherwise\n    y = { k: null, l: 1 }\nWhen y.k is null or y.l is 1\n    Finish false\nFinish y.k\n",
		"after the end":               "Finish false\nx = 1\nFinish true\n",
		"the third parameter":         "x = RRF \"page.ftlh\" who true\nRFAC \"https://else.example/a\"\ny = RFAC conf.address\nFinish y.user\n",
		"reserved names":              "in = { loop: 1 }\nstep = in.loop\nevent = Call a.B#function in step\nFinish event\n",
		"odd texts":                   "x = \"{{ who }} \\u0022 ` </script>\"\nm = { success: false, error: x }\nr = Call a.B#c x\nFinish m\n",
		"itself":                      "x = Trigger org.example.Sub 1 2\nx = Trigger org.example.Sub x.data.more x.error\nx.data = { userId: \"a\" }\nFinish x\n",
		"configuration":               "r = Call a.B#c conf conf.apiSecret conf.n\nWhen conf.apiSecret is \"x\"\n    Finish false\nz = RRF \"page.ftlh\" conf\nFinish true\n",
	} {
		t.Run(name, func(t *testing.T) {
			_, r, problems := imported(t, body)
			for _, p := range problems {
				if p.Severity == check.Error {
					t.Errorf("%s %s/%s.%s: %s [%s]", p.File, p.Flow, p.Block, p.Field, p.Message, p.Code)
				}
			}
			for _, e := range r.Entries {
				if e.What == "" || e.File == "" || e.Kind == agama.Todo && e.Do == "" {
					t.Errorf("an entry says too little: %+v", e)
				}
			}
		})
	}
}

// A session is issued only where one of our blocks has seen a proof; whatever
// else the source says refuses.
func TestImport_NobodyIsSignedInWithoutAProof(t *testing.T) {
	for name, c := range map[string]struct {
		body   string
		issues bool
	}{
		"a name that is written":      {"Finish \"ada\"\n", false},
		"foreign code says so":        {"x = RRF \"page.ftlh\"\nu = Call a.B#find x.user\nFinish u\n", false},
		"a password was checked":      {"x = RRF \"page.ftlh\"\nr = Call a.B#check x.user x.secret\nWhen r is true\n    Finish x.user\nFinish false\n", true},
		"the other way round":         {"x = RRF \"page.ftlh\"\nr = Call a.B#check x.user x.secret\nWhen r is false\n    Finish x.user\nFinish false\n", false},
		"a word of the source's own":  {"x = RRF \"page.ftlh\"\nr = Call a.B#check x.user x.secret\nWhen r is not \"LOCKED\"\n    Finish x.user\nFinish false\n", false},
		"it was checked on one way":   {"x = RRF \"page.ftlh\"\nWhen x.code is null\n    r = Call a.B#check x.user x.secret\nWhen r is false\n    Finish false\nFinish x.user\n", false},
		"another flow names somebody": {"r = Trigger org.example.Sub who 1\nFinish r\n", false},
	} {
		t.Run(name, func(t *testing.T) {
			p, r, _ := imported(t, c.body)
			issues := false
			for _, b := range p.Flows["login"].Blocks {
				issues = issues || b.Type == "issue_session"
			}
			if issues != c.issues {
				t.Errorf("a session is issued: %v, want %v", issues, c.issues)
			}
			if !c.issues && r.Count(agama.Todo) == 0 {
				t.Errorf("nothing says what to do: %v", r.Entries)
			}
		})
	}
}

// Actions that stand in for foreign code throw, and say which code.
func TestImport_ActionsRefuse(t *testing.T) {
	p, r, _ := imported(t, "x | E = Call org.other.Thing#doIt who 3 true\nWhen E is null\n    Finish x.name\nFinish false\n")
	source := p.Actions["thing_do_it.js"]
	for _, want := range []string{"throw new Error(", "org.other.Thing#doIt", "@config {text} [who]", "@config {number} [arg2]", "@config {boolean} [arg3]", "@port failed", "the flow reads name", "x | E = Call org.other.Thing#doIt who 3 true"} {
		if !strings.Contains(source, want) {
			t.Errorf("%q is missing in\n%s", want, source)
		}
	}
	if h, issues := script.ReadHeader(source); len(issues) > 0 || len(h.Config) != 3 || len(h.Ports) != 1 {
		t.Errorf("the header: %+v %v", h, issues)
	}
	if len(r.Actions) != 1 {
		t.Errorf("Actions: %v", r.Actions)
	}
}

// What is written again and again into itself grows no further than a person can
// read, and is imported in a moment.
func TestImport_ValuesDoNotGrowWithoutEnd(t *testing.T) {
	for name, c := range map[string]string{
		"in a list":     strings.Repeat("x = [ x, x ]\n", 200),
		"in a map":      strings.Repeat("x = { a: x, b: x }\n", 200),
		"by conditions": "x = who\n" + strings.Repeat("When x is \"a\"\n    x = who\n    y = x\nWhen y is x\n    y = [ x, y ]\n", 100),
		"by matching":   strings.Repeat("Match x to\n    1\n        x = 2\n    who\n        x = { a: x }\n", 60),
		"in loops":      strings.Repeat("Repeat 2 times max\n    x = [ x, x, idx[0] ]\n    Quit When x is y\n    y = { a: y, b: x }\n", 60),
		"in parts":      strings.Repeat("x.a = { b: x.a, c: x }\nx.d = x.a\n", 100),
	} {
		p, _, problems := imported(t, "x = null\ny = null\n"+c+"r = Call a.B#c x y\nFinish false\n")
		for _, problem := range problems {
			if problem.Severity == check.Error {
				t.Errorf("%s: %s %s: %s", name, problem.Block, problem.Code, problem.Message)
				break
			}
		}
		text, err := flow.Encode(p.Flows["login"])
		if err != nil || len(text) > 1<<20 {
			t.Errorf("%s: the flow has %d bytes: %v", name, len(text), err)
		}
	}
}

// What sends people where somebody from outside says is an error of the check,
// and stands in the list.
func TestImport_OpenRedirectsAreTold(t *testing.T) {
	_, r, problems := imported(t, "x = RRF \"page.ftlh\"\ny = RFAC x.code\nFinish false\n")
	if r.Count(agama.Todo) != 1 || !strings.Contains(r.Entries[0].What, "open_redirect") {
		t.Errorf("entries: %+v", r.Entries)
	}
	if len(problems) == 0 || problems[0].Code != "open_redirect" {
		t.Errorf("problems: %+v", problems)
	}
}
