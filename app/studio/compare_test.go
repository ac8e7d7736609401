package studio_test

import (
	"os/exec"
	"strings"
	"testing"
)

func (r *rig) git(args ...string) {
	r.t.Helper()
	cmd := exec.Command("git", append([]string{"-c", "user.name=Ada", "-c", "user.email=ada@example.com", "-c", "commit.gpgsign=false"}, args...)...)
	cmd.Dir = r.dir
	if out, err := cmd.CombinedOutput(); err != nil {
		r.t.Fatalf("git %v: %v\n%s", args, err, out)
	}
}

// An edited flow is compared with the committed one, and one change of three is
// taken back.
func TestCompareWithACommitAndTakeOneChangeBack(t *testing.T) {
	r := newRig(t)
	r.git("init", "-q", "-b", "main")
	r.git("add", ".")
	r.git("commit", "-q", "-m", "as it was")
	l := r.object("flow.load", map[string]any{"slug": "login"})
	f := l["flow"].(map[string]any)
	f["name"] = "Sign in"
	blocks := f["blocks"].(map[string]any)
	blocks["department"].(map[string]any)["config"].(map[string]any)["value"] = `"sales"`
	blocks["more"] = map[string]any{"type": "allow", "stage": "post_login"}
	r.object("flow.save", map[string]any{"slug": "login", "flow": f, "layout": l["layout"], "base": l["revision"]})
	git := r.object("project.git", nil)
	if git["branch"] != "main" || git["changed"].(map[string]any)["flows/login.json"] != "changed" {
		t.Errorf("git %v", git)
	}
	all := r.call("compare.versions", map[string]any{"path": "flows/login.json"}).([]any)
	if len(all) != 1 {
		t.Fatalf("versions %v", all)
	}
	revision := all[0].(map[string]any)["revision"]
	compare := func() map[string]any {
		t.Helper()
		return r.object("compare.load", map[string]any{"slug": "login", "flow": f, "layout": l["layout"], "revision": revision})
	}
	was := compare()
	changes := was["changes"].([]any)
	if len(changes) != 3 || was["layout"] == nil {
		t.Fatalf("changes %v", changes)
	}
	for _, c := range changes {
		if c.(map[string]any)["block"] == "department" {
			f = r.object("compare.take", map[string]any{"flow": f, "other": was["flow"], "change": c})
		}
	}
	left := compare()["changes"].([]any)
	if len(left) != 2 {
		t.Errorf("left %v", left)
	}
	for _, c := range left {
		if text := c.(map[string]any)["text"].(string); strings.Contains(text, "department") {
			t.Errorf("still %s", text)
		}
	}
}
