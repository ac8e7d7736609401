package studio_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/authflow-studio/authflow/app/studio"
)

// A release owner's round: a first bundle, an edit, what has changed since, a second
// bundle with the next revision, the history, and looking at a file from anywhere.
func TestBundlesAreReleasedOneAfterAnother(t *testing.T) {
	r := newRig(t)
	out := t.TempDir()
	settings := filepath.Join(r.dir, "authflow.json")
	text, err := os.ReadFile(settings)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(settings, []byte(strings.Replace(string(text), `"format": 1,`, `"format": 1, "secrets": [{"name": "PARTNER_KEY", "purpose": "calls the partner"}],`, 1)), 0o644); err != nil {
		t.Fatal(err)
	}
	r.until("changed", func(p map[string]any) bool { return p["path"] == "authflow.json" })
	before := r.object("bundle.preview", nil)
	if before["last"] != nil || len(before["changes"].([]any)) != 0 || len(before["contracts"].([]any)) == 0 || !strings.Contains(fmt.Sprint(before["secrets"]), "calls the partner") {
		t.Errorf("before the first: %v", before)
	}
	key := r.object("bundle.new_key", map[string]any{"path": filepath.Join(out, "acme.key")})
	first := r.object("bundle.export", map[string]any{"path": filepath.Join(out, "acme.afb"), "key": key["path"], "revision": 1, "expires": "720h", "scope": "staging"})
	if first["revision"] != 1.0 || first["scope"] != "staging" || !strings.HasSuffix(first["expires"].(string), "Z") || first["env"] != filepath.Join(out, "acme.env") {
		t.Errorf("exported %v", first)
	}
	if env, err := os.ReadFile(filepath.Join(out, "acme.env")); err != nil || !strings.Contains(string(env), "AUTHFLOW_SECRET_PARTNER_KEY=\n") {
		t.Errorf("%s %v", env, err)
	}

	l := r.object("flow.load", map[string]any{"slug": "login"})
	l["flow"].(map[string]any)["name"] = "Sign in"
	r.object("flow.save", map[string]any{"slug": "login", "flow": l["flow"], "layout": l["layout"], "base": l["revision"]})
	next := r.object("bundle.preview", nil)
	if changes := fmt.Sprint(next["changes"]); next["last"].(map[string]any)["digest"] != first["digest"] || len(next["changes"].([]any)) != 1 || !strings.Contains(changes, "Sign in") {
		t.Errorf("since the last: %s", changes)
	}
	var refused *studio.Error
	if _, err := r.try("bundle.export", map[string]any{"path": filepath.Join(out, "acme.afb"), "revision": 1}); !errors.As(err, &refused) || refused.Code != "bad_argument" {
		t.Errorf("a revision that does not grow: %v", err)
	}
	second := r.object("bundle.export", map[string]any{"path": filepath.Join(out, "acme.afb"), "key": key["path"], "revision": 2})
	if second["previous"] != first["digest"] {
		t.Errorf("the second does not name the first: %v", second)
	}
	history := r.call("bundle.history", nil).([]any)
	if len(history) != 2 || history[0].(map[string]any)["revision"] != 2.0 || history[1].(map[string]any)["readable"] == nil {
		t.Fatalf("history %v", history)
	}

	old := history[1].(map[string]any)["readable"].(string)
	view := r.object("bundle.verify", map[string]any{"path": old, "key": key["public_path"]})
	if view["digest"] != first["digest"] || view["trusted"] != true || view["sound"] != true || view["ours"] != true || view["refused"] != nil {
		t.Errorf("the first, looked at: %v", view)
	}
	data, err := os.ReadFile(old)
	if err != nil {
		t.Fatal(err)
	}
	data[len(data)/2] ^= 1
	view = r.object("bundle.verify", map[string]any{"name": "../../x.afb", "data": data})
	if view["refused"] == nil || !strings.HasPrefix(view["refused"].(map[string]any)["code"].(string), "bundle_") || filepath.Base(view["path"].(string)) != "x.afb" || !strings.HasPrefix(view["path"].(string), r.dir) {
		t.Errorf("a bundle with another byte: %v", view)
	}
	compared := r.object("compare.load", map[string]any{"slug": "login", "flow": l["flow"], "layout": l["layout"], "bundle": old})
	if len(compared["changes"].([]any)) != 1 {
		t.Errorf("compared with the first: %v", compared["changes"])
	}
	if again := r.object("bundle.preview", nil); again["digest"] != second["digest"] || len(again["changes"].([]any)) != 0 {
		t.Errorf("the history is part of the bundle: %v", again["changes"])
	}

	// A smoke test that fails keeps a bundle at home.
	smoke := "given: {person: s@example.com, people: [{email: s@example.com, email_verified: true, password: fourier-transform}]}\nscenarios:\n  - name: in\n    steps:\n      - start: login\n      - {page: sign_in, fill: {identifier: s@example.com, password: fourier-transform}}\n    expect: {outcome: signed_in}\n"
	f := r.object("file.create", map[string]any{"path": "smoke/in.yaml"})
	f = r.object("file.save", map[string]any{"path": "smoke/in.yaml", "text": smoke, "base": f["revision"]})
	smoking := r.object("bundle.export", map[string]any{"path": filepath.Join(out, "smoke.afb")})
	if view = r.object("bundle.verify", map[string]any{"path": smoking["path"]}); len(view["scenarios"].([]any)) != 1 || view["sound"] != true {
		t.Errorf("with a smoke test: %v", view)
	}
	r.object("file.save", map[string]any{"path": "smoke/in.yaml", "text": strings.Replace(smoke, "signed_in}", "refused}", 1), "base": f["revision"]})
	if _, err := r.try("bundle.export", map[string]any{"path": filepath.Join(out, "smoke.afb")}); !errors.As(err, &refused) || refused.Code != "bundle_smoke" {
		t.Errorf("a smoke test that fails: %v", err)
	}
}
