package studio_test

import (
	"encoding/json"
	"strings"
	"testing"
)

func pausedFor(reason string) func(map[string]any) bool {
	return func(p map[string]any) bool { return p["status"] == "paused" && (reason == "" || p["reason"] == reason) }
}

func topBlock(run map[string]any) string {
	return run["stack"].([]any)[0].(map[string]any)["block"].(string)
}

// A run takes the file that another editor has just written, whether the watcher
// has told of it yet or not.
func TestARunTakesWhatIsOnDiskAtThatMoment(t *testing.T) {
	r := newRig(t)
	r.write("flows/login.json", strings.Replace(r.read("flows/login.json"), `"enabled": true`, `"enabled": false`, 1))
	if _, err := r.try("run.start", map[string]any{"flow": "login"}); err == nil || !strings.Contains(err.Error(), "cannot be started") {
		t.Errorf("a flow that was switched off on disk runs: %v", err)
	}
}

// signsIn begins a run of the login and sends Ada's password.
func (r *rig) signsIn() {
	r.t.Helper()
	r.call("run.start", map[string]any{"flow": "login"})
	page := r.until("browser", loaded("/fl/sign_in"))
	r.submit(page, map[string]string{"identifier": "ada@example.com", "password": "analytical-engine"})
}

// A run that has ended goes back to before its password; the session is gone, and
// the browser beside the graph goes on where the run stops.
func TestD3_BackFromTheEndThroughTheStudio(t *testing.T) {
	r := newRig(t)
	r.signsIn()
	r.until("tokens", func(map[string]any) bool { return true })
	run := r.call("runs.list", nil).([]any)[0].(map[string]any)
	if list := r.call("sessions.list", nil).([]any); len(list) != 1 {
		t.Fatalf("%d sessions", len(list))
	}
	id := run["id"].(string)
	first := run["path"].([]any)[0].(map[string]any)
	r.call("debug.back_to", map[string]any{"run": id, "moment": first["moment"]})
	run = r.until("run", pausedFor("back"))
	if list := r.call("sessions.list", nil).([]any); len(list) != 0 {
		t.Errorf("%d sessions after going back", len(list))
	}
	left := run["left"].([]any)
	if len(run["path"].([]any)) != 0 || len(left) != 1 {
		t.Errorf("path %v, left %v", run["path"], left)
	}
	r.call("debug.continue", map[string]any{"run": id})
	page := r.until("browser", loaded("/fl/sign_in"))
	r.submit(page, map[string]string{"identifier": "ada@example.com", "password": "analytical-engine"})
	r.until("tokens", func(map[string]any) bool { return true })
}

// A paused run goes on with the edited flow, after a look at what has changed;
// its recording replays from the file alone.
func TestX8_AnEditedFlowIsTakenOverAndReplayed(t *testing.T) {
	r := newRig(t)
	r.call("debug.set_breakpoint", map[string]any{"flow": "login", "block": "risk", "enabled": true})
	r.signsIn()
	run := r.until("run", pausedFor("breakpoint"))
	id := run["id"].(string)
	l := r.object("flow.load", map[string]any{"slug": "login"})
	l["flow"].(map[string]any)["blocks"].(map[string]any)["department"].(map[string]any)["config"].(map[string]any)["value"] = `"edited"`
	r.object("flow.save", map[string]any{"slug": "login", "flow": l["flow"], "layout": l["layout"], "base": l["revision"]})
	changes, _ := json.Marshal(r.call("debug.changes", map[string]any{"run": id}))
	if !strings.Contains(string(changes), "department: config.value is") {
		t.Errorf("changes %s", changes)
	}
	r.call("debug.back_to", map[string]any{"run": id, "moment": run["moment"], "edited": true})
	r.until("run", pausedFor("back"))
	r.call("debug.continue", map[string]any{"run": id})
	tokens := r.until("tokens", func(map[string]any) bool { return true })
	if c := tokens["tokens"].([]any)[0].(map[string]any)["claims"].(map[string]any); c["department"] != "edited" {
		t.Errorf("claims %v", c)
	}

	recorded := r.object("debug.recording", map[string]any{"run": id})
	text, _ := recorded["text"].(string)
	replaying := r.object("debug.replay", map[string]any{"text": text})
	run = r.until("run", func(p map[string]any) bool { return p["id"] == replaying["run"] && p["status"] == "paused" })
	if run["replay"] != true || len(run["path"].([]any)) != 0 {
		t.Errorf("replay begins %v", run)
	}
	for topBlock(run) != "department" {
		before := topBlock(run)
		r.call("debug.step_over", map[string]any{"run": run["id"]})
		run = r.until("run", func(p map[string]any) bool {
			return p["id"] == replaying["run"] && (p["status"] == "paused" && topBlock(p) != before || p["outcome"] != nil)
		})
	}
	r.call("debug.continue", map[string]any{"run": run["id"]})
	run = r.until("run", func(p map[string]any) bool { return p["id"] == replaying["run"] && p["status"] == "succeeded" })
	if claims, _ := json.Marshal(run["values"].(map[string]any)["claims"]); run["error"] != nil || !strings.Contains(string(claims), "edited") {
		t.Errorf("the replay ends %v with %s", run["error"], claims)
	}
}

// Breakpoints follow a block that is renamed, and its undo.
func TestD2_BreakpointsSurviveRenames(t *testing.T) {
	r := newRig(t)
	r.call("debug.set_breakpoint", map[string]any{"flow": "login", "block": "risk", "enabled": true})
	l := r.object("flow.load", map[string]any{"slug": "login"})
	out := r.object("flow.rename_block", map[string]any{"slug": "login", "flow": l["flow"], "layout": l["layout"], "from": "risk", "to": "danger"})
	saved := r.object("flow.save", map[string]any{"slug": "login", "flow": out["flow"], "layout": out["layout"], "base": l["revision"]})
	holds := func(block string) {
		t.Helper()
		b := r.object("debug.breakpoints", nil)["breakpoints"].([]any)[0].(map[string]any)
		if b["block"] != block || b["verified"] != true {
			t.Errorf("the breakpoint is %v", b)
		}
	}
	holds("danger")
	l = r.object("flow.load", map[string]any{"slug": "login"})
	out = r.object("flow.rename_block", map[string]any{"slug": "login", "flow": l["flow"], "layout": l["layout"], "from": "danger", "to": "risk"})
	r.object("flow.save", map[string]any{"slug": "login", "flow": out["flow"], "layout": out["layout"], "base": saved["revision"]})
	holds("risk")
}
