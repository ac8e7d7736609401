package dap_test

import (
	"context"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"testing"

	protocol "github.com/google/go-dap"

	"github.com/authflow-studio/authflow/engine/block/catalogue"
	"github.com/authflow-studio/authflow/engine/debug"
	"github.com/authflow-studio/authflow/engine/debug/dap"
)

func TestD6_LargeValuesArePagedAndLongOnesCut(t *testing.T) {
	r := newRig(t, nil)
	c := r.connect()
	c.begin("attach", nil, func() { c.breakpoints(loginFile, args{"line": r.line(loginFile, `"risk": {`)}) })
	_, answer := r.ada()
	thread, frames := c.stopped("breakpoint", loginFile, `"risk": {`)
	top := frames[0].Id
	many := make([]string, 2500)
	for i := range many {
		many[i] = strconv.Itoa(i)
	}
	set := func(expression, value string) *protocol.SetExpressionResponse {
		t.Helper()
		return ask[*protocol.SetExpressionResponse](c, "setExpression", args{"expression": expression, "value": value, "frameId": top})
	}
	if v := set("event.many", "["+strings.Join(many, ",")+"]"); v.Body.IndexedVariables != 2500 {
		t.Errorf("many is %+v", v.Body)
	}
	list := c.variable(c.scope(top, "Event"), "many")
	if !strings.HasPrefix(list.Value, "(2500) [0, 1, 2, 3, …]") {
		t.Errorf("many is shown as %s", list.Value)
	}
	groups := ask[*protocol.VariablesResponse](c, "variables", args{"variablesReference": list.VariablesReference}).Body.Variables
	if len(groups) != 3 || groups[2].Name != "[2000 … 2499]" {
		t.Fatalf("groups %+v", groups)
	}
	if v := c.variable(groups[2].VariablesReference, "2499"); v.Value != "2499" || v.EvaluateName != "event.many[2499]" {
		t.Errorf("the last is %+v", v)
	}
	page := ask[*protocol.VariablesResponse](c, "variables", args{"variablesReference": list.VariablesReference, "filter": "indexed", "start": 1200, "count": 3}).Body.Variables
	if len(page) != 3 || page[0].Name != "1200" {
		t.Errorf("page %+v", page)
	}
	if named := ask[*protocol.VariablesResponse](c, "variables", args{"variablesReference": list.VariablesReference, "filter": "named"}).Body.Variables; len(named) != 0 {
		t.Errorf("%d named", len(named))
	}
	ask[*protocol.SetVariableResponse](c, "setVariable", args{"variablesReference": groups[1].VariablesReference, "name": "1500", "value": `{"a": [true, null]}`})
	if got := c.evaluate(top, "event.many[1500].a[0]", "watch"); got != "true" {
		t.Errorf("the element is %s", got)
	}
	long := strings.Repeat("long ", 1000)
	set("event.long", strconv.Quote(long))
	if got := c.evaluate(top, "event.long", "hover"); len(got) > 1200 || !strings.Contains(got, "5000 bytes") {
		t.Errorf("shown with %d bytes: %.80s", len(got), got)
	}
	if got := c.evaluate(top, "event.long", "clipboard"); got != long {
		t.Errorf("copied with %d bytes", len(got))
	}
	for _, bad := range []string{"step", "nothing.x", "session.user", "1 + 1", "step.risk.score", "event.many[9999]"} {
		c.refused("setExpression", args{"expression": bad, "value": "1", "frameId": top})
	}
	words := c.refused("setVariable", args{"variablesReference": c.scope(top, "Session"), "name": "user_id", "value": "1"})
	if !strings.Contains(words, "cannot be changed") {
		t.Errorf("refused with %q", words)
	}
	c.move("continue", thread)
	<-answer
}

func TestD6_ActionsAreLookedInto(t *testing.T) {
	r := newRig(t, nil)
	r.write(actionFile, strings.Replace(r.read(actionFile), "  let kind", "  let all = Array.from({length: 1500}, (_, i) => i)\n  let text = 'abc'.repeat(2000)\n  let kind", 1))
	r.load()
	c := r.connect()
	c.begin("attach", nil, func() { c.breakpoints(actionFile, args{"line": r.line(actionFile, "let kind")}) })
	_, answer := r.ada()
	thread, frames := c.stopped("breakpoint", actionFile, "let kind")
	top := frames[0].Id
	if !strings.Contains(frames[1].Name, "kind · tag") || frames[1].ModuleId != "flows/tag.json" {
		t.Errorf("frame %+v", frames[1])
	}
	all := c.variable(c.scope(top, "Locals"), "all")
	groups := ask[*protocol.VariablesResponse](c, "variables", args{"variablesReference": all.VariablesReference}).Body.Variables
	if len(groups) != 2 {
		t.Fatalf("groups %+v", groups)
	}
	if v := c.variable(groups[0].VariablesReference, "999"); v.Value != "999" {
		t.Errorf("%+v", v)
	}
	if got := c.evaluate(top, "text", "clipboard"); got != strings.Repeat("abc", 2000) {
		t.Errorf("copied with %d bytes", len(got))
	}
	for _, why := range []string{"watch", "hover"} {
		if words := c.refused("evaluate", args{"expression": "domain = 'x'", "frameId": top, "context": why}); !strings.Contains(words, "debug console") {
			t.Errorf("%s: %q", why, words)
		}
	}
	if v := ask[*protocol.SetExpressionResponse](c, "setExpression", args{"expression": "domain", "value": "'acme.example'", "frameId": top}); v.Body.Value != `"acme.example"` {
		t.Errorf("%+v", v.Body)
	}
	names := func(text string) string {
		t.Helper()
		out := []string{}
		for _, i := range ask[*protocol.CompletionsResponse](c, "completions", args{"frameId": top, "text": text, "column": len(text) + 1}).Body.Targets {
			out = append(out, fmt.Sprintf("%s@%d+%d", i.Label, i.Start, i.Length))
		}
		return strings.Join(out, " ")
	}
	if got := names("1 + dom"); got != "domain@5+3" {
		t.Errorf("completed to %s", got)
	}
	if got := names("event.user.ema"); got != "email@12+3 email_verified@12+3" {
		t.Errorf("completed to %s", got)
	}
	top = frames[1].Id
	if got := names("size(event.user.na"); got != "name@17+2" {
		t.Errorf("completed to %s", got)
	}
	c.move("continue", thread)
	<-answer
	if v := r.d.Runs()[0]; v.Outcome == nil || v.Outcome.Reason != "second_factor_failed" {
		t.Errorf("the changed variable came to %+v", v.Outcome)
	}
}

func TestD6_SourcesModulesAndPlaces(t *testing.T) {
	r := newRig(t, nil)
	c := r.connect()
	ask[*protocol.InitializeResponse](c, "initialize", args{"adapterID": "authflow", "linesStartAt1": false, "columnsStartAt1": false, "pathFormat": "uri"})
	ask[*protocol.AttachResponse](c, "attach", nil)
	uri := func(file string) string { return (&url.URL{Scheme: "file", Path: r.file(file)}).String() }
	sources := ask[*protocol.LoadedSourcesResponse](c, "loadedSources", nil).Body.Sources
	paths := []string{}
	for _, s := range sources {
		paths = append(paths, s.Path)
	}
	for _, want := range []string{uri(loginFile), uri(actionFile), uri("pages/sign_in.html")} {
		if !strings.Contains(strings.Join(paths, " "), want) {
			t.Errorf("%s is not among %v", want, paths)
		}
	}
	if got := ask[*protocol.SourceResponse](c, "source", args{"source": args{"path": uri(actionFile)}}).Body.Content; got != r.read(actionFile) {
		t.Errorf("the Action is %s", got)
	}
	all := ask[*protocol.ModulesResponse](c, "modules", nil).Body
	if len(all.Modules) != all.TotalModules || all.Modules[0].Id != actionFile {
		t.Errorf("modules %+v", all)
	}
	if some := ask[*protocol.ModulesResponse](c, "modules", args{"startModule": 1, "moduleCount": 2}).Body; len(some.Modules) != 2 || some.Modules[0].Id != all.Modules[1].Id {
		t.Errorf("modules %+v", some)
	}
	at := func(file string, from, to int) string {
		t.Helper()
		out := []string{}
		for _, l := range ask[*protocol.BreakpointLocationsResponse](c, "breakpointLocations", args{"source": args{"path": uri(file)}, "line": from, "endLine": to}).Body.Breakpoints {
			out = append(out, fmt.Sprintf("%d:%d", l.Line, l.Column))
		}
		return strings.Join(out, " ")
	}
	find := r.line(loginFile, `"find_user": {`) - 1
	if got, want := at(loginFile, find, find+9), fmt.Sprintf("%d:4 %d:8 %d:8", find, find+7, find+8); got != want {
		t.Errorf("one can stop at %s, want %s", got, want)
	}
	domain := r.line(actionFile, "let domain") - 1
	if got, want := at(actionFile, domain, domain+1), fmt.Sprintf("%d:2 %d:2", domain, domain+1); !strings.HasPrefix(got, want) {
		t.Errorf("one can stop at %s, want %s", got, want)
	}
	b := ask[*protocol.SetBreakpointsResponse](c, "setBreakpoints", args{"source": args{"path": uri(loginFile)}, "breakpoints": []args{{"line": find + 2}}}).Body.Breakpoints[0]
	if b.Line != find || !b.Verified {
		t.Errorf("breakpoint %+v", b)
	}
}

// A recorded run is replayed under the editor; nothing is performed.
func TestD6_ARecordedRunIsReplayed(t *testing.T) {
	var r *rig
	var recorded debug.Recorded
	r = newRig(t, func(o *dap.Options) {
		o.Replay = func(context.Context, string) error { _, err := r.d.Replay(recorded); return err }
	})
	_, answer := r.ada()
	<-answer
	entries, err := r.harness.Engine().JournalOf(t.Context(), r.d.Runs()[0].ID)
	r.do(err)
	recorded = debug.Recorded{Journal: entries, Project: r.project.Load(), Catalogue: catalogue.All(), Scripts: r.pool}
	c := r.connect()
	c.begin("launch", args{"journal": "run.json"}, func() { c.breakpoints(actionFile, args{"line": r.line(actionFile, "let kind")}) })
	thread, _ := c.stopped("entry", loginFile, `"sign_in": {`)
	c.move("continue", thread)
	_, frames := c.stopped("breakpoint", actionFile, "let kind")
	if got := c.evaluate(frames[0].Id, "domain", "hover"); got != `"example.com"` {
		t.Errorf("the domain was %s", got)
	}
	if words := c.refused("setExpression", args{"expression": "domain", "value": "1", "frameId": frames[0].Id}); !strings.Contains(words, "replay") {
		t.Errorf("refused with %q", words)
	}
	c.move("stepBack", thread)
	c.stopped("step", actionFile, "let corporate")
	c.move("continue", thread)
	c.stopped("breakpoint", actionFile, "let kind")
	c.move("continue", thread)
	event(c, func(e *protocol.ThreadEvent) bool { return e.Body.Reason == "exited" })
}
