package studio_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const corporate = `/**
 * Says what kind of account it is.
 *
 * @title Corporate or personal
 * @config {list} [domains=acme.example] - mail domains of the company
 * @port outside - not of the company
 * @output {string} kind - corporate or personal
 */
import { domainOf } from './lib/mail'

export default async function (event: Authflow.Event, step: Authflow.Step, api: Authflow.Api) {
  if (!event.user) return api.deny('no_user', { user_message: 'Who are you?' })
  const mine = api.config.domains.includes(domainOf(event.user.email))
  api.log('info', 'looked', { mine })
  api.state.set('kind', mine ? 'corporate' : 'personal')
  if (!mine) api.leave('outside')
}
`

// newFile makes a file of the project as the dialog of the studio does.
func (r *rig) newFile(path, text string) {
	r.t.Helper()
	made := r.object("file.create", map[string]any{"path": path})
	r.call("file.save", map[string]any{"path": path, "text": text, "base": made["revision"]})
}

func (r *rig) actions() map[string]map[string]any {
	r.t.Helper()
	out := map[string]map[string]any{}
	for _, a := range r.object("project.current", nil)["actions"].([]any) {
		m := a.(map[string]any)
		out[m["path"].(string)] = m
	}
	return out
}

func TestTheProjectListsActionsWithTheirHeaders(t *testing.T) {
	r := newRig(t)
	r.newFile("actions/corporate.ts", corporate)
	r.newFile("actions/lib/mail.ts", "/** @title No Action */\nexport const domainOf = (mail: string) => mail.split('@').pop() ?? ''\n")
	r.newFile("actions/lib/names.json", "[]")
	list := r.actions()
	a := list["actions/corporate.ts"]
	if a["title"] != "Corporate or personal" || a["summary"] != "Says what kind of account it is." || a["runs"] != true {
		t.Errorf("the Action is %v", a)
	}
	field := a["fields"].([]any)[0].(map[string]any)
	if field["kind"] != "strings" || field["name"] != "domains" || field["default"].([]any)[0] != "acme.example" {
		t.Errorf("its form is %v", field)
	}
	if p := a["ports"].([]any)[0].(map[string]any); p["name"] != "outside" {
		t.Errorf("its ports are %v", a["ports"])
	}
	for _, name := range []string{"actions/lib/mail.ts", "actions/lib/names.json"} {
		if m := list[name]; m["runs"] != false || m["title"] != nil {
			t.Errorf("%s is %v", name, m)
		}
	}
}

func TestA1_TheEditorGetsTypesAndModules(t *testing.T) {
	r := newRig(t)
	r.newFile("actions/corporate.ts", corporate)
	r.newFile("actions/lib/mail.ts", "export const domainOf = (mail: string) => mail\n")
	got := r.object("actions.types", map[string]any{"action": "corporate.ts"})
	types := got["declarations"].(string)
	for _, want := range []string{"interface Event", "readonly domains: readonly string[]", `"outside"`} {
		if !strings.Contains(types, want) {
			t.Errorf("the declarations have no %q:\n%s", want, types)
		}
	}
	modules := got["modules"].(map[string]any)
	if _, ok := modules["lib/mail.ts"]; !ok || len(modules) != 1 {
		t.Errorf("modules %v", modules)
	}
}

func TestAnActionIsTriedAsItStandsInTheEditor(t *testing.T) {
	r := newRig(t)
	r.newFile("actions/corporate.ts", corporate)
	r.newFile("actions/lib/mail.ts", "export const domainOf = (mail: string) => mail.split('@').pop() ?? ''\n")
	events := map[string]any{}
	list := r.call("actions.events", map[string]any{"action": "corporate.ts"}).([]any)
	for _, e := range list {
		events[e.(map[string]any)["id"].(string)] = e.(map[string]any)["event"]
	}
	try := func(event string, more map[string]any) map[string]any {
		arg := map[string]any{"action": "corporate.ts", "event": events[event], "step": map[string]any{}, "config": map[string]any{}}
		for k, v := range more {
			arg[k] = v
		}
		return r.object("actions.try", arg)
	}
	if got := try("corporate", nil); got["outcome"] != "next" || got["result"].(map[string]any)["outputs"].(map[string]any)["kind"] != "corporate" {
		t.Errorf("corporate: %v", got)
	}
	if got := try("us_user", nil); got["outcome"] != "outside" {
		t.Errorf("us_user: %v", got)
	}
	if got := try("us_user", map[string]any{"config": map[string]any{"domains": []string{"example.com"}}}); got["outcome"] != "next" {
		t.Errorf("us_user with another setting: %v", got)
	}
	if got := try("machine", nil); got["outcome"] != "denied" {
		t.Errorf("machine: %v", got)
	}
	unsaved := strings.Replace(corporate, "api.log('info', 'looked', { mine })", "throw new Error('unsaved')", 1)
	got := try("us_user", map[string]any{"source": unsaved})
	failure, _ := got["error"].(map[string]any)
	if got["outcome"] != "error" || failure["line"] != 14.0 {
		t.Errorf("unsaved: %v", got)
	}
	saved, err := os.ReadFile(filepath.Join(r.dir, "actions", "corporate.ts"))
	if err != nil || string(saved) != corporate {
		t.Errorf("trying wrote the file: %v %s", err, saved)
	}
}

// What a run knew when it came to an Action is there to try the Action on.
func TestTheLastRunIsAnEventToTryOn(t *testing.T) {
	r := newRig(t)
	r.call("debug.set_breakpoint", map[string]any{"flow": "login", "block": "account_kind", "enabled": true})
	r.call("run.start", map[string]any{"flow": "login"})
	page := r.until("browser", loaded("/fl/sign_in"))
	r.submit(page, map[string]string{"identifier": "ada@example.com", "password": "analytical-engine"})
	r.until("run", func(p map[string]any) bool { return p["status"] == "paused" })
	first := r.call("actions.events", map[string]any{"action": "account_kind.js"}).([]any)[0].(map[string]any)
	if first["id"] != "run" {
		t.Fatalf("the first event is %v", first["id"])
	}
	user := first["event"].(map[string]any)["user"].(map[string]any)
	step := first["step"].(map[string]any)
	if user["email"] != "ada@example.com" || step["risk"] == nil {
		t.Errorf("event %v, step %v", user, step)
	}
	if _, own := step["account_kind"]; own {
		t.Error("the block itself is among the steps before it")
	}
}

func TestANewActionIsATemplateThatRuns(t *testing.T) {
	r := newRig(t)
	for _, path := range []string{"actions/check_address.ts", "actions/check_address_2.js"} {
		made := r.object("file.create", map[string]any{"path": path})
		if !strings.Contains(made["text"].(string), "@title Check address") {
			t.Errorf("%s begins with %s", path, made["text"])
		}
		event := map[string]any{"user": map[string]any{"email": "ada@example.com", "email_verified": false}}
		got := r.object("actions.try", map[string]any{"action": strings.TrimPrefix(path, "actions/"), "event": event, "config": map[string]any{"strict": false}})
		if got["outcome"] != "unverified" || got["problem"] != nil {
			t.Errorf("%s: %v", path, got)
		}
	}
	problems, _ := r.call("problems.list", nil).([]any)
	for _, p := range problems {
		if f, _ := p.(map[string]any)["file"].(string); strings.HasPrefix(f, "actions/check_address") {
			t.Errorf("a new Action has a problem: %v", p)
		}
	}
}
