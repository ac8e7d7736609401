package studio_test

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/authflow-studio/authflow/app/studio"
	"github.com/authflow-studio/authflow/engine/script"
)

func TestMain(m *testing.M) {
	script.ServeWorkerIfAsked()
	os.Exit(m.Run())
}

type event struct {
	name    string
	payload map[string]any
	list    []any
}

// rig is a studio with the starter project open, driven as a front end does.
type rig struct {
	t      *testing.T
	s      *studio.Studio
	dir    string
	events chan event
}

func newRig(t *testing.T) *rig {
	t.Helper()
	r := newStudio(t, filepath.Join(t.TempDir(), "acme"))
	r.call("project.create", map[string]any{"template": "starter", "dir": r.dir, "name": "Acme"})
	return r
}

// newStudio is a studio for the project in a folder, which is not open yet.
func newStudio(t *testing.T, dir string) *rig {
	t.Helper()
	r := &rig{t: t, dir: dir, events: make(chan event, 10_000)}
	pool := script.NewPool(script.Options{Workers: 1})
	t.Cleanup(func() { pool.Close() })
	r.s = studio.New(studio.Options{Version: "test", Mode: "browser", ConfigDir: t.TempDir(), HarnessAddr: "127.0.0.1:0", Scripts: pool, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
		Emit: func(name string, payload any) {
			text, err := json.Marshal(payload)
			if err != nil {
				t.Error(err)
			}
			e := event{name: name}
			if json.Unmarshal(text, &e.payload) != nil {
				_ = json.Unmarshal(text, &e.list)
			}
			r.events <- e
		}})
	t.Cleanup(func() { r.s.Close() })
	return r
}

// try runs a method and answers its result as the front end gets it.
func (r *rig) try(name string, arg any) (map[string]any, error) {
	r.t.Helper()
	text, err := json.Marshal(arg)
	if err != nil {
		r.t.Fatal(err)
	}
	v, err := r.s.Call(context.Background(), name, text)
	if err != nil {
		return nil, err
	}
	if text, err = json.Marshal(map[string]any{"result": v}); err != nil {
		r.t.Fatal(err)
	}
	var out map[string]any
	if err := json.Unmarshal(text, &out); err != nil {
		r.t.Fatal(err)
	}
	return out, nil
}

func (r *rig) call(name string, arg any) any {
	r.t.Helper()
	out, err := r.try(name, arg)
	if err != nil {
		r.t.Fatalf("%s: %v", name, err)
	}
	return out["result"]
}

func (r *rig) object(name string, arg any) map[string]any {
	r.t.Helper()
	m, ok := r.call(name, arg).(map[string]any)
	if !ok {
		r.t.Fatalf("%s answered no object", name)
	}
	return m
}

// until waits for an event that holds.
func (r *rig) until(name string, holds func(p map[string]any) bool) map[string]any {
	r.t.Helper()
	timeout := time.After(20 * time.Second)
	for {
		select {
		case e := <-r.events:
			if e.name == name && holds(e.payload) {
				return e.payload
			}
		case <-timeout:
			r.t.Fatalf("no such %s event", name)
		}
	}
}

// next waits for the next event with a list, and answers the list.
func (r *rig) next(name string) []any {
	r.t.Helper()
	timeout := time.After(20 * time.Second)
	for {
		select {
		case e := <-r.events:
			if e.name == name {
				return e.list
			}
		case <-timeout:
			r.t.Fatalf("no %s event", name)
		}
	}
}

// nextWith waits for an event with a list that holds.
func (r *rig) nextWith(name string, holds func(list []any) bool) []any {
	r.t.Helper()
	for {
		if list := r.next(name); holds(list) {
			return list
		}
	}
}

func loaded(path string) func(map[string]any) bool {
	return func(p map[string]any) bool {
		url, _ := p["url"].(string)
		return p["loading"] == false && strings.Contains(url, path)
	}
}

var inputs = regexp.MustCompile(`<input[^>]*name="([^"]+)"[^>]*?(?:value="([^"]*)")?/?>`)

// submit fills the form of a page as the front end does.
func (r *rig) submit(page map[string]any, values map[string]string) {
	r.t.Helper()
	html, _ := page["html"].(string)
	var fields [][2]string
	for _, m := range inputs.FindAllStringSubmatch(html, -1) {
		v := m[2]
		if set, ok := values[m[1]]; ok {
			v = set
		}
		if m[1] == "_ticket" {
			v = regexp.MustCompile(`name="_ticket" value="([^"]+)"`).FindStringSubmatch(html)[1]
		}
		fields = append(fields, [2]string{m[1], v})
	}
	r.call("browser.submit", map[string]any{"action": page["url"], "method": "post", "fields": fields})
}

// The front end's contract names exactly the methods that there are.
func TestTheContractNamesEveryMethod(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("..", "..", "frontend", "src", "engine", "*.ts"))
	if err != nil {
		t.Fatal(err)
	}
	var named []string
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, part := range regexp.MustCompile(`(?s)export interface \w*Methods.*?\n}`).FindAllString(string(text), -1) {
			for _, m := range regexp.MustCompile(`(?m)^\s*'([a-z_.]+)':`).FindAllStringSubmatch(part, -1) {
				named = append(named, m[1])
			}
		}
	}
	have := newRig(t).s.Methods()
	slices.Sort(named)
	slices.Sort(have)
	if !slices.Equal(named, have) {
		t.Errorf("contract: %v\nstudio:   %v", named, have)
	}
}

// The whole way without a front end: breakpoint, run, values, step, change,
// tokens, sessions.
func TestRunStopLookChangeGoOn(t *testing.T) {
	r := newRig(t)
	r.call("debug.set_breakpoint", map[string]any{"flow": "login", "block": "risk", "enabled": true})
	r.call("run.start", map[string]any{"flow": "login"})
	page := r.until("browser", loaded("/fl/sign_in"))
	r.submit(page, map[string]string{"identifier": "ada@example.com", "password": "analytical-engine"})
	run := r.until("run", func(p map[string]any) bool { return p["status"] == "paused" })
	id := run["id"].(string)
	if run["reason"] != "breakpoint" {
		t.Errorf("reason %v", run["reason"])
	}
	values := run["values"].(map[string]any)
	user := values["event"].(map[string]any)["user"].(map[string]any)
	if user["email"] != "ada@example.com" {
		t.Errorf("user %v", user)
	}
	if b := r.object("browser.get", nil); b["loading"] != true || b["run"] != id {
		t.Errorf("the browser shows %v", b)
	}
	r.call("debug.step_over", map[string]any{"run": id})
	r.until("run", func(p map[string]any) bool { return p["status"] == "paused" && p["reason"] == "step" })
	changed := r.object("debug.set_value", map[string]any{"run": id, "path": "event.user.app_metadata.department", "value": "Secret Ops"})
	if d := changed["values"].(map[string]any)["event"].(map[string]any)["user"].(map[string]any)["app_metadata"].(map[string]any)["department"]; d != "Secret Ops" {
		t.Errorf("department %v", d)
	}
	r.call("debug.continue", map[string]any{"run": id})
	tokens := r.until("tokens", func(map[string]any) bool { return true })
	claims := tokens["tokens"].([]any)[0].(map[string]any)
	if claims["verified"] != true || claims["claims"].(map[string]any)["department"] != "Secret Ops" {
		t.Errorf("tokens %v", claims)
	}
	sessions := r.call("sessions.list", nil).([]any)
	if len(sessions) != 1 || sessions[0].(map[string]any)["user"] != "Ada Lovelace" {
		t.Fatalf("sessions %v", sessions)
	}
	r.call("sessions.revoke", map[string]any{"id": sessions[0].(map[string]any)["id"]})
	if left := r.call("sessions.list", nil).([]any); len(left) != 0 {
		t.Errorf("left %v", left)
	}
	if records := r.call("audit.list", map[string]any{"after": 0}).([]any); len(records) < 4 {
		t.Errorf("%d audit records", len(records))
	}
	if text, err := os.ReadFile(filepath.Join(r.dir, ".authflow", "breakpoints.json")); err != nil || !strings.Contains(string(text), `"risk"`) {
		t.Errorf("breakpoints beside the project: %s, %v", text, err)
	}
}

// An edit is on disk at once, checked, and runs next time; an edit by somebody
// else is noticed and never overwritten.
func TestEditSaveConflict(t *testing.T) {
	r := newRig(t)
	l := r.object("flow.load", map[string]any{"slug": "login"})
	blocks := l["flow"].(map[string]any)["blocks"].(map[string]any)
	blocks["department"].(map[string]any)["config"].(map[string]any)["value"] = "step.risk.skore"
	saved := r.object("flow.save", map[string]any{"slug": "login", "flow": l["flow"], "layout": l["layout"], "base": l["revision"]})
	found := false
	for _, p := range saved["problems"].([]any) {
		found = found || p.(map[string]any)["block"] == "department" && p.(map[string]any)["field"] == "value"
	}
	if !found {
		t.Errorf("problems %v", saved["problems"])
	}
	r.until("changed", func(p map[string]any) bool { return p["revision"] == saved["revision"] }) // for another window
	_, err := r.try("flow.save", map[string]any{"slug": "login", "flow": l["flow"], "layout": l["layout"], "base": l["revision"]})
	e, ok := err.(*studio.Error)
	if !ok || e.Code != "conflict" || e.Data == nil {
		t.Fatalf("a stale save answered %v", err)
	}
	file := filepath.Join(r.dir, "flows", "login.json")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(strings.Replace(string(text), "step.risk.skore", "step.risk.score", 1)), 0o644); err != nil {
		t.Fatal(err)
	}
	r.until("changed", func(p map[string]any) bool { return p["path"] == "flows/login.json" })
	if _, err := r.try("flow.save", map[string]any{"slug": "login", "flow": l["flow"], "layout": l["layout"], "base": saved["revision"]}); err == nil {
		t.Error("somebody else's edit was overwritten")
	}
}

func TestRenamingABlockTakesItsReadersAlong(t *testing.T) {
	r := newRig(t)
	l := r.object("flow.load", map[string]any{"slug": "login"})
	out := r.object("flow.rename_block", map[string]any{"slug": "login", "flow": l["flow"], "layout": l["layout"], "from": "risk", "to": "danger"})
	text, err := json.Marshal(out)
	if err != nil {
		t.Fatal(err)
	}
	if s := string(text); strings.Contains(s, "step.risk.") || !strings.Contains(s, "step.danger.recommendation") || strings.Contains(s, `"risk"`) {
		t.Error(s)
	}
	if _, err := r.try("flow.rename_block", map[string]any{"slug": "login", "flow": l["flow"], "layout": l["layout"], "from": "policy", "to": "sign_in"}); err == nil {
		t.Error("an id was given twice")
	}
}

func TestBadCallsAreAnsweredInWords(t *testing.T) {
	r := newRig(t)
	for name, c := range map[string]struct {
		method string
		arg    any
		code   string
	}{
		"no such method":       {"no.such", nil, "no_method"},
		"a wrong argument":     {"flow.load", []int{1}, "bad_argument"},
		"a path outside":       {"file.load", map[string]string{"path": "../secret"}, "failed"},
		"a hidden file":        {"file.save", map[string]string{"path": "pages/.x", "text": "", "base": ""}, "failed"},
		"a flow that is gone":  {"flow.load", map[string]string{"slug": "nothing"}, "not_found"},
		"a bad slug":           {"flow.load", map[string]string{"slug": "../x"}, "failed"},
		"no project there":     {"project.open", map[string]string{"dir": t.TempDir()}, "not_a_project"},
		"a bad address":        {"world.set", map[string]any{"ip": "300.1.1.1"}, "bad_argument"},
		"a run that is not":    {"debug.continue", map[string]string{"run": "run_x"}, "no_run"},
		"an existing file":     {"file.create", map[string]string{"path": "pages/sign_in.html"}, "exists"},
		"a folder with things": {"project.create", map[string]string{"template": "starter", "dir": r.dir}, "exists"},
	} {
		_, err := r.try(c.method, c.arg)
		e, ok := err.(*studio.Error)
		if !ok || e.Code != c.code || e.Message == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
}
