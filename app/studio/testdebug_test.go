package studio_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/authflow-studio/authflow/app/studio"
)

const wrongTest = `# mine
scenarios:
  - name: expects too much
    given: {person: ada@example.com, from: {network: corporate}}
    steps:
      - start: login
      - {page: sign_in, fill: {identifier: ada@example.com, password: analytical-engine}}
    expect: {session: {aal: aal3}}   # strong
`

const wrongName = "wrong / expects too much"

func paused(p map[string]any) bool { return p["status"] == "paused" }

// place of a paused run: flow.block.
func place(run map[string]any) string {
	top := run["stack"].([]any)[0].(map[string]any)
	return top["flow"].(string) + "." + top["block"].(string)
}

// A test that fails is debugged: it stops where the step begins that goes wrong,
// or at breakpoints, can be stepped to its end, and its journal can be seen.
func TestAScenarioIsDebugged(t *testing.T) {
	r := newRig(t)
	r.write("scenarios/wrong.yaml", wrongTest)
	r.call("tests.debug", map[string]any{"name": wrongName})
	run := r.until("run", paused)
	if at := place(run); at != "login.sign_in" {
		t.Errorf("stopped at %s", at)
	}
	id := run["id"]
	r.call("debug.step_over", map[string]any{"run": id})
	if at := place(r.until("run", func(p map[string]any) bool { return paused(p) && place(p) != "login.sign_in" })); at != "login.find_user" {
		t.Errorf("stepped to %s", at)
	}
	r.call("debug.continue", map[string]any{"run": id})
	res := r.until("test", func(p map[string]any) bool { return p["name"] == wrongName })
	if res["passed"] != false || !strings.Contains(res["failures"].([]any)[0].(string), `session.aal is "aal1"`) {
		t.Errorf("%v", res)
	}
	if got := r.object("run.get", map[string]any{"run": id}); got["status"] != "succeeded" {
		t.Errorf("%v", got["status"])
	}
	if len(r.call("sessions.list", nil).([]any)) != 0 {
		t.Error("the test has left a session in the studio's harness")
	}

	r.call("debug.set_breakpoint", map[string]any{"flow": "login", "block": "risk", "enabled": true})
	r.call("tests.debug", map[string]any{"name": wrongName})
	run = r.until("run", func(p map[string]any) bool { return paused(p) && p["id"] != id })
	if at := place(run); at != "login.risk" || run["reason"] != "breakpoint" {
		t.Errorf("stopped at %s: %v", at, run["reason"])
	}
	// Another one begins: the first is given up, and the studio goes on.
	second := run["id"]
	r.call("tests.debug", map[string]any{"name": wrongName})
	run = r.until("run", func(p map[string]any) bool { return paused(p) && p["id"] != id && p["id"] != second })
	r.call("debug.continue", map[string]any{"run": run["id"]})
	r.until("test", func(p map[string]any) bool { return p["name"] == wrongName && p["path"] != nil })
	_, err := r.try("tests.debug", map[string]any{"name": "no such test"})
	if e := (*studio.Error)(nil); !errors.As(err, &e) || e.Code != "no_scenario" {
		t.Errorf("%v", err)
	}
}

// What a test expects is revised: shown first, and written as any edit is.
func TestAScenarioIsRevised(t *testing.T) {
	r := newRig(t)
	r.write("scenarios/wrong.yaml", wrongTest)
	shown := r.object("tests.revise", map[string]any{"name": wrongName})
	if diff := shown["diff"].([]any); len(diff) != 2 || !strings.Contains(diff[1].(string), "session: {aal: aal1}}   # strong") || len(shown["kept"].([]any)) != 0 {
		t.Fatalf("%v", shown)
	}
	if r.read("scenarios/wrong.yaml") != wrongTest {
		t.Error("it was written although it was only shown")
	}
	r.call("file.save", map[string]any{"path": shown["path"], "text": shown["text"], "base": shown["base"]})
	if got := r.read("scenarios/wrong.yaml"); got != strings.Replace(wrongTest, "aal3", "aal1", 1) {
		t.Errorf("%s", got)
	}
	if report := r.object("tests.run", map[string]any{"names": []string{wrongName}}); report["passed"].(float64) != 1 {
		t.Errorf("%v", report)
	}
	r.write("scenarios/wrong.yaml", strings.Replace(wrongTest, "{session: {aal: aal3}}", "{never: [signed_in]}", 1))
	if kept := r.object("tests.revise", map[string]any{"name": wrongName})["kept"].([]any); len(kept) != 1 || !strings.Contains(kept[0].(string), "never weakened") {
		t.Errorf("%v", kept)
	}
}

// A stub is kept in world.yaml, whose comments stay, and answers at once and
// after the project was opened anew.
func TestAStubIsKeptInWorldYAML(t *testing.T) {
	r := newRig(t)
	before := r.read("world.yaml")
	r.call("calls.answer", map[string]any{"method": "GET", "url": "https://other.example/", "status": 200, "body": "{}"})
	stub := map[string]any{"method": "POST", "url": "https://partner.example/score?x=1", "body": "ada", "answer": map[string]any{"status": 503, "json": map[string]any{"busy": true}, "delay": "1s"}}
	v := r.object("calls.keep", map[string]any{"stub": stub})
	if got := r.read("world.yaml"); got != before+"stubs:\n  - method: POST\n    url: \"https://partner.example/score\"\n    body: ada\n    answer: {status: 503, json: {busy: true}, delay: \"1s\"}\n" {
		t.Errorf("%s", strings.TrimPrefix(got, before))
	}
	if stubs := v["stubs"].([]any); len(stubs) != 2 {
		t.Errorf("%v", stubs)
	}
	stub["answer"] = map[string]any{"fault": "unreachable"}
	r.call("calls.keep", map[string]any{"stub": stub})
	if got := r.read("world.yaml"); !strings.HasSuffix(got, "body: ada, answer: {fault: unreachable}}\n") {
		t.Errorf("%s", strings.TrimPrefix(got, before))
	}
	r.call("project.open", map[string]any{"dir": r.dir})
	if stubs := r.object("calls.list", nil)["stubs"].([]any); len(stubs) != 1 || stubs[0].(map[string]any)["answer"].(map[string]any)["fault"] != "unreachable" {
		t.Errorf("%v", stubs)
	}
	_, err := r.try("calls.keep", map[string]any{"stub": map[string]any{"url": "nonsense"}})
	if e := (*studio.Error)(nil); !errors.As(err, &e) || e.Code != "bad_argument" {
		t.Errorf("%v", err)
	}
	if err := os.WriteFile(filepath.Join(r.dir, "world.yaml"), []byte("# all\nstubs: &all [{url: \"https://a.example/\"}]\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	_, err = r.try("calls.keep", map[string]any{"stub": stub})
	if e := (*studio.Error)(nil); !errors.As(err, &e) || e.Code != "not_kept" {
		t.Errorf("%v", err)
	}
}

// W2: the person at the browser panel has risk signals set.
func TestW2_RiskSignalsInTheBrowserPanel(t *testing.T) {
	r := newRig(t)
	world := r.object("world.get", nil)
	world["risk"] = map[string]any{"tor": true}
	if got := r.object("world.set", world); got["risk"].(map[string]any)["tor"] != true || len(got["signals"].([]any)) < 10 {
		t.Errorf("%v", got)
	}
	r.call("run.start", map[string]any{"flow": "login"})
	page := r.until("browser", loaded("/fl/sign_in"))
	r.submit(page, map[string]string{"identifier": "ada@example.com", "password": "analytical-engine"})
	run := r.until("run", func(p map[string]any) bool { return p["outcome"] != nil })
	if out := run["outcome"].(map[string]any); out["success"] != false || out["reason"] != "risk_too_high" {
		t.Errorf("%v", out)
	}
	world["risk"] = map[string]any{"tro": true}
	_, err := r.try("world.set", world)
	if e := (*studio.Error)(nil); !errors.As(err, &e) || !strings.Contains(e.Hint, `id you mean "tor"?`) {
		t.Errorf("%v", err)
	}
}

func (r *rig) read(name string) string {
	r.t.Helper()
	text, err := os.ReadFile(filepath.Join(r.dir, filepath.FromSlash(name)))
	if err != nil {
		r.t.Fatal(err)
	}
	return string(text)
}

func (r *rig) write(name, text string) {
	r.t.Helper()
	if err := os.WriteFile(filepath.Join(r.dir, filepath.FromSlash(name)), []byte(text), 0o644); err != nil {
		r.t.Fatal(err)
	}
}
