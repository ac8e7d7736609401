package studio_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/authflow-studio/authflow/app/studio"
)

// What the panel suppresses is gone from the problems and told of with its reason;
// an error is refused, and so is a reason that says nothing.
func TestK1_TheStudioSuppressesWithAReason(t *testing.T) {
	r := newRig(t)
	l := r.object("flow.load", map[string]any{"slug": "login"})
	f := l["flow"].(map[string]any)
	f["blocks"].(map[string]any)["lonely"] = map[string]any{"type": "allow", "stage": "post_login"}
	r.object("flow.save", map[string]any{"slug": "login", "flow": f, "layout": l["layout"], "base": l["revision"]})
	has := func(list []any) bool {
		for _, p := range list {
			if m := p.(map[string]any); m["code"] == "unreachable" && m["block"] == "lonely" {
				return true
			}
		}
		return false
	}
	problems := func() []any { list, _ := r.call("problems.list", nil).([]any); return list }
	if !has(problems()) {
		t.Fatal("the block is not found")
	}
	finding := map[string]any{"code": "unreachable", "flow": "login", "block": "lonely", "reason": "for the next release"}
	letBe, _ := r.call("problems.suppress", finding).([]any)
	if !has(letBe) || letBe[0].(map[string]any)["reason"] != "for the next release" || has(problems()) {
		t.Errorf("suppressed: %v", letBe)
	}
	if letBe, _ = r.call("problems.unsuppress", finding).([]any); len(letBe) != 0 || !has(problems()) {
		t.Errorf("it is not reported again: %v", letBe)
	}
	for code, arg := range map[string]map[string]any{
		"no_reason":      {"code": "unreachable", "reason": " "},
		"not_suppressed": {"code": "unwired_port", "reason": "never mind"},
	} {
		var e *studio.Error
		if _, err := r.try("problems.suppress", arg); !errors.As(err, &e) || e.Code != code {
			t.Errorf("%v: %v", arg, err)
		}
	}
	rules, _ := r.call("problems.rules", nil).([]any)
	if len(rules) < 60 || !strings.HasSuffix(rules[0].(map[string]any)["page"].(string), ".md") {
		t.Errorf("%d rules", len(rules))
	}
}

// A block that is renamed in the studio takes the contracts and scenarios along when
// the flow is saved, and an undo takes them back.
func TestG2_ARenameIsFollowedByContractsAndScenarios(t *testing.T) {
	r := newRig(t)
	l := r.object("flow.load", map[string]any{"slug": "login"})
	revision := l["revision"]
	save := func(from, to string) {
		t.Helper()
		out := r.object("flow.rename_block", map[string]any{"slug": "login", "flow": l["flow"], "layout": l["layout"], "from": from, "to": to})
		l["flow"], l["layout"] = out["flow"], out["layout"]
		saved := r.object("flow.save", map[string]any{"slug": "login", "flow": l["flow"], "layout": l["layout"], "base": revision})
		revision = saved["revision"]
	}
	says := func(words string) bool {
		t.Helper()
		return strings.Contains(r.object("file.load", map[string]any{"path": "scenarios/login.yaml"})["text"].(string), words)
	}
	save("policy", "way")
	if says("policy:default") || !says("way:default") {
		t.Error("the scenarios do not follow")
	}
	r.until("changed", func(p map[string]any) bool { return p["path"] == "scenarios/login.yaml" })
	save("way", "policy")
	if !says("policy:default") || says("way:default") {
		t.Error("the way back is not followed")
	}
}
