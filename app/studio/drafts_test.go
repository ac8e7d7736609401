package studio_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/authflow-studio/authflow/app/studio"
)

// An edit that met somebody else's is on disk beside it until the person has
// chosen, whoever ends the studio, and is offered to the next one.
func TestBothVersionsAreOnDiskUntilOneIsChosen(t *testing.T) {
	r := newRig(t)
	l := r.object("flow.load", map[string]any{"slug": "login"})
	mine := l["flow"].(map[string]any)
	mine["name"] = "Mine"
	r.write("flows/login.json", strings.Replace(r.read("flows/login.json"), `"name": "Login"`, `"name": "Theirs"`, 1))
	_, err := r.try("flow.save", map[string]any{"slug": "login", "flow": mine, "layout": l["layout"], "base": l["revision"]})
	if e, ok := err.(*studio.Error); !ok || e.Code != "conflict" {
		t.Fatalf("the save answered %v", err)
	}
	r.call("drafts.keep", map[string]any{"path": "flows/login.json", "base": l["revision"], "flow": mine, "layout": l["layout"]})
	r.call("drafts.keep", map[string]any{"path": "actions/account_kind.js", "base": "r", "text": "// mine"})

	next := newStudio(t, r.dir)
	next.call("project.open", map[string]any{"dir": r.dir})
	if list, _ := json.Marshal(next.call("drafts.list", nil)); string(list) != `["actions/account_kind.js","flows/login.json"]` {
		t.Errorf("what is kept: %s", list)
	}
	again := next.object("flow.load", map[string]any{"slug": "login"})
	draft := again["draft"].(map[string]any)
	if name := again["flow"].(map[string]any)["name"]; name != "Theirs" {
		t.Errorf("on disk stands %v", name)
	}
	if name := draft["flow"].(map[string]any)["name"]; name != "Mine" || draft["base"] != l["revision"] {
		t.Errorf("kept is %v on %v", name, draft["base"])
	}
	if f := next.object("file.load", map[string]any{"path": "actions/account_kind.js"}); f["draft"].(map[string]any)["text"] != "// mine" {
		t.Errorf("kept of the Action is %v", f["draft"])
	}
	// The project itself has nothing of it.
	if info, err := os.Stat(filepath.Join(r.dir, ".authflow", "drafts")); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the folder of drafts: %v, %v", info, err)
	}
	next.call("drafts.drop", map[string]any{"path": "flows/login.json"})
	next.call("drafts.drop", map[string]any{"path": "flows/login.json"}) // by another window
	if again := next.object("flow.load", map[string]any{"slug": "login"}); again["draft"] != nil {
		t.Errorf("after the choice there is %v", again["draft"])
	}
}

// A file that is removed while it is edited is put back by whoever keeps theirs,
// also in the next studio.
func TestWhatIsRemovedWhileItIsEditedCanBePutBack(t *testing.T) {
	r := newRig(t)
	l := r.object("flow.load", map[string]any{"slug": "logout"})
	a := r.object("file.load", map[string]any{"path": "actions/account_kind.js"})
	for _, name := range []string{"flows/logout.json", "flows/logout.layout.json", "actions/account_kind.js"} {
		if err := os.Remove(filepath.Join(r.dir, filepath.FromSlash(name))); err != nil {
			t.Fatal(err)
		}
	}
	saveFlow := map[string]any{"slug": "logout", "flow": l["flow"], "layout": l["layout"], "base": l["revision"]}
	saveFile := map[string]any{"path": "actions/account_kind.js", "text": "// mine", "base": a["revision"]}
	for method, arg := range map[string]map[string]any{"flow.save": saveFlow, "file.save": saveFile} {
		if _, err := r.try(method, arg); err == nil || err.(*studio.Error).Code != "conflict" || err.(*studio.Error).Data != nil {
			t.Errorf("%s answered %v", method, err)
		}
	}
	r.call("drafts.keep", map[string]any{"path": "flows/logout.json", "base": l["revision"], "flow": l["flow"], "layout": l["layout"]})
	r.call("drafts.keep", map[string]any{"path": "actions/account_kind.js", "base": a["revision"], "text": "// mine"})

	next := newStudio(t, r.dir)
	next.call("project.open", map[string]any{"dir": r.dir})
	again := next.object("flow.load", map[string]any{"slug": "logout"})
	if again["revision"] != "" || again["draft"] == nil || again["flow"].(map[string]any)["name"] != l["flow"].(map[string]any)["name"] {
		t.Errorf("the removed flow is opened as %v", again)
	}
	if again := next.object("file.load", map[string]any{"path": "actions/account_kind.js"}); again["revision"] != "" || again["text"] != "// mine" {
		t.Errorf("the removed Action is opened as %v", again)
	}
	saveFlow["base"], saveFile["base"] = "", ""
	next.call("flow.save", saveFlow)
	next.call("file.save", saveFile)
	if next.read("actions/account_kind.js") != "// mine" || !strings.Contains(next.read("flows/logout.json"), `"trigger": "logout"`) {
		t.Error("they are not back")
	}
	if _, err := next.try("file.save", saveFile); err == nil {
		t.Error("a file that is there was overwritten as if it were not")
	}
}

// What cannot be read, or names no file of the project, harms nothing.
func TestDraftsThatMakeNoSense(t *testing.T) {
	r := newRig(t)
	if _, err := r.try("drafts.keep", map[string]any{"path": "../../outside", "text": "x"}); err == nil {
		t.Error("a draft of a file outside was kept")
	}
	if err := os.MkdirAll(filepath.Join(r.dir, ".authflow", "drafts"), 0o700); err != nil {
		t.Fatal(err)
	}
	r.write(".authflow/drafts/flows%2Flogin.json.json", "{half")
	r.write(".authflow/drafts/%zz.json", "{}")
	r.write(".authflow/drafts/notes.txt", "x")
	if list := r.call("drafts.list", nil).([]any); len(list) != 0 {
		t.Errorf("what is kept: %v", list)
	}
	if l := r.object("flow.load", map[string]any{"slug": "login"}); l["draft"] != nil {
		t.Errorf("a torn draft was taken: %v", l["draft"])
	}
	if r.read(".authflow/drafts/flows%2Flogin.json.json") != "{half" {
		t.Error("a draft that cannot be read was removed")
	}
}
