package studio_test

import (
	"bytes"
	"encoding/json"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// extract takes blocks of the starter's login flow out, saves what is left, and
// answers both flows and every problem of theirs.
func (r *rig) extract(slug string, blocks ...string) (out map[string]any, problems []string) {
	r.t.Helper()
	l := r.object("flow.load", map[string]any{"slug": "login"})
	out = r.object("flow.extract", map[string]any{"flow": l["flow"], "layout": l["layout"], "blocks": blocks, "slug": slug, "name": "Taken out"})
	r.object("flow.save", map[string]any{"slug": "login", "flow": out["flow"], "layout": out["layout"], "base": l["revision"]})
	list, _ := r.call("problems.list", nil).([]any)
	for _, p := range list {
		problems = append(problems, p.(map[string]any)["flow"].(string)+": "+p.(map[string]any)["message"].(string))
	}
	return out, problems
}

func text(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// Three ways out become one result and a decision; both flows are sound.
func TestASelectionBecomesAFlowOfItsOwn(t *testing.T) {
	r := newRig(t)
	out, problems := r.extract("assess", "known_device", "risk", "policy")
	if len(problems) > 0 {
		t.Errorf("problems: %v", problems)
	}
	blocks := out["flow"].(map[string]any)["blocks"].(map[string]any)
	if blocks["risk"] != nil || blocks["password"].(map[string]any)["next"].(map[string]any)["ok"] != "assess" {
		t.Errorf("left: %s", text(t, blocks))
	}
	fork := blocks["assess_exit"].(map[string]any)
	if got := text(t, fork["next"]); !strings.Contains(got, `"too_risky"`) || !strings.Contains(got, `"second_factor"`) || !strings.Contains(got, `"department"`) {
		t.Errorf("the fork leads to %s", got)
	}
	sub := r.object("flow.load", map[string]any{"slug": "assess"})["flow"].(map[string]any)
	if sub["start"] != "known_device" || sub["subflow_only"] != true || len(sub["blocks"].(map[string]any)) != 3+3 {
		t.Errorf("taken out: %s", text(t, sub))
	}
}

// What the part reads outside becomes an input with the parent's value; what is
// read of the part outside comes from its result.
func TestReferencesFollowOverTheLine(t *testing.T) {
	r := newRig(t)
	l := r.object("flow.load", map[string]any{"slug": "login"})
	f := l["flow"].(map[string]any)
	blocks := f["blocks"].(map[string]any)
	blocks["reader"] = map[string]any{"type": "log_event", "stage": "post_auth", "config": map[string]any{"type": "policy", "data": map[string]any{"branch": "{{ step.policy.branch }}"}}, "next": map[string]any{"next": "department"}}
	blocks["policy"].(map[string]any)["next"].(map[string]any)["default"] = "reader"
	blocks["asked"] = map[string]any{"type": "log_event", "stage": "post_auth", "config": map[string]any{"type": "asked", "data": map[string]any{"who": "{{ step.sign_in.fields.identifier }}"}}, "next": map[string]any{"next": "policy"}}
	blocks["risk"].(map[string]any)["next"].(map[string]any)["next"] = "asked"
	out := r.object("flow.extract", map[string]any{"flow": f, "layout": l["layout"], "blocks": []string{"risk", "asked", "policy"}, "slug": "assess", "name": "Assess"})
	sub, rest := text(t, out["sub"]), text(t, out["flow"])
	for _, want := range []string{`"{{ input.sign_in_fields.identifier }}"`, `"sign_in_fields":{"type":"any","required":true}`, `"policy_branch":"{{ step.policy.branch }}"`} {
		if !strings.Contains(strings.ReplaceAll(sub, `"required":true,"type":"any"`, `"type":"any","required":true`), want) {
			t.Errorf("%s is not in %s", want, sub)
		}
	}
	for _, want := range []string{`"sign_in_fields":"{{ step.sign_in.fields }}"`, `"{{ step.assess.data.policy_branch }}"`} {
		if !strings.Contains(rest, want) {
			t.Errorf("%s is not in %s", want, rest)
		}
	}
	r.object("flow.save", map[string]any{"slug": "login", "flow": out["flow"], "layout": out["layout"], "base": l["revision"]})
	list, _ := r.call("problems.list", nil).([]any)
	for _, p := range list {
		t.Errorf("problem: %v", p)
	}
}

func TestWhatCannotBeTakenOutSaysWhy(t *testing.T) {
	r := newRig(t)
	l := r.object("flow.load", map[string]any{"slug": "login"})
	for why, blocks := range map[string][]string{
		"is locked":                       {"password"},
		"ends the whole flow":             {"risk", "too_risky"},
		"is entered at several blocks":    {"second_factor", "department"},
		"no block is selected":            {},
		"there is no block \"not_there\"": {"not_there"},
	} {
		_, err := r.try("flow.extract", map[string]any{"flow": l["flow"], "layout": l["layout"], "blocks": blocks, "slug": "part", "name": "Part"})
		if err == nil || !strings.Contains(strings.ToLower(text(t, err)), strings.ToLower(strings.ReplaceAll(why, `"`, `\"`))) {
			t.Errorf("%v: %v, want %q", blocks, err, why)
		}
	}
	if _, err := os.Stat(filepath.Join(r.dir, "flows", "part.json")); err == nil {
		t.Error("a flow was written though nothing was taken out")
	}
}

func TestPicturesStandBesideTheProject(t *testing.T) {
	r := newRig(t)
	l := r.object("flow.load", map[string]any{"slug": "login"})
	arg := map[string]any{"slug": "login", "flow": l["flow"], "layout": l["layout"], "format": "png", "theme": "dark"}
	path := r.object("flow.draw", arg)["path"].(string)
	data, err := os.ReadFile(path)
	if err != nil || filepath.Base(path) != "login-dark.png" {
		t.Fatalf("%s: %v", path, err)
	}
	if _, err := png.Decode(bytes.NewReader(data)); err != nil {
		t.Error(err)
	}
	arg["format"] = "mermaid"
	if got := r.object("flow.draw", arg)["text"].(string); !strings.HasPrefix(got, "flowchart LR") {
		t.Error(got)
	}
	arg["slug"] = "../../escape"
	if _, err := r.try("flow.draw", arg); err == nil {
		t.Error("a picture was written outside the project")
	}
}

// Notes, frames and expansions are kept with the positions, follow a rename, and change no
// meaning.
func TestG1_NotesFramesAndExpansionsAreNoMeaning(t *testing.T) {
	r := newRig(t)
	l := r.object("flow.load", map[string]any{"slug": "login"})
	saved := r.object("flow.save", map[string]any{"slug": "login", "flow": l["flow"], "layout": l["layout"], "base": l["revision"]})
	before := r.object("bundle.preview", nil)["digest"]
	layout := l["layout"].(map[string]any)
	layout["notes"] = map[string]any{"n1": map[string]any{"stage": "pre_login", "x": 300, "y": 80, "width": 200, "height": 90, "text": "Why"}}
	layout["frames"] = map[string]any{"f1": map[string]any{"title": "Who", "blocks": []string{"sign_in", "find_user"}}}
	layout["expanded"] = map[string]any{"sign_in": map[string]any{"width": 480, "height": 240, "moved": map[string]any{"find_user": map[string]any{"x": 0, "y": 96}}}}
	r.object("flow.save", map[string]any{"slug": "login", "flow": l["flow"], "layout": layout, "base": saved["revision"]})
	again := r.object("flow.load", map[string]any{"slug": "login"})
	if got := text(t, again["layout"].(map[string]any)["notes"]); !strings.Contains(got, "Why") {
		t.Errorf("notes %s", got)
	}
	if after := r.object("bundle.preview", nil)["digest"]; after != before {
		t.Errorf("a note changed the digest from %v to %v", before, after)
	}
	renamed := r.object("flow.rename_block", map[string]any{"slug": "login", "flow": again["flow"], "layout": again["layout"], "from": "sign_in", "to": "ask"})
	if got := text(t, renamed["layout"].(map[string]any)["frames"]); !strings.Contains(got, `"ask"`) || strings.Contains(got, "sign_in") {
		t.Errorf("frames %s", got)
	}
	if got := text(t, renamed["layout"].(map[string]any)["expanded"]); !strings.Contains(got, `"ask":{"height":240`) || strings.Contains(got, "sign_in") {
		t.Errorf("expanded %s", got)
	}
	renamed = r.object("flow.rename_block", map[string]any{"slug": "login", "flow": renamed["flow"], "layout": renamed["layout"], "from": "find_user", "to": "who"})
	if got := text(t, renamed["layout"].(map[string]any)["expanded"]); !strings.Contains(got, `"who":{"x":0,"y":96}`) || strings.Contains(got, "find_user") {
		t.Errorf("moved for an expansion %s", got)
	}
	// A picture draws it closed.
	if drawn := r.object("flow.draw", map[string]any{"slug": "login", "flow": renamed["flow"], "layout": renamed["layout"], "format": "mermaid", "theme": "light"}); drawn["text"] == nil {
		t.Errorf("drawn %v", drawn)
	}
}
