package run_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/run"
)

// flows makes a project of several flows: name → start and blocks as JSON; the
// first is the login flow, the others are custom and subflow-only.
func flows(t *testing.T, login string, others map[string]string) *flow.Project {
	t.Helper()
	more := map[string]string{}
	for slug, blocks := range others {
		head, blocks, _ := strings.Cut(blocks, "|")
		more[flow.FlowPath(slug)] = fmt.Sprintf(`{"format":1,"name":%q,"trigger":"custom","stages":["one"],"enabled":true,"subflow_only":true,%s"start":"a","blocks":{%s}}`, slug, head, blocks)
	}
	return projectWith(t, more, "a", login)
}

const finishes = `"good":{"type":"finish","stage":"post_login","config":{"data":{"from":"parent"}}},"bad":{"type":"deny","stage":"post_login","config":{"reason":"sub_failed"}},"gone":{"type":"deny","stage":"post_login","config":{"reason":"sub_aborted"}}`

func calls(slug, more string) string {
	return fmt.Sprintf(`"a":{"type":"run_flow","stage":"pre_login","config":{"flow":%q%s},"next":{"success":"good","failure":"bad","aborted":"gone"}},`, slug, more) + finishes
}

func TestC1_AFlowRunsInTheSameRunAndGoesOnByPort(t *testing.T) {
	for sub, want := range map[string]string{
		`|"a":{"type":"finish","stage":"one","config":{"data":{"x":"{{ input.who }}"}}}`:                         "finished",
		`|"a":{"type":"allow","stage":"one"}`:                                                                    "finished",
		`|"a":{"type":"deny","stage":"one","config":{"reason":"no"}}`:                                            "sub_failed",
		`|"a":{"type":"finish","stage":"one","config":{"success":false,"error":"e"}}`:                            "sub_failed",
		`|"a":{"type":"set_value","stage":"one","config":{"values":{"x":"{{ event.no }}"}},"next":{"next":"a"}}`: "expression",
	} {
		sub = strings.Replace(sub, "input.who", "has(input.who)", 1)
		stop := newRig(t).start(flows(t, calls("sub", ""), map[string]string{"sub": sub}))
		if s := stop.State; s.Status != run.Ended || s.End.Reason != want {
			t.Errorf("%s: %s, failure %v", sub, s.End.Reason, s.Failure)
		}
	}
}

func TestC1_ANameMayBeComputedAndNoFlowRunsItself(t *testing.T) {
	r := newRig(t)
	p := flows(t, calls("{{ 's' + 'ub' }}", ""), map[string]string{"sub": `|"a":{"type":"allow","stage":"one"}`})
	if s := r.start(p).State; !s.End.Success {
		t.Errorf("a computed name: %+v", s.Failure)
	}
	circle := flows(t, calls("sub", ""), map[string]string{"sub": `|"a":{"type":"run_flow","stage":"one","config":{"flow":"login"},"next":{"success":"x","failure":"x","aborted":"x"}},"x":{"type":"allow","stage":"one"}`})
	if s := r.start(circle).State; s.End.Success || s.Failure.Code != "circular_flow" {
		t.Errorf("a circle: %+v", s.Failure)
	}
	missing := flows(t, calls("nothing", ""), nil)
	if s := r.start(missing).State; s.Failure == nil || s.Failure.Code != "no_flow" {
		t.Errorf("a flow that is not there: %+v", s.Failure)
	}
}

func TestC2_TheResultIsSuccessDataError(t *testing.T) {
	login := strings.Replace(calls("sub", ""), `"data":{"from":"parent"}`, `"data":{"got":"{{ step.a.data.x }}","ok":"{{ step.a.success }}"}`, 1)
	s := newRig(t).start(flows(t, login, map[string]string{"sub": `|"a":{"type":"finish","stage":"one","config":{"data":{"x":"{{ 6 * 7 }}"}}}`})).State
	if got := fmt.Sprint(s.End.Data["got"]); got != "42" || s.End.Data["ok"] != true {
		t.Errorf("data %v", s.End.Data)
	}
	if s.End.UserID != "" || s.Subject.UserID != "" {
		t.Error("finishing without an identity has authenticated somebody")
	}
}

func TestC2_AnIdentityMustHaveBeenProven(t *testing.T) {
	s := newRig(t).start(flows(t, calls("sub", ""), map[string]string{"sub": `|"a":{"type":"finish","stage":"one","config":{"identity":true}}`})).State
	if s.End.Success || s.Failure == nil || s.Failure.Code != "not_authenticated" {
		t.Errorf("end %+v, failure %v", s.End, s.Failure)
	}
}

func TestG8_InputsAreNamedAndNeeded(t *testing.T) {
	sub := map[string]string{"sub": `"inputs":{"user":{"type":"string","required":true},"hint":{"type":"string"}},|"a":{"type":"finish","stage":"one","config":{"data":{"u":"{{ input.user }}"}}}`}
	for inputs, want := range map[string]string{
		`,"inputs":{"user":"ada"}`:              "finished",
		`,"inputs":{"user":"ada","hint":"x"}`:   "finished",
		`,"inputs":{"user":"ada","colour":"x"}`: "unknown_input",
		`,"inputs":{"hint":"x"}`:                "missing_input",
		``:                                      "missing_input",
	} {
		if s := newRig(t).start(flows(t, calls("sub", inputs), sub)).State; s.End.Reason != want {
			t.Errorf("%s: %s", inputs, s.End.Reason)
		}
	}
}

func page(id, template, next string) string {
	return fmt.Sprintf(`%q:{"type":"page","stage":"one","config":{"template":%q},"next":{"submitted":%q}},`, id, template, next)
}

// three are flows three deep: login runs b, which runs c, whose page is
// overridden twice (scenario 22).
func three(t *testing.T, inB, inLogin string) *flow.Project {
	return flows(t, calls("b", inLogin), map[string]string{
		"b": `|"a":{"type":"run_flow","stage":"one","config":{"flow":"c"` + inB + `},"next":{"success":"ran_on","failure":"ran_on","aborted":"b_aborted"}},
			"ran_on":{"type":"finish","stage":"one"},"b_aborted":{"type":"finish","stage":"one","config":{"success":false,"error":"in b"}}`,
		"c": "|" + page("a", "c/code.html", "done") + `"done":{"type":"finish","stage":"one"}`,
	})
}

const (
	byB     = `,"override_pages":[{"page":"c/code.html","with":"b/code.html"}]`
	byLogin = `,"override_pages":[{"page":"b/code.html","with":"login/code.html"}]`
)

func TestC3_OverridesAreLookedUpFromTheInnermostOutwards(t *testing.T) {
	for _, c := range []struct{ inB, inLogin, want string }{
		{"", "", "c/code.html"}, {byB, "", "b/code.html"}, {byB, byLogin, "login/code.html"}, {"", byLogin, "c/code.html"},
		{"", `,"override_pages":[{"page":"c/code.html","with":"login/code.html"}]`, "login/code.html"},
	} {
		s := newRig(t).start(three(t, c.inB, c.inLogin)).State
		if s.Status != run.Waiting || s.Page.Template != c.want {
			t.Errorf("%s %s: %+v", c.inB, c.inLogin, s.Page)
		}
	}
}

func TestC5_ACancellationBubblesUpToTheOwnerOfThePage(t *testing.T) {
	for _, c := range []struct{ inB, inLogin, reason, path string }{
		{byB, byLogin, "sub_aborted", "a: a: a: a:aborted gone:"},               // login's page: b runs nothing more
		{byB, "", "sub_failed", "a: a: a: a:aborted b_aborted: a:failure bad:"}, // b's page
		{"", "", "aborted", "a: a: a:"},                                         // nobody's: the run ends
	} {
		r := newRig(t)
		w := &watcher{}
		r.engine.Hook = w
		stop := r.start(three(t, c.inB, c.inLogin))
		done, err := r.submit(r.engine, stop, stop.Key, run.Input{Abort: true, Fields: map[string]any{"why": "no sms"}})
		if err != nil {
			t.Fatal(err)
		}
		if s := done.State; s.End == nil || s.End.Success || s.End.Reason != c.reason {
			t.Errorf("%s: end %+v", c.reason, s.End)
		}
		if got := strings.Join(w.path, " "); got != c.path {
			t.Errorf("%s: path %q, want %q", c.reason, got, c.path)
		}
		if c.reason == "sub_aborted" {
			out := done.State.Frames[0].Steps["a"].(map[string]any)
			if out["aborted"] != true || out["url"] != "login/code" || out["data"].(map[string]any)["why"] != "no sms" {
				t.Errorf("result %v", out)
			}
		}
	}
}

func TestC6_ACancelledFlowCannotBeResumed(t *testing.T) {
	r := newRig(t)
	login := strings.Replace(calls("c", `,"override_pages":[{"page":"c/code.html","with":"mine.html"}]`), `"aborted":"gone"`, `"aborted":"other"`, 1) +
		`,"other":{"type":"page","stage":"post_login","config":{"template":"other.html"},"next":{"submitted":"good"}}`
	stop := r.start(flows(t, login, map[string]string{"c": "|" + page("a", "c/code.html", "done") + `"done":{"type":"finish","stage":"one"}`}))
	after, err := r.submit(r.engine, stop, stop.Key, run.Input{Abort: true})
	if err != nil || after.State.Status != run.Waiting || len(after.State.Frames) != 1 {
		t.Fatal(err, after.State.Status)
	}
	if _, err := r.submit(r.engine, stop, stop.Key, run.Input{}); err == nil {
		t.Error("the cancelled flow's page was taken")
	}
}

func TestX6_ASubflowSpendsItsParentsBudget(t *testing.T) {
	sub := `|"a":{"type":"repeat","stage":"one","config":{"times":1000},"next":{"again":"b","done":"c"}},"b":{"type":"set_value","stage":"one","config":{"values":{"x":"1"}},"next":{"next":"a"}},"c":{"type":"allow","stage":"one"}`
	s := newRig(t).start(flows(t, calls("sub", ""), map[string]string{"sub": sub})).State
	if s.Failure == nil || s.Failure.Code != "budget_blocks" || s.Failure.Flow != "sub" {
		t.Errorf("failure %+v", s.Failure)
	}
}

func TestN7_APageOutsideThePagesFolderIsAnError(t *testing.T) {
	for _, template := range []string{"../secret.html", "/etc/passwd", "a/../../b.html", "a\\b.html", "a.html?x=1"} {
		p := project(t, "a", fmt.Sprintf(`"a":{"type":"page","stage":"pre_login","config":{"template":%q},"next":{"submitted":"b"}},"b":{"type":"allow","stage":"pre_login"}`, template))
		if s := newRig(t).start(p).State; s.Status != run.Ended || s.Failure == nil || s.Failure.Code != "page_outside" {
			t.Errorf("%s: %s", template, s.Status)
		}
	}
}

// A run three flows deep, cancelled, replays from its journal.
func TestX4_FlowsInFlowsReplay(t *testing.T) {
	r := newRig(t)
	p := three(t, byB, byLogin)
	stop := r.start(p)
	done, err := r.submit(r.engine, stop, stop.Key, run.Input{Abort: true, Fields: map[string]any{"why": "x"}})
	if err != nil {
		t.Fatal(err)
	}
	journal, err := r.engine.JournalOf(context.Background(), stop.State.ID)
	if err != nil {
		t.Fatal(err)
	}
	m := &run.Machine{Catalogue: r.engine.Catalogue, Project: p, Budgets: p.Settings.WithDefaults().Budgets}
	replayed, err := run.Replay(context.Background(), m, nil, journal)
	if err != nil {
		t.Fatal(err)
	}
	live := *done.State
	live.Key = ""
	if a, b := encode(t, &live), encode(t, replayed); string(a) != string(b) {
		t.Errorf("live     %s\nreplayed %s", a, b)
	}
}

func TestLoopsCountAndMatchMatches(t *testing.T) {
	for blocks, want := range map[string]string{
		`"a":{"type":"repeat","stage":"pre_login","config":{"times":3},"next":{"again":"n","done":"z"}},"n":{"type":"set_value","stage":"pre_login","config":{"values":{"x":"{{ step.a.round }}"}},"next":{"next":"a"}},"z":{"type":"finish","stage":"pre_login","config":{"data":{"r":"{{ string(step.a.round) + '/' + string(step.n.x) }}"}}}`: "3/3",
		`"a":{"type":"for_each","stage":"pre_login","config":{"list":"['x','y']"},"next":{"again":"n","done":"z"}},"n":{"type":"set_value","stage":"pre_login","config":{"values":{"x":"{{ step.a.item }}"}},"next":{"next":"a"}},"z":{"type":"finish","stage":"pre_login","config":{"data":{"r":"{{ step.n.x + string(step.a.index) }}"}}}`:     "y2",
		`"a":{"type":"match","stage":"pre_login","config":{"value":"1 + 1","options":[{"port":"two","is":"2"},{"port":"three","is":"3"}]},"next":{"two":"z","three":"no","default":"no"}},"z":{"type":"finish","stage":"pre_login","config":{"data":{"r":"{{ step.a.matched }}"}}},"no":{"type":"deny","stage":"pre_login"}`:                     "two",
	} {
		s := newRig(t).start(project(t, "a", blocks)).State
		if s.Failure != nil || s.End.Data["r"] != want {
			t.Errorf("%s: %v, %v", want, s.End, s.Failure)
		}
	}
}
